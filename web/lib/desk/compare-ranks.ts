import { bisectLeft, bisectRight } from 'd3-array'
import { casesOf, isThin } from '#model/compare.ts'
import { METRIC_UNIT, type Metric } from '#model/metrics.ts'
import type { ComparePlace } from '#model/report-compare.ts'
import { shareInterval } from './figures.ts'

/** Ranks that a store may have among the others, from 1; equal when there is no doubt. */
export interface RankRange {
  best: number
  worst: number
}

/** What a figure may be: a rate is known only as far as its cases tell, a count is what it is. */
function rangeOf(metric: Metric, { now }: ComparePlace): readonly [low: number, high: number] {
  const value = now[metric] ?? 0
  const cases = casesOf(metric, now)
  return METRIC_UNIT[metric] === 'share' && cases !== null && cases > 0
    ? shareInterval(value, cases)
    : [value, value]
}

/**
 * Ranks of stores by a figure, the highest first. Stores that cannot be told apart share their
 * ranks. Stale, thin and missing figures have none.
 */
export function rankRanges(
  places: readonly ComparePlace[],
  metric: Metric,
): ReadonlyMap<string, RankRange> {
  const ranked = places.filter(
    ({ level, stale, now }) =>
      level === 'store' && !stale && now[metric] !== null && !isThin(metric, now),
  )
  const ranges = ranked.map((place) => rangeOf(metric, place))
  const lows = ranges.map(([low]) => low).sort((a, b) => a - b)
  const highs = ranges.map(([, high]) => high).sort((a, b) => a - b)
  return new Map(
    ranked.map(({ scope }, at) => {
      const [low, high] = ranges[at] ?? [0, 0]
      const surelyAbove = lows.length - bisectRight(lows, high)
      const surelyBelow = bisectLeft(highs, low)
      return [scope, { best: surelyAbove + 1, worst: ranked.length - surelyBelow }]
    }),
  )
}
