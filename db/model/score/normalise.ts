// One scale for shares, counts and growth: 50 is the middle of the peers, 0 and 100 are three
// robust standard deviations below and above it, or three times what is not known of a peer.
import { ascending, IQR_TO_SIGMA, MAD_TO_SIGMA, quantileOfSorted } from '../stats/quantile.ts'

/** z-scores are cut off here, so that one wild figure does not decide a score. */
export const Z_MAX = 3

export interface RobustScale {
  median: number
  /** Robust standard deviation, in the unit of the values; 0 where nothing tells them apart. */
  sigma: number
}

/**
 * Median and 1.4826 MAD of the values; where more than half are alike, their quartile range over
 * 1.349 instead. Values must not be empty.
 */
export function robustScale(values: readonly number[]): RobustScale {
  const sorted = ascending(values)
  const middle = quantileOfSorted(sorted, 0.5)
  const deviations = ascending(sorted.map((value) => Math.abs(value - middle)))
  const mad = quantileOfSorted(deviations, 0.5)
  if (mad > 0) return { median: middle, sigma: MAD_TO_SIGMA * mad }
  const range = quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25)
  return { median: middle, sigma: range / IQR_TO_SIGMA }
}

/**
 * The scale on which estimates are placed, each with its standard deviation. Shrunk figures of
 * peers that hardly differ lie close together, and their spread alone would make points of mere
 * chance: a difference counts for no more than the median of what is not known of a peer.
 */
export function scaleOf(thetas: readonly number[], deviations: readonly number[]): RobustScale {
  const { median, sigma } = robustScale(thetas)
  const unknown = quantileOfSorted(ascending(deviations), 0.5)
  return { median, sigma: Math.max(sigma, unknown) }
}

/** z of a value, -3 to 3, positive where it is good; 0 where the peers do not differ. */
export function zOf(value: number, { median, sigma }: RobustScale, better: 'higher' | 'lower') {
  if (sigma === 0) return 0
  const z = Math.min(Z_MAX, Math.max(-Z_MAX, (value - median) / sigma))
  return better === 'higher' ? z : 0 - z
}

/** The part score of a z: 0 to 100. */
export function partScore(z: number): number {
  return 50 + (z * 50) / Z_MAX
}
