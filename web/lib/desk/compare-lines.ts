import { LEVELS, METRIC_UNIT, type Metric } from '#model/metrics.ts'
import type { ComparePlace, CompareReport } from '#model/report-compare.ts'
import { type BumpLine, ranksOf } from '#web/charts/bump.ts'
import type { Panel } from '#web/charts/panel.ts'
import type { SlopeLine } from '#web/charts/slope.ts'
import type { Twin } from '#web/charts/twin.ts'
import type { Locale } from '#web/i18n/locale.ts'
import type { Domain } from '#web/ui/chart-scale.ts'
import { writeHistoryView } from './address.ts'
import { currencyOf, isApart } from './apart.ts'
import type { CompareView, Peers } from './compare-address.ts'
import { cellOf, figureColumn } from './compare-twins.ts'
import { sharedGroup } from './compare-words.ts'
import { changeOf } from './figures.ts'
import { nameOf } from './stores-table.ts'
import type { DeskMessages } from './words.ts'

// The places that are compared, as charts draw them and as their tables hold them.

export interface Compared {
  metric: Metric
  places: readonly ComparePlace[]
  report: CompareReport
  peers: Peers
  view: Pick<CompareView, 'period'>
}

/** A bump chart of more periods would be a knot. */
export const BUMP_PERIODS = 12

/** What values can be at all. */
export function boundsOf(metric: Metric): Domain {
  return METRIC_UNIT[metric] === 'share' ? { min: 0, max: 1 } : { min: 0, max: Infinity }
}

function hrefOf(scope: string, { metric, view }: Compared): string {
  return `/desk/stores/${scope}${writeHistoryView({ period: view.period, metric, grain: 'month' })}`
}

/** Whose figures are not whole, it says beside the name: on a chart there is no grey to spare. */
function nameIn(place: ComparePlace, say: DeskMessages, locale: Locale): string {
  const name = nameOf(place, locale)
  return place.stale ? `${name} · ${say.compare.staleMark}` : name
}

/** Highest first; whoever has no figure comes last. */
function ordered({ metric, places }: Compared): ComparePlace[] {
  if (isApart(metric, places)) return [...places]
  const value = (place: ComparePlace) => place.now[metric] ?? -Infinity
  return places.toSorted((a, b) => (value(a) === value(b) ? 0 : value(b) - value(a)))
}

function panelOf(place: ComparePlace, asked: Compared, say: DeskMessages, locale: Locale): Panel {
  const { values, limits } = place.lines[asked.metric]
  // The limits of a level are those of its newest value alone: no band for the whole line.
  const isLevel = LEVELS.includes(asked.metric)
  const isJudged = asked.report.over && !place.stale && limits !== null && !isLevel
  return {
    id: place.scope,
    name: nameIn(place, say, locale),
    points: values,
    href: hrefOf(place.scope, asked),
    ...(isJudged ? { limits: { min: limits.low, max: limits.high } } : {}),
  }
}

/** A panel per place, and the median of their peers when they all have the same ones. */
export function panelsOf(
  asked: Compared,
  say: DeskMessages,
  locale: Locale,
): { own: Panel[]; reference: Panel | null } {
  const { metric, places, report, peers } = asked
  const group =
    sharedGroup(places, report.groups, peers) ??
    sharedGroup(
      places.map(({ currency }) => ({ currency, peer_group: 'all' })),
      report.groups,
      'all',
    )
  const points = group?.medians[metric] ?? []
  const name = say.compare.page.reference
  return {
    own: ordered(asked).map((place) => panelOf(place, asked, say, locale)),
    reference: points.some((value) => value !== null) ? { id: 'peers', name, points } : null,
  }
}

export function slopeLines(asked: Compared, say: DeskMessages, locale: Locale): SlopeLine[] {
  const { metric } = asked
  return ordered(asked).map((place) => {
    const { breaks } = place.lines[metric]
    return {
      id: place.scope,
      name: nameIn(place, say, locale),
      from: place.before[metric],
      to: place.now[metric],
      href: hrefOf(place.scope, asked),
      ...(breaks ? { broke: breaks } : {}),
    }
  })
}

export function bumpLines(asked: Compared, say: DeskMessages, locale: Locale): BumpLine[] {
  return ordered(asked).map((place) => ({
    id: place.scope,
    name: nameIn(place, say, locale),
    // The newest figure of a stale store is not whole: it has no rank.
    points: place.lines[asked.metric].values
      .map((value, at, all) => (place.stale && at === all.length - 1 ? null : value))
      .slice(-BUMP_PERIODS),
    href: hrefOf(place.scope, asked),
  }))
}

/** What the sentences above the charts say. */
export function compared(asked: Compared) {
  const { metric } = asked
  const known = ordered(asked).filter((place) => place.now[metric] !== null && !place.stale)
  const changes = asked.places.map((place) => changeOf(metric, place.now, place.before))
  return {
    first: known.length > 1 ? known[0] : undefined,
    last: known.length > 1 ? known.at(-1) : undefined,
    up: changes.filter((change) => change !== null && change > 0).length,
    down: changes.filter((change) => change !== null && change < 0).length,
    broke: asked.places.filter((place) => place.lines[metric].breaks !== null).length,
  }
}

/** Names the currency of each row, where these are not the same. */
function currencyColumn(apart: boolean, say: DeskMessages): { label: string }[] {
  return apart ? [{ label: say.desk.stores.csvColumns.currency }] : []
}

/** A row per place, a column per period. */
export function panelTwin(
  asked: Compared,
  ticks: readonly string[],
  say: DeskMessages,
  locale: Locale,
): Twin {
  const { metric, places } = asked
  const currency = currencyOf(places)
  const column = figureColumn(metric, currency, locale)
  const { own, reference } = panelsOf(asked, say, locale)
  const counted = new Map(places.map((place) => [place.scope, place.currency]))
  const apart = isApart(metric, places)
  return {
    columns: [
      { label: say.compare.page.store },
      ...currencyColumn(apart, say),
      ...ticks.map((label) => ({ label, ...column })),
    ],
    rows: [...own, ...(reference ? [reference] : [])].map(({ id, name, points, href }) => ({
      cells: [
        name,
        ...(apart ? [counted.get(id) ?? say.compare.currencies.mixed] : []),
        ...points.map((value) => cellOf(metric, value, counted.get(id) ?? currency)),
      ],
      ...(href ? { href } : {}),
    })),
  }
}

export function slopeTwin(
  asked: Compared,
  heads: { from: string; to: string },
  say: DeskMessages,
  locale: Locale,
): Twin {
  const { metric, places } = asked
  const column = figureColumn(metric, currencyOf(places), locale)
  const apart = isApart(metric, places)
  return {
    columns: [
      { label: say.compare.page.store },
      ...currencyColumn(apart, say),
      { label: heads.from, ...column },
      { label: heads.to, ...column },
      { label: say.desk.stores.csvColumns.change(say.metrics.names[metric]), ...column },
    ],
    rows: ordered(asked).map((place) => ({
      cells: [
        nameIn(place, say, locale),
        ...(apart ? [place.currency ?? say.compare.currencies.mixed] : []),
        cellOf(metric, place.before[metric], place.currency),
        cellOf(metric, place.now[metric], place.currency),
        cellOf(metric, changeOf(metric, place.now, place.before), place.currency),
      ],
      href: hrefOf(place.scope, asked),
    })),
  }
}

export function bumpTwin(
  asked: Compared,
  ticks: readonly string[],
  say: DeskMessages,
  locale: Locale,
): Twin {
  const lines = bumpLines(asked, say, locale)
  const ranks = ranksOf(lines)
  return {
    columns: [
      { label: say.compare.page.store },
      ...ticks.slice(-BUMP_PERIODS).map((label) => ({ label, digits: 0 })),
    ],
    rows: lines.map(({ name, href }, at) => ({
      cells: [name, ...(ranks[at] ?? [])],
      ...(href ? { href } : {}),
    })),
  }
}
