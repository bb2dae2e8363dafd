// Empirical Bayes: the figure of a store with few facts is drawn towards its peers, as far as
// chance alone could have moved it. Spread between stores is estimated by moments; its own
// uncertainty and that of the mean are not carried on, so intervals of a handful of peers are a
// little narrow.
import { assert } from '../assert.ts'

/** What is believed of one store's true value after its facts: a distribution to draw from. */
export type Posterior =
  | { family: 'beta'; alpha: number; beta: number }
  | { family: 'gamma'; shape: number; rate: number }
  | { family: 'normal'; mean: number; sd: number }
  | { family: 'point'; value: number }

export interface Shrunk {
  /** Estimate of the true value, between the raw value and the mean of the peers. */
  theta: number
  posterior: Posterior
}

export interface Shrinkage {
  /** Mean of the peers. */
  mean: number
  /** Variance of true values between the peers; 0 when chance explains all that differs. */
  between: number
  /** In the order of the input. */
  members: Shrunk[]
}

/** Events out of an exposure: successes of trials, or a count per hours, customers, days. */
export interface Counted {
  x: number
  n: number
}

/** A mean and the standard error with which it is known. */
export interface Measured {
  value: number
  error: number
}

interface Sums {
  x: number
  n: number
  squares: number
  /** How many have any exposure at all. */
  known: number
}

function sumsOf(members: readonly Counted[]): Sums {
  const sums: Sums = { x: 0, n: 0, squares: 0, known: 0 }
  for (const { x, n } of members) {
    assert(x >= 0 && n >= 0, `counts must not be negative: ${x} of ${n}`)
    sums.x += x
    sums.n += n
    sums.squares += n * n
    if (n > 0) sums.known += 1
  }
  return sums
}

/** Sum of squares of the raw values around their mean, each with the weight of its exposure. */
function spreadOf(members: readonly Counted[], mean: number): number {
  return members.reduce((sum, { x, n }) => sum + (n > 0 ? n * (x / n - mean) ** 2 : 0), 0)
}

/** Moments that cannot be told from rounding are none: all stores are alike. */
function ratioOrNone(excess: number, weight: number, scale: number): number {
  return weight > 1e-9 * scale && excess > 0 ? excess / weight : 0
}

function alike(mean: number, members: readonly unknown[]): Shrinkage {
  const posterior: Posterior = { family: 'point', value: mean }
  return { mean, between: 0, members: members.map(() => ({ theta: mean, posterior })) }
}

/** M successes and failures that the peers lend to each store, besides what `Shrinkage` says. */
export interface RateShrinkage extends Shrinkage {
  /** Trials that the prior is worth; Infinity when all stores are alike. */
  strength: number
}

/**
 * Shares x of n (0 to 1), beta-binomial: theta = (x + M m) / (n + M). Null without a single trial.
 * A member with n = 0 gets the prior. The moments are those of an analysis of variance of shares
 * (Kleinman 1973).
 */
export function shrinkRates(members: readonly Counted[]): RateShrinkage | null {
  const { x, n, squares, known } = sumsOf(members)
  if (n === 0) return null
  assert(x <= n, `more successes than trials: ${x} of ${n}`)
  const mean = x / n
  const chance = mean * (1 - mean)
  const excess = spreadOf(members, mean) - (known - 1) * chance
  const between = ratioOrNone(excess, n - squares / n - (known - 1), n)
  if (between === 0) return { ...alike(mean, members), strength: Infinity }
  const strength = Math.max(0, chance / between - 1)
  const shrunk = members.map((member): Shrunk => {
    const alpha = member.x + strength * mean
    const beta = member.n - member.x + strength * (1 - mean)
    const theta = alpha + beta === 0 ? mean : alpha / (alpha + beta)
    if (alpha <= 0 || beta <= 0) return { theta, posterior: { family: 'point', value: theta } }
    return { theta, posterior: { family: 'beta', alpha, beta } }
  })
  return { mean, between, strength, members: shrunk }
}

/**
 * Counts x over an exposure n (events per unit of n), gamma-Poisson: theta = (x + a) / (n + b) with
 * a = mean²/between, b = mean/between. Null without exposure. Moments as for shares, with the
 * Poisson's variance in place of the binomial's.
 */
export function shrinkCounts(members: readonly Counted[]): Shrinkage | null {
  const { x, n, squares, known } = sumsOf(members)
  if (n === 0) return null
  const mean = x / n
  const excess = spreadOf(members, mean) - (known - 1) * mean
  const between = ratioOrNone(excess, n - squares / n, n)
  if (between === 0) return alike(mean, members)
  const shrunk = members.map((member): Shrunk => {
    const shape = member.x + (mean * mean) / between
    const rate = member.n + mean / between
    return { theta: shape / rate, posterior: { family: 'gamma', shape, rate } }
  })
  return { mean, between, members: shrunk }
}

/**
 * Means with standard errors above 0, normal-normal: theta = (t y + v m) / (t + v), v = error², t
 * the variance between. Null without members. Source of t: DerSimonian & Laird 1986; the mean
 * weighs each member by 1 / (t + v).
 */
export function shrinkMeans(members: readonly Measured[]): Shrinkage | null {
  if (members.length === 0) return null
  let weights = 0
  let squares = 0
  let sum = 0
  for (const { value, error } of members) {
    assert(error > 0, `a standard error must be above 0: ${error}`)
    weights += 1 / error ** 2
    squares += 1 / error ** 4
    sum += value / error ** 2
  }
  const common = sum / weights
  const spread = members.reduce((all, { value, error }) => all + ((value - common) / error) ** 2, 0)
  const excess = spread - (members.length - 1)
  const between = ratioOrNone(excess, weights - squares / weights, weights)
  if (between === 0) return alike(common, members)
  const weightOf = ({ error }: Measured) => 1 / (between + error ** 2)
  const total = members.reduce((all, member) => all + weightOf(member), 0)
  const mean = members.reduce((all, m) => all + m.value * weightOf(m), 0) / total
  const shrunk = members.map(({ value, error }): Shrunk => {
    const within = error ** 2
    const theta = (between * value + within * mean) / (between + within)
    const sd = Math.sqrt((between * within) / (between + within))
    return { theta, posterior: { family: 'normal', mean: theta, sd } }
  })
  return { mean, between, members: shrunk }
}
