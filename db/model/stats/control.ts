// Is a change over time more than noise? Two charts answer: natural process limits find a jump, the
// exponentially weighted mean finds a slow slide. A null is a week without data: it breaks nothing.
import { assert } from '../assert.ts'
import type { Interval } from './wilson.ts'

/** One value per week or period, in order of time; null where there is none. */
export type Series = readonly (number | null)[]

export type Break = 'above' | 'below'

/** Values needed before limits mean anything. */
export const CONTROL_MIN_VALUES = 6
/** Weight of the newest value in the weighted mean. */
export const EWMA_LAMBDA = 0.2
/** Limits lie this many standard deviations from the centre. */
export const EWMA_WIDTH = 3

/** Mean moving range of normal values, in standard deviations: d2 of two (Shewhart's constants). */
const RANGE_TO_SIGMA = 2 / Math.sqrt(Math.PI)
/** Upper limit of a moving range, in mean ranges: D4 of two. */
const RANGE_LIMIT = 3.267

export interface NaturalLimits extends Interval {
  centre: number
  /** Standard deviation as the moving ranges tell it. */
  sigma: number
  /** A move from one value to the next beyond this is itself out of the ordinary. */
  range_high: number
}

/**
 * Natural process limits of an XmR chart: mean +- 3 sigma, where sigma comes from the ranges
 * between neighbours (2.66 mean ranges), so that a trend does not widen them. Null with fewer than
 * 6 values or without neighbours. Source: Wheeler, "Understanding Variation".
 */
export function naturalLimits(series: Series): NaturalLimits | null {
  let values = 0
  let sum = 0
  let ranges = 0
  let moved = 0
  series.forEach((value, index) => {
    if (value === null) return
    values += 1
    sum += value
    const before = series[index - 1] ?? null
    if (before === null) return
    ranges += 1
    moved += Math.abs(value - before)
  })
  if (values < CONTROL_MIN_VALUES || ranges === 0) return null
  const centre = sum / values
  const range = moved / ranges
  const sigma = range / RANGE_TO_SIGMA
  const range_high = RANGE_LIMIT * range
  return { centre, sigma, low: centre - 3 * sigma, high: centre + 3 * sigma, range_high }
}

function breakOf(value: number, { low, high }: Interval): Break | null {
  return value > high ? 'above' : value < low ? 'below' : null
}

/** Which values lie beyond the limits, in the order of the series. */
export function breaksOf(series: Series, limits: Interval): (Break | null)[] {
  return series.map((value) => (value === null ? null : breakOf(value, limits)))
}

export interface EwmaPoint extends Interval {
  /** Weighted mean of the values up to here. */
  mean: number
  breaks: Break | null
}

/**
 * Exponentially weighted moving mean, with limits that widen from the first value on to their full
 * width (variance of the mean: v' = (1 - lambda)² v + lambda² sigma²). It starts at the centre.
 * `centre` and `sigma` come from an earlier, quiet stretch, such as `naturalLimits`; of weekly
 * z-scores they are 0 and 1. A null keeps mean and limits. Source: Roberts 1959.
 */
export function ewma(
  series: Series,
  { centre, sigma }: { centre: number; sigma: number },
  { lambda = EWMA_LAMBDA, width = EWMA_WIDTH } = {},
): EwmaPoint[] {
  assert(lambda > 0 && lambda <= 1, `the newest value's weight must lie within 0 to 1: ${lambda}`)
  let mean = centre
  let variance = 0
  return series.map((value) => {
    if (value !== null) {
      mean += lambda * (value - mean)
      variance = (1 - lambda) ** 2 * variance + (lambda * sigma) ** 2
    }
    const half = width * Math.sqrt(variance)
    const limits = { low: centre - half, high: centre + half }
    return { ...limits, mean, breaks: value === null ? null : breakOf(mean, limits) }
  })
}
