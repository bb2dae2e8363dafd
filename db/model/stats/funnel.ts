// Funnel limits say how far chance alone carries a store of its size from the mean of its peers.
// Source: Spiegelhalter 2002 and 2005; exact binomial limits, stretched where the peers differ by
// more than chance.
import { assert } from '../assert.ts'
import { binomialCdf, binomialQuantile } from './binomial.ts'
import { ascending, quantileOfSorted } from './quantile.ts'
import type { Counted } from './shrink.ts'
import type { Interval } from './wilson.ts'

/** Share of stores that chance puts beyond each side of the 95 % limits. */
export const ALERT_TAIL = 0.025
/** Share of stores that chance puts beyond each side of the 99.9 % limits. */
export const ALARM_TAIL = 0.0005
/** The share on each side whose z-scores count as no further out than the last one inside. */
const WINSORISED = 0.1

/** Limits of a share (0 to 1) for one number of trials. */
export interface FunnelLimits {
  alert: Interval
  alarm: Interval
}

export type FunnelVerdict = 'within' | 'alert' | 'alarm'

export interface FunnelPoint {
  id: string
  x: number
  n: number
  rate: number
  limits: FunnelLimits
  verdict: FunnelVerdict
  /** On which side of the limits; null within them. Which side is good, the metric knows. */
  direction: 'above' | 'below' | null
}

export interface Funnel {
  /** All successes of the peers over all their trials. */
  mean: number
  /** Variance of the winsorised z-scores: 1 when chance explains all, above when it does not. */
  phi: number
  /** The factor in force, max(1, phi): limits lie its square root further from the mean. */
  stretch: number
  /** Stores with trials, in the order of the input. */
  points: FunnelPoint[]
}

/**
 * The lower limit of a count, interpolated between whole numbers so that the line is smooth: a
 * whole count lies below it exactly when P(X <= count) < tail.
 */
function lowerCount(trials: number, mean: number, tail: number): number {
  const reached = binomialQuantile(tail, trials, mean)
  const before = binomialCdf(reached - 1, trials, mean)
  const excess =
    (binomialCdf(reached, trials, mean) - tail) / (binomialCdf(reached, trials, mean) - before)
  return reached - excess
}

function limitsOf(trials: number, mean: number, stretch: number, tail: number): Interval {
  const low = lowerCount(trials, mean, tail) / trials
  // The upper limit mirrors the lower one of failures; the published interpolation leans inwards.
  const high = 1 - lowerCount(trials, 1 - mean, tail) / trials
  const factor = Math.sqrt(stretch)
  return {
    low: Math.max(0, mean + (low - mean) * factor),
    high: Math.min(1, mean + (high - mean) * factor),
  }
}

/**
 * Limits around a peer mean (0 to 1) for a whole number of trials above 0. A chart calls it along
 * its axis with the funnel's `mean` and `stretch`.
 */
export function funnelLimits(trials: number, mean: number, stretch = 1): FunnelLimits {
  assert(Number.isInteger(trials) && trials > 0, `trials must be whole, above 0: ${trials}`)
  assert(stretch >= 1, `limits are never narrowed: ${stretch}`)
  return {
    alert: limitsOf(trials, mean, stretch, ALERT_TAIL),
    alarm: limitsOf(trials, mean, stretch, ALARM_TAIL),
  }
}

/**
 * Over-dispersion factor: the mean square of the stores' z-scores around the peer mean, the tenth
 * at each end drawn in to the tenth and ninetieth percentile, so that the few outliers sought do
 * not hide themselves. 0 when the mean is 0 or 1. Source: Spiegelhalter 2005.
 */
export function overdispersion(members: readonly Counted[], mean: number): number {
  const chance = mean * (1 - mean)
  const known = members.filter(({ n }) => n > 0)
  if (chance === 0 || known.length === 0) return 0
  const z = ascending(known.map(({ x, n }) => (x / n - mean) / Math.sqrt(chance / n)))
  const low = quantileOfSorted(z, WINSORISED)
  const high = quantileOfSorted(z, 1 - WINSORISED)
  const sum = z.reduce((all, value) => all + Math.min(high, Math.max(low, value)) ** 2, 0)
  return sum / z.length
}

function pointOf(store: Counted & { id: string }, mean: number, stretch: number): FunnelPoint {
  const { id, x, n } = store
  const rate = x / n
  const limits = funnelLimits(n, mean, stretch)
  const isBeyond = ({ low, high }: Interval) => rate < low || rate > high
  const verdict = isBeyond(limits.alarm) ? 'alarm' : isBeyond(limits.alert) ? 'alert' : 'within'
  const direction = verdict === 'within' ? null : rate > mean ? 'above' : 'below'
  return { id, x, n, rate, limits, verdict, direction }
}

/** The funnel of shares x of n; null without a single trial. Stores with n = 0 are left out. */
export function funnelOf(stores: readonly (Counted & { id: string })[]): Funnel | null {
  const trials = stores.reduce((sum, { n }) => sum + n, 0)
  if (trials === 0) return null
  const mean = stores.reduce((sum, { x }) => sum + x, 0) / trials
  const phi = overdispersion(stores, mean)
  const stretch = Math.max(1, phi)
  const known = stores.filter(({ n }) => n > 0)
  return { mean, phi, stretch, points: known.map((store) => pointOf(store, mean, stretch)) }
}
