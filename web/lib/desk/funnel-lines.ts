import type { Period } from '#model/period.ts'
import type { FunnelReport, FunnelStore } from '#model/report-compare.ts'
import { funnelLimits } from '#model/stats/funnel.ts'
import type { FunnelPoint } from '#web/charts/funnel-plane.ts'
import type { FunnelLimits } from '#web/charts/funnel.ts'
import type { Twin } from '#web/charts/twin.ts'
import { formatNumber, formatPercent } from '#web/i18n/format.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { writeHistoryView } from './address.ts'
import { nameOf } from './stores-table.ts'
import type { DeskMessages } from './words.ts'

// A funnel as it is drawn: the limits along the axis, the stores as points with a way to each.

const STEPS = 60

/** Whole sample sizes, evenly spread over the powers of ten between the least and the most. */
export function sizesBetween(least: number, most: number): number[] {
  const [from, to] = [Math.log(Math.max(1, least / 2)), Math.log(Math.max(2, most * 2))]
  const sizes = Array.from({ length: STEPS + 1 }, (_, step) =>
    Math.round(Math.exp(from + ((to - from) * step) / STEPS)),
  )
  return [...new Set(sizes)]
}

/** The limit lines of a report with a funnel; null without one. */
export function limitLines({ funnel, points }: FunnelReport): FunnelLimits | null {
  if (funnel === null || points.length === 0) return null
  const sizes = points.map((point) => point.n)
  const n = sizesBetween(Math.min(...sizes), Math.max(...sizes))
  const limits = n.map((size) => funnelLimits(size, funnel.mean, funnel.stretch))
  const line = (level: 'alert' | 'alarm') => ({
    low: limits.map((one) => one[level].low),
    high: limits.map((one) => one[level].high),
  })
  return { n, centre: funnel.mean, inner: line('alert'), outer: line('alarm') }
}

function hrefOf(store: FunnelStore, report: FunnelReport, period: Period): string {
  const metric = report.rate === 'second_visit' ? 'new' : report.rate
  return `/desk/stores/${store.scope}${writeHistoryView({ period, metric, grain: 'month' })}`
}

export function funnelPoints(report: FunnelReport, period: Period, locale: Locale): FunnelPoint[] {
  return report.points.map((store) => ({
    id: store.scope,
    name: nameOf(store, locale),
    n: store.n,
    rate: store.x / store.n,
    href: hrefOf(store, report, period),
    ...(store.direction ? { alert: store.direction } : {}),
  }))
}

export interface Outlier {
  scope: string
  name: string
  href: string
  rate: number
  n: number
  alarm: boolean
}

/** Stores beyond the limits on one side, those furthest off first. */
export function outliersOf(
  report: FunnelReport,
  side: 'above' | 'below',
  period: Period,
  locale: Locale,
): Outlier[] {
  const mean = report.funnel?.mean ?? 0
  return report.points
    .filter((store) => store.direction === side)
    .map((store) => ({
      scope: store.scope,
      name: nameOf(store, locale),
      href: hrefOf(store, report, period),
      rate: store.x / store.n,
      n: store.n,
      alarm: store.verdict === 'alarm',
    }))
    .sort(
      (a, b) =>
        Number(b.alarm) - Number(a.alarm) || Math.abs(b.rate - mean) - Math.abs(a.rate - mean),
    )
}

export function funnelTwin(
  report: FunnelReport,
  period: Period,
  say: DeskMessages,
  locale: Locale,
): Twin {
  const { columns, verdicts, sides, verdictWords, cases } = say.compare.funnel
  const count = (value: number) => formatNumber(value, locale)
  return {
    columns: [
      { label: columns.store },
      { label: `${columns.n} (${cases[report.rate]})`, format: count },
      { label: columns.x, format: count },
      { label: columns.rate, format: (value) => formatPercent(value, locale), digits: 3 },
      { label: columns.verdict },
    ],
    rows: report.points
      .toSorted((a, b) => b.x / b.n - a.x / a.n)
      .map((store) => ({
        cells: [
          nameOf(store, locale),
          store.n,
          store.x,
          store.x / store.n,
          store.direction === null
            ? verdicts[store.verdict]
            : verdictWords(verdicts[store.verdict], sides[store.direction]),
        ],
        href: hrefOf(store, report, period),
      })),
  }
}
