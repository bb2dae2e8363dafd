import { assert } from '../assert.ts'
import { betaCdf, logGamma, roughNormalQuantile } from './special.ts'

function assertBinomial(trials: number, p: number): void {
  assert(Number.isInteger(trials) && trials >= 0, `trials must be whole: ${trials}`)
  assert(p >= 0 && p <= 1, `a probability must lie within 0 to 1: ${p}`)
}

/** P(X = successes) of X ~ Binomial(trials, p). */
export function binomialProbability(successes: number, trials: number, p: number): number {
  assertBinomial(trials, p)
  if (successes < 0 || successes > trials) return 0
  if (p === 0 || p === 1) return successes === trials * p ? 1 : 0
  const ways = logGamma(trials + 1) - logGamma(successes + 1) - logGamma(trials - successes + 1)
  return Math.exp(ways + successes * Math.log(p) + (trials - successes) * Math.log1p(-p))
}

/** P(X <= successes) of X ~ Binomial(trials, p), through the incomplete beta (A&S 26.5.24). */
export function binomialCdf(successes: number, trials: number, p: number): number {
  assertBinomial(trials, p)
  const whole = Math.floor(successes)
  if (whole < 0) return 0
  if (whole >= trials || p === 0) return 1
  return p === 1 ? 0 : betaCdf(1 - p, trials - whole, whole + 1)
}

/** The smallest number of successes with P(X <= it) >= share, for a share within 0 to 1. */
export function binomialQuantile(share: number, trials: number, p: number): number {
  assertBinomial(trials, p)
  assert(share >= 0 && share <= 1, `a share must lie within 0 to 1: ${share}`)
  if (share === 0 || p === 0 || trials === 0) return 0
  if (share === 1 || p === 1) return trials
  // The normal quantile, corrected for skewness, is at most a few steps away.
  const z = roughNormalQuantile(share)
  const spread = Math.sqrt(trials * p * (1 - p))
  const near = trials * p + z * spread + ((1 - 2 * p) * (z * z - 1)) / 6
  let successes = Math.min(trials, Math.max(0, Math.round(near)))
  while (successes > 0 && binomialCdf(successes - 1, trials, p) >= share) successes -= 1
  while (successes < trials && binomialCdf(successes, trials, p) < share) successes += 1
  return successes
}
