// How a store's figures stand beside its own past: natural limits of its own line. Nothing measured
// is never taken for zero.
import { civilFromDay, DAY_MS, dayFromCivil } from './calendar.ts'
import { type AnyMetric, METRICS, type Metric, type MetricValues, metricsOf } from './metrics.ts'
import type { ScopeSums } from './metrics.ts'
import {
  freePeriod,
  monthOf,
  type Period,
  periodBefore,
  quarterOf,
  trailing,
  weekOf,
  yearOf,
} from './period.ts'
import type { CompareLine } from './report-compare.ts'
import { breaksOf, naturalLimits, type Series } from './stats/control.ts'

/** A store whose figures are older than this leaves ranks and bands while the period may grow. */
export const STALE_DAYS = 3
/** Below this share of stores with fresh figures a page says little as a whole, and is greyed. */
export const COVERAGE_MIN = 0.7
/** A ratio of fewer cases is greyed, and neither ranked nor judged. */
export const CASES_MIN = 10

/** Days that periods other than months, quarters and years may span together. */
const SPAN_MAX_DAYS = 400
const YEAR_OF_WEEKS_DAYS = 364

/** Periods of one kind, oldest first; fewer of those by days where so many would reach too far. */
export function endingWith(period: Period, count: number): Period[] {
  const isOfMonths = ['month', 'quarter', 'year'].includes(period.kind)
  const fitting = Math.floor(SPAN_MAX_DAYS / (period.to - period.from))
  const wanted = isOfMonths ? count : Math.min(count, Math.max(2, fitting))
  const periods = [period]
  while (periods.length < wanted) {
    const [first = period] = periods
    periods.unshift(periodBefore(first))
  }
  return periods
}

/** The same period a year earlier; of weeks and days the one on the same weekdays. */
export function yearEarlier(period: Period): Period {
  const { kind, from, to } = period
  const { year, month } = civilFromDay(from)
  const day = dayFromCivil(year - 1, month, 1)
  if (kind === 'year') return yearOf(day)
  if (kind === 'quarter') return quarterOf(day)
  if (kind === 'month') return monthOf(day)
  if (kind === 'week') return weekOf(from - YEAR_OF_WEEKS_DAYS)
  const last = to - 1 - YEAR_OF_WEEKS_DAYS
  return kind === 'trailing'
    ? trailing(to - from, last)
    : freePeriod(from - YEAR_OF_WEEKS_DAYS, last)
}

/** One value per metric. */
export function perMetric<T>(valueOf: (metric: Metric) => T): Record<Metric, T> {
  return {
    visits: valueOf('visits'),
    identified_rate: valueOf('identified_rate'),
    visitors: valueOf('visitors'),
    new: valueOf('new'),
    returning: valueOf('returning'),
    active: valueOf('active'),
    tag_coverage: valueOf('tag_coverage'),
    spend_per_visit: valueOf('spend_per_visit'),
  }
}

export const NO_VALUES: MetricValues = {
  ...perMetric(() => null),
  ...{ returning_here: null, repeat_visits: null, spend_per_identified: null },
  ...{ tallied: null, sales: null, identified: null },
}

/**
 * The figures of neighbouring periods, oldest first. A period in which nothing was recorded has no
 * data, and neither has one before the first record: there a zero would be made up.
 */
export function recordedValues(
  series: readonly Readonly<ScopeSums>[],
  known: ValuesOfSums = new WeakMap(),
): MetricValues[] {
  let hasBegun = false
  return series.map((sums) => {
    hasBegun ||= sums.active > 0 || wereSeen(sums) || hasVisits(sums)
    if (!hasBegun) return NO_VALUES
    let values = known.get(sums)
    if (!values) known.set(sums, (values = valuesOf(sums)))
    return values
  })
}

/** The figures of sums that were looked at before: the same sums have the very same figures. */
export type ValuesOfSums = WeakMap<Readonly<ScopeSums>, MetricValues>

function hasVisits(sums: Readonly<ScopeSums>): boolean {
  return sums.identified + sums.anonymous > 0
}

/** Whether customers of this home were seen, be it elsewhere. */
function wereSeen(sums: Readonly<ScopeSums>): boolean {
  return sums.new + sums.returning > 0
}

/** Figures of a period in which, or before which, something was recorded. */
function valuesOf(sums: Readonly<ScopeSums>): MetricValues {
  const values = metricsOf(sums)
  if (hasVisits(sums)) return values
  const { active, tag_coverage } = values
  const seen = wereSeen(sums) ? { new: values.new, returning: values.returning } : {}
  return { ...NO_VALUES, active, tag_coverage, ...seen }
}

/** Cases that a ratio rests on, its denominator; null for counts, which rest on nothing else. */
export function casesOf(metric: AnyMetric, values: MetricValues): number | null {
  if (metric === 'tag_coverage') return values.active
  if (metric === 'identified_rate') return values.tallied
  if (metric === 'spend_per_identified') return values.identified
  return metric === 'spend_per_visit' ? values.sales : null
}

/** A ratio of fewer than ten cases says little. */
export function isThin(metric: AnyMetric, values: MetricValues): boolean {
  const cases = casesOf(metric, values)
  return values[metric] !== null && cases !== null && cases < CASES_MIN
}

/**
 * Whether a store's figures of a period may still grow because its tablets have been silent: they
 * are whole up to `asOf` (ms; null: no tablet, so nothing is awaited), which lies within the period
 * and more than three days back. A zone may lie a day away, so the last day counts as one longer.
 */
export function isStale(asOf: number | null, period: Period, now: number): boolean {
  if (asOf === null || asOf >= (period.to + 1) * DAY_MS) return false
  return now - asOf > STALE_DAYS * DAY_MS
}

/**
 * Natural limits of the newest value. A level goes on from where it stood: it is its moves that
 * have limits, since the mean of a stock that grows lies in the past, and every new value above it.
 */
function limitsOf(values: Series, isLevel: boolean): { low: number; high: number } | null {
  const before = values.slice(0, -1)
  if (!isLevel) return naturalLimits(before)
  const moves = before.slice(1).map((value, at) => {
    const earlier = before[at] ?? null
    return value === null || earlier === null ? null : value - earlier
  })
  const last = before.at(-1) ?? null
  const limits = naturalLimits(moves)
  return last === null || !limits ? null : { low: last + limits.low, high: last + limits.high }
}

/**
 * One metric's line. The newest value is judged by the natural limits of those before it, unless
 * `judged` is false: its period is not over, or its store's figures are stale or thin.
 */
export function lineOf(values: Series, judged: boolean, isLevel = false): CompareLine {
  const limits = limitsOf(values, isLevel)
  const [breaks = null] = judged && limits ? breaksOf(values.slice(-1), limits) : []
  return { values: [...values], limits: limits && { low: limits.low, high: limits.high }, breaks }
}

/** The values of one metric over the periods. */
export function seriesOf(metric: Metric, values: readonly MetricValues[]): (number | null)[] {
  return values.map((one) => one[metric])
}

/** Metrics whose newest value is beyond its natural limits, in the order of the desk. */
export function brokenMetrics(lines: Record<Metric, CompareLine>): Metric[] {
  return METRICS.filter((metric) => lines[metric].breaks !== null)
}
