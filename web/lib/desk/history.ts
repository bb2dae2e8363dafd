import type { Metric } from '#model/metrics.ts'
import { monthOf, type Period, periodBefore, weekOf } from '#model/period.ts'
import type { HistoryReport } from '#model/report.ts'
import type { Grain } from './address.ts'

/** Points that are drawn, and how many further back the same time of the year before lies. */
const SPAN: Record<Grain, { shown: number; yearBack: number }> = {
  month: { shown: 13, yearBack: 12 },
  week: { shown: 26, yearBack: 52 },
}

/** One point of the chart: this year's and the year before's value, null where there is none. */
export interface HistoryPoint {
  period: Period
  before: Period
  now: number | null
  yearBefore: number | null
}

function periodsTo(grain: Grain, last: number, count: number): Period[] {
  const periods = [grain === 'month' ? monthOf(last) : weekOf(last)]
  while (periods.length < count) {
    const first = periods[0]
    if (first) periods.unshift(periodBefore(first))
  }
  return periods
}

/** What to ask the ledger for, as first and last days: the shown periods, and a year earlier. */
export interface HistoryRanges {
  now: readonly [first: number, last: number]
  yearBefore: readonly [first: number, last: number]
}

export function historyRanges(grain: Grain, period: Period, today: number): HistoryRanges {
  const { shown, yearBack } = SPAN[grain]
  const last = Math.min(period.to - 1, Math.max(today, period.from))
  const periods = periodsTo(grain, last, shown + yearBack)
  const range = (from: number) => {
    const [first, end] = [periods[from], periods[from + shown - 1]]
    return [first?.from ?? last, (end?.to ?? last + 1) - 1] as const
  }
  return { now: range(yearBack), yearBefore: range(0) }
}

/**
 * Pairs each shown period with the one a year before: 12 months or 52 weeks back. A period that
 * ended before the first day of data has none: a zero there would draw a line over nothing.
 */
export function pairYears(
  report: HistoryReport,
  grain: Grain,
  metric: Metric,
  { now: [, last] }: HistoryRanges,
  firstDay: number | null,
): HistoryPoint[] {
  const { shown, yearBack } = SPAN[grain]
  const values = new Map(report.points.map((point) => [point.period, point.values[metric]]))
  const periods = periodsTo(grain, last, shown + yearBack)
  const valueOf = (period: Period) =>
    firstDay === null || period.to <= firstDay ? null : (values.get(period.text) ?? null)
  return periods.slice(yearBack).flatMap((period, index) => {
    const before = periods[index]
    if (!before) return []
    return {
      period,
      before,
      now: valueOf(period),
      yearBefore: valueOf(before),
    }
  })
}
