// How a store's figures stand beside its peers: the middle half of stores like it.
import { isThin, perMetric } from './compare.ts'
import { commonCurrency, isMoney } from './currency.ts'
import type { Metric, MetricValues } from './metrics.ts'
import type { Band, PeerGroup } from './report-compare.ts'
import { PEERS_MIN } from './score/peers.ts'
import { quartiles } from './stats/quantile.ts'

/** Quartiles of fewer stores would only name the stores themselves. */
export const BAND_MIN_STORES = 4

/** The peer group that every store belongs to. */
export const ALL_STORES = 'all'

/** A store as its peers see it: by figures alone. */
export interface Peer {
  format: string | null
  currency: string | null
  stale: boolean
  /** Figures per period, oldest first. */
  values: readonly MetricValues[]
}

type Bands = Record<Metric, Band | null>

interface KnownBands {
  peers: readonly Peer[]
  /** Per period. */
  bands: readonly Bands[]
}

/**
 * Bands of groups that were looked at before, by group and periods. One is made anew where a figure
 * in it changed: of a hundred of them a new visit changes a few.
 */
export type BandsOfPeers = Map<string, KnownBands>

/** The figure of a peer that counts in the band of its group in a period; null: none does. */
function countedAt(peer: Peer | undefined, at: number, metric: Metric): number | null {
  const isLast = at === (peer?.values.length ?? 0) - 1
  const values = isLast && peer?.stale ? undefined : peer?.values[at]
  return values && !isThin(metric, values) ? values[metric] : null
}

function bandOf(peers: readonly Peer[], at: number, metric: Metric): Band | null {
  const counted: number[] = []
  for (const peer of peers) {
    const value = countedAt(peer, at, metric)
    if (value !== null) counted.push(value)
  }
  const found = counted.length < BAND_MIN_STORES ? null : quartiles(counted)
  return found && { ...found, stores: counted.length }
}

/** Which peers are not what they were; null where they are others. */
function changedAmong(peers: readonly Peer[], known: KnownBands | undefined): number[] | null {
  if (known?.peers.length !== peers.length) return null
  const changed: number[] = []
  for (const [nth, { values, stale }] of peers.entries()) {
    const was = known.peers[nth]
    if (was?.values !== values || was.stale !== stale) changed.push(nth)
  }
  return changed
}

/** The bands of each period. */
function bandsOf(
  key: string,
  peers: readonly Peer[],
  periods: readonly string[],
  kept: BandsOfPeers,
  isTold: (metric: Metric) => boolean,
): readonly Bands[] {
  const name = [key, ...periods].join(' ')
  const known = kept.get(name)
  const changed = changedAmong(peers, known)
  if (known && changed?.length === 0) return known.bands
  const bands = periods.map((_period, at) =>
    perMetric((metric) => {
      if (!isTold(metric)) return null
      const was = known?.bands[at]
      const isSame = changed?.every(
        (nth) => countedAt(peers[nth], at, metric) === countedAt(known?.peers[nth], at, metric),
      )
      return was && isSame ? was[metric] : bandOf(peers, at, metric)
    }),
  )
  kept.set(name, { peers: [...peers], bands })
  return bands
}

type Group = Pick<PeerGroup, 'key' | 'format'> & { own: readonly Peer[] }

/** A group over the periods; of several currencies once without money and once for each. */
function variantsOf(
  { key, format, own }: Group,
  currency: string | null,
  periods: readonly string[],
  kept: BandsOfPeers,
): PeerGroup[] {
  const told = (counted: string | null, bands: readonly Bands[]): PeerGroup => ({
    key,
    format,
    currency: counted,
    stores: own.length,
    bands: bands.at(-1) ?? perMetric(() => null),
    medians: perMetric((metric) => bands.map((one) => one[metric]?.median ?? null)),
  })
  if (currency !== null)
    return [
      told(
        currency,
        bandsOf(key, own, periods, kept, () => true),
      ),
    ]
  const plain = bandsOf(`${key} -`, own, periods, kept, (metric) => !isMoney(metric))
  const byCurrency = [...Map.groupBy(own, (peer) => peer.currency)]
    .flatMap(([one, peers]) => (one === null ? [] : [{ one, peers }]))
    .sort((a, b) => (a.one < b.one ? -1 : 1))
  const variants = byCurrency.map(({ one, peers }) => {
    const money = bandsOf(`${key} ${one}`, peers, periods, kept, isMoney)
    const bands = plain.map((bandsAt, at) =>
      perMetric((metric) => (isMoney(metric) ? (money[at]?.[metric] ?? null) : bandsAt[metric])),
    )
    return told(one, bands)
  })
  return [told(null, plain), ...variants]
}

/** The group that a store of this format is measured by, among `groups`. */
export function peerKeyOf(format: string | null, groups: readonly PeerGroup[]): string {
  return groups.find((group) => group.format !== null && group.format === format)?.key ?? ALL_STORES
}

/**
 * All stores of the chain over the named periods, then each format that has enough stores to be a
 * group of its own. Money is compared among stores of one currency only.
 */
export function peerGroups(
  peers: readonly Peer[],
  periods: readonly string[],
  kept: BandsOfPeers = new Map(),
): PeerGroup[] {
  const byFormat = [...Map.groupBy(peers, (peer) => peer.format)]
    .flatMap(([format, own]) => (format === null ? [] : [{ format, own }]))
    .filter(({ own }) => own.length >= PEERS_MIN)
    .sort((a, b) => (a.format < b.format ? -1 : 1))
  const currency = commonCurrency(peers.map((peer) => peer.currency))
  const groups: Group[] = [
    { key: ALL_STORES, format: null, own: peers },
    ...byFormat.map(({ format, own }) => ({ key: `format:${format}`, format, own })),
  ]
  // Groups of one currency among several stand in variants too: their places look them up alike.
  return groups.flatMap((group) => variantsOf(group, currency, periods, kept))
}
