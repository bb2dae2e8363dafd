import { logBeta, logGamma } from '../stats/special.ts'
import { logHypergeometricTail } from './hypergeometric.ts'
import type { VisitSummary } from './visit-summary.ts'

// The BG/NBD model of Fader, Hardie and Lee ("Counting Your Customers" the Easy Way, Marketing
// Science 24, 2005). While alive a customer comes at random at a rate of their own, and after each
// visit may stay away for ever with a chance of their own. Rates are gamma over the customers
// (shape r, rate alpha), chances are beta (a, b).
// The unit of time is that of the data: the product counts in days, the published parameters of
// the CDNOW data in weeks. alpha has that unit; r, a and b have none.

export interface BgNbd {
  r: number
  alpha: number
  a: number
  b: number
}

/** ln(e^x + e^y) without leaving the range of numbers. */
function logSum(x: number, y: number): number {
  const high = Math.max(x, y)
  return high === -Infinity ? high : high + Math.log1p(Math.exp(Math.min(x, y) - high))
}

/** The part of ln L that depends on x alone. */
export function logLikelihoodOfRepeats({ r, alpha, a, b }: BgNbd, x: number): number {
  const ofRate = logGamma(r + x) - logGamma(r) + r * Math.log(alpha)
  const ofChance = logBeta(a, b + x) - logBeta(a, b)
  return ofRate + ofChance
}

/** The part of ln L that depends on the times, too. */
export function logLikelihoodOfTimes(params: BgNbd, { x, t_x, T }: VisitSummary): number {
  const { r, alpha, a, b } = params
  const alive = -(r + x) * Math.log(alpha + T)
  if (x === 0) return alive
  return logSum(alive, Math.log(a / (b + x - 1)) - (r + x) * Math.log(alpha + t_x))
}

/** ln L(r, alpha, a, b | x, t_x, T) of one customer; equation 6 of the paper. */
export function logLikelihood(params: BgNbd, summary: VisitSummary): number {
  return logLikelihoodOfRepeats(params, summary.x) + logLikelihoodOfTimes(params, summary)
}

/**
 * P(alive | x, t_x, T), a share of 1. Who came once counts as alive for certain: in this model
 * nobody leaves before a second visit.
 */
export function probabilityAlive({ r, alpha, a, b }: BgNbd, { x, t_x, T }: VisitSummary): number {
  if (x === 0) return 1
  const odds = Math.log(a / (b + x - 1)) + (r + x) * Math.log((alpha + T) / (alpha + t_x))
  return 1 / (1 + Math.exp(odds))
}

/**
 * Visits that somebody who is alive makes within `t`: equation 10 without its denominator,
 *   (c / (a - 1)) (1 - (1 - z)^s 2F1(s, b + x; c; z)),
 *   s = r + x, c = a + b + x - 1, z = t / (alpha + T + t),
 * with c multiplied in, so that it holds for c <= 0, too.
 */
function visitsByFormula(params: BgNbd, { x, T }: { x: number; T: number }, t: number): number {
  const { r, alpha, a, b } = params
  const [shape, chance, c] = [r + x, b + x, a + b + x - 1]
  const z = t / (alpha + T + t)
  if (z === 0) return 0
  const logStay = shape * Math.log1p(-z)
  const logTail = logHypergeometricTail(shape, chance, c, z)
  const tail = Math.exp(logStay + Math.log(shape * chance * z) + logTail)
  return (c * -Math.expm1(logStay) - tail) / (a - 1)
}

/** Closer to a = 1 than this the formula divides nothing by nothing: its neighbours answer. */
const NEAR_ONE = 1e-4

function visitsWhileAlive(params: BgNbd, known: { x: number; T: number }, t: number): number {
  const share = (params.a - 1 + NEAR_ONE) / (2 * NEAR_ONE)
  if (share <= 0 || share >= 1) return visitsByFormula(params, known, t)
  const below = visitsByFormula({ ...params, a: 1 - NEAR_ONE }, known, t)
  const above = visitsByFormula({ ...params, a: 1 + NEAR_ONE }, known, t)
  return below * (1 - share) + above * share
}

/** E(Y(t) | x, t_x, T): visits expected of a known customer within the next `t`; equation 10. */
export function expectedVisits(params: BgNbd, summary: VisitSummary, t: number): number {
  return probabilityAlive(params, summary) * visitsWhileAlive(params, summary, t)
}

/** E(X(t)): repeat visits expected of a new customer within `t` of the first; equation 9. */
export function expectedVisitsOfNew(params: BgNbd, t: number): number {
  return visitsWhileAlive(params, { x: 0, T: 0 }, t)
}

/** Customers with one summary. */
export interface CountedSummary extends VisitSummary {
  count: number
}

/** Visits expected of all these customers together within the next `t`. */
export function expectedVisitsOfAll(
  params: BgNbd,
  customers: readonly CountedSummary[],
  t: number,
): number {
  return customers.reduce((sum, one) => sum + one.count * expectedVisits(params, one, t), 0)
}

/** Customers whose first visit was at one time. */
export interface Start {
  at: number
  count: number
}

/** Repeat visits expected of a cohort from its first visits up to `until`, from the model alone. */
export function expectedVisitsOfCohort(
  params: BgNbd,
  starts: readonly Start[],
  until: number,
): number {
  return starts
    .filter(({ at }) => at < until)
    .reduce((sum, { at, count }) => sum + count * expectedVisitsOfNew(params, until - at), 0)
}
