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

/** The days to ask the ledger for, both included: what is shown and the year before it. */
export function historyRange(grain: Grain, period: Period, today: number): [number, number] {
  const { shown, yearBack } = SPAN[grain]
  const last = Math.min(period.to - 1, Math.max(today, period.from))
  const periods = periodsTo(grain, last, shown + yearBack)
  const [first, end] = [periods[0], periods[periods.length - 1]]
  return [first?.from ?? last, (end?.to ?? last + 1) - 1]
}

/** Pairs each shown period with the one a year before: 12 months or 52 weeks back. */
export function pairYears(
  report: HistoryReport,
  grain: Grain,
  metric: Metric,
  range: readonly [number, number],
): HistoryPoint[] {
  const { shown, yearBack } = SPAN[grain]
  const values = new Map(report.points.map((point) => [point.period, point.values[metric]]))
  const periods = periodsTo(grain, range[1], shown + yearBack)
  return periods.slice(yearBack).flatMap((period, index) => {
    const before = periods[index]
    if (!before) return []
    return {
      period,
      before,
      now: values.get(period.text) ?? null,
      yearBefore: values.get(before.text) ?? null,
    }
  })
}
