// A mean and how well it is known, from sums per week: the ledger keeps no single amounts, and
// weeks that differ among themselves say how far chance carries their mean.
import type { Measured } from './shrink.ts'

/** Weeks needed before their spread says anything. */
export const MEASURED_MIN_WEEKS = 4

/** Sums of one week, such as spend in minor units (x) of visits with a sale (n). */
export interface WeekSums {
  x: number
  n: number
}

/**
 * The ratio of all x to all n, and its standard error by linearising over weeks (Cochran 1977,
 * ratio estimator). Null with fewer than 4 weeks that have an n, or when they do not differ at all:
 * then nothing is known of chance. Weeks are taken as independent.
 */
export function ratioOfSums(weeks: readonly WeekSums[]): Measured | null {
  const known = weeks.filter(({ n }) => n > 0)
  const x = known.reduce((sum, week) => sum + week.x, 0)
  const n = known.reduce((sum, week) => sum + week.n, 0)
  if (known.length < MEASURED_MIN_WEEKS) return null
  const value = x / n
  const squares = known.reduce((sum, week) => sum + (week.x - value * week.n) ** 2, 0)
  const error = Math.sqrt((squares * known.length) / (known.length - 1)) / n
  return error > 1e-9 * Math.abs(value) ? { value, error } : null
}

/**
 * Growth now / before - 1 of two independent means, with its standard error by the delta method.
 * Null unless the earlier mean is above 0.
 */
export function growthOf(now: Measured, before: Measured): Measured | null {
  if (before.value <= 0) return null
  const ratio = now.value / before.value
  const error = Math.hypot(now.error, ratio * before.error) / before.value
  return { value: ratio - 1, error }
}
