/** An interval with both ends in it. */
export interface Interval {
  low: number
  high: number
}

/** Standard normal quantile of a two-sided 95 % interval. */
export const Z_95 = 1.959963984540054

/**
 * Wilson's score interval of a share, both ends within 0 to 1; null without trials.
 * Source: Wilson 1927. It holds its level where the textbook interval collapses: few trials, shares
 * near 0 or 1.
 */
export function wilsonInterval(successes: number, trials: number, z = Z_95): Interval | null {
  if (trials === 0) return null
  const share = successes / trials
  const square = (z * z) / trials
  const centre = (share + square / 2) / (1 + square)
  const half = (z / (1 + square)) * Math.sqrt((share * (1 - share)) / trials + square / trials / 4)
  // At no and at all successes the end is exact; rounding must not put the share outside.
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  }
}
