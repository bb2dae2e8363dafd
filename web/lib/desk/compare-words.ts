import { CASES_MIN, casesOf } from '#model/compare.ts'
import type { Metric, MetricValues } from '#model/metrics.ts'
import type { Band, ComparePlace, CompareReport, PeerGroup } from '#model/report-compare.ts'
import { formatNumber } from '#web/i18n/format.ts'
import type { Locale } from '#web/i18n/locale.ts'
import type { Peers } from './compare-address.ts'
import { formatFigure } from './figures.ts'
import { formatWords } from './format-words.ts'
import type { DeskMessages } from './words.ts'

// Where a figure stands, in words: beside its own past, and beside the peers.

/** The group that a place is measured by; regions and the chain have none. */
export function groupOf(
  place: Pick<ComparePlace, 'peer_group' | 'currency'>,
  groups: readonly PeerGroup[],
  peers: Peers,
): PeerGroup | null {
  if (place.peer_group === null) return null
  const key = peers === 'all' ? 'all' : place.peer_group
  const own = groups.filter((group) => group.key === key)
  return own.find((group) => group.currency === place.currency) ?? own[0] ?? null
}

/**
 * The group that measures all of these places; null where they have not the same one. Of places
 * with different currencies it is the group without its money.
 */
export function sharedGroup(
  places: readonly Pick<ComparePlace, 'peer_group' | 'currency'>[],
  groups: readonly PeerGroup[],
  peers: Peers,
): PeerGroup | null {
  const found = places.map((place) => groupOf(place, groups, peers))
  const [first = null] = found
  if (found.every((group) => group === first)) return first
  if (first === null || found.some((group) => group?.key !== first.key)) return null
  return groups.find((group) => group.key === first.key && group.currency === null) ?? null
}

export type Side = 'above' | 'within' | 'below'

export function sideOf(value: number | null, band: Band | null): Side | null {
  if (value === null || band === null) return null
  return value > band.high ? 'above' : value < band.low ? 'below' : 'within'
}

/** `8 家标准店`, in a sentence. */
export function groupWords(group: PeerGroup, say: DeskMessages, locale: Locale): string {
  const stores = formatNumber(group.stores, locale)
  if (group.format === null) return say.compare.peer.allStores(stores)
  const name = formatWords(group.format, say.common.storeFormats)
  return say.compare.peer.ofFormat(name, stores)
}

/** How the newest figure stands to the store's own natural limits. */
export function changeWords(
  metric: Metric,
  place: ComparePlace,
  over: boolean,
  say: DeskMessages['compare']['change'],
  locale: Locale,
): string {
  const { limits, breaks } = place.lines[metric]
  if (!over) return say.notOver
  if (limits === null) return say.unknown
  const [low, high] = limitWords(metric, limits, place.currency, locale)
  return say[breaks ?? 'within'](low, high)
}

/** Limits as they are read: no count and no share lies below zero, and no share above one. */
export function limitWords(
  metric: Metric,
  limits: { low: number; high: number },
  currency: string | null,
  locale: Locale,
): [low: string, high: string] {
  const isShare = metric === 'identified_rate' || metric === 'tag_coverage'
  const low = Math.max(0, limits.low)
  const high = isShare ? Math.min(1, limits.high) : limits.high
  return [formatFigure(metric, low, currency, locale), formatFigure(metric, high, currency, locale)]
}

export function bandWords(
  metric: Metric,
  value: number | null,
  band: Band | null,
  currency: string | null,
  say: DeskMessages['compare']['band'],
  locale: Locale,
): string | null {
  const side = sideOf(value, band)
  if (side === null || band === null) return null
  return say[side](
    formatFigure(metric, band.low, currency, locale),
    formatFigure(metric, band.high, currency, locale),
  )
}

/** How many stores lie above, in and below the middle half of their own peers. */
export function countSides(
  metric: Metric,
  stores: readonly ComparePlace[],
  groups: readonly PeerGroup[],
  peers: Peers,
): Record<Side, number> {
  const counts = { above: 0, within: 0, below: 0 }
  for (const store of stores.filter((one) => !one.stale)) {
    const band = groupOf(store, groups, peers)?.bands[metric] ?? null
    const isThin = (casesOf(metric, store.now) ?? CASES_MIN) < CASES_MIN
    const side = isThin ? null : sideOf(store.now[metric], band)
    if (side !== null) counts[side] += 1
  }
  return counts
}

/** Whether figures of a whole page say enough; below it the page is greyed. */
export function isCovered({ fresh, stores }: CompareReport['coverage'], least: number): boolean {
  return stores === 0 || fresh / stores >= least
}

/** Metrics beyond limits, as sentences with the metric they are about. */
export interface Sentence {
  metric: Metric
  side: 'above' | 'below'
  text: string
}

function valueWords(
  metric: Metric,
  now: MetricValues,
  currency: string | null,
  locale: Locale,
): string {
  const value = now[metric]
  return value === null ? '' : formatFigure(metric, value, currency, locale)
}

/** What changed: every figure that is beyond the natural limits of its own past. */
export function changedSentences(
  metrics: readonly Metric[],
  place: ComparePlace,
  say: DeskMessages,
  locale: Locale,
): Sentence[] {
  return metrics.flatMap((metric): Sentence[] => {
    const { limits, breaks } = place.lines[metric]
    if (breaks === null || limits === null) return []
    const value = valueWords(metric, place.now, place.currency, locale)
    const [low, high] = limitWords(metric, limits, place.currency, locale)
    const name = say.metrics.names[metric]
    return [
      { metric, side: breaks, text: say.compare.store.changed[breaks](name, value, low, high) },
    ]
  })
}

/** Where the store stands outside the middle half of its peers. */
export function peerSentences(
  metrics: readonly Metric[],
  place: ComparePlace,
  group: PeerGroup,
  say: DeskMessages,
  locale: Locale,
): Sentence[] {
  return metrics.flatMap((metric): Sentence[] => {
    const band = group.bands[metric]
    const isThin = (casesOf(metric, place.now) ?? CASES_MIN) < CASES_MIN
    const side = isThin ? null : sideOf(place.now[metric], band)
    if (band === null || side === null || side === 'within') return []
    const value = valueWords(metric, place.now, place.currency, locale)
    const median = formatFigure(metric, band.median, place.currency, locale)
    return [
      {
        metric,
        side,
        text: say.compare.store.peers[side](say.metrics.names[metric], value, median),
      },
    ]
  })
}
