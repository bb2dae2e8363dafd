// What is at stake: P(alive) decides whom a clerk calls. The oracle below integrates the story of
// the model over all rates and chances, without a hypergeometric function; single values are those
// that others have published. Whether people behave like the model only data can show.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BgNbd,
  expectedVisits,
  expectedVisitsOfAll,
  expectedVisitsOfCohort,
  expectedVisitsOfNew,
  logLikelihood,
  probabilityAlive,
} from './bgnbd.ts'
import { logBeta, logGamma } from '../stats/special.ts'
import type { VisitSummary } from './visit-summary.ts'

/** Fader, Hardie and Lee on the CDNOW data, in weeks; digits as the package BTYD prints them. */
const PUBLISHED: BgNbd = { r: 0.2425982, alpha: 4.4136842, a: 0.7929899, b: 2.4261667 }

const amount = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const params: fc.Arbitrary<BgNbd> = fc.record({
  r: amount(0.1, 5),
  alpha: amount(1, 100),
  a: fc.oneof(amount(0.2, 5), fc.constant(1)),
  b: amount(0.2, 8),
})
const summary: fc.Arbitrary<VisitSummary> = fc
  .record({ x: fc.nat(40), recency: amount(0.01, 1), T: amount(1, 700) })
  .map(({ x, recency, T }) => ({ x, t_x: x === 0 ? 0 : recency * T, T }))
const span = amount(0.5, 400)

/** The sum of f over a fine grid, which for these smooth tails is the integral to many digits. */
function integrate(f: (u: number) => number, from: number, to: number): number {
  const step = 1 / 128
  let sum = 0
  for (let u = from; u <= to; u += step) sum += f(u)
  return sum * step
}

/** The mean of g(p) over chances p, which are beta (a, b): a double exponential substitution. */
function meanOverChances({ a, b }: BgNbd, g: (p: number) => number): number {
  const whole = logBeta(a, b)
  return integrate(
    (u) => {
      const v = Math.PI * Math.sinh(u)
      const [logP, logQ] = [-Math.log1p(Math.exp(-v)), -Math.log1p(Math.exp(v))]
      const density = Math.exp(a * logP + b * logQ - whole) * Math.PI * Math.cosh(u)
      return density === 0 ? 0 : density * g(Math.exp(logP))
    },
    -5,
    5,
  )
}

/** ln of the mean over rates, gamma (r, alpha), of rate^x e^(-rate t). */
function logMeanOverRates({ r, alpha }: BgNbd, x: number, t: number): number {
  const top = Math.log((r + x) / (alpha + t))
  const log = (u: number) => (r + x) * u - (alpha + t) * Math.exp(u)
  const scale = log(top)
  const sum = integrate((u) => Math.exp(log(top + u) - scale), -200, 8)
  return Math.log(sum) + scale + r * Math.log(alpha) - logGamma(r)
}

function relative(found: number, wanted: number): number {
  return Math.abs(found - wanted) / Math.abs(wanted)
}

describe('against the story of the model', () => {
  test('the likelihood is that of staying all the time, or of leaving after the last visit', () => {
    fc.assert(
      fc.property(params, summary, (one, { x, t_x, T }) => {
        const stayed = Math.exp(logMeanOverRates(one, x, T) - logMeanOverRates(one, x, t_x))
        const alive = meanOverChances(one, (p) => (1 - p) ** x) * stayed
        const left = x === 0 ? 0 : meanOverChances(one, (p) => p * (1 - p) ** (x - 1))
        const wanted = Math.log(alive + left) + logMeanOverRates(one, x, t_x)
        expect(Math.abs(logLikelihood(one, { x, t_x, T }) - wanted)).toBeLessThan(1e-6)
        const known = { x, t_x, T }
        expect(Math.abs(probabilityAlive(one, known) - alive / (alive + left))).toBeLessThan(1e-7)
      }),
      { numRuns: 40 },
    )
  })

  test('expected visits are those of the living, over their rates and chances', () => {
    fc.assert(
      fc.property(params, summary, span, (one, known, t) => {
        const { x, T } = known
        const after = { ...one, b: one.b + x }
        // The mean number of visits of a rate and a chance is (1 - e^(-rate p t)) / p.
        const visits = meanOverChances(after, (p) => {
          const stay = -(one.r + x) * Math.log1p((p * t) / (one.alpha + T))
          return p === 0 ? ((one.r + x) * t) / (one.alpha + T) : -Math.expm1(stay) / p
        })
        const wanted = probabilityAlive(one, known) * visits
        if (wanted < 1e-250) return
        expect(relative(expectedVisits(one, known, t), wanted)).toBeLessThan(1e-6)
      }),
      { numRuns: 200 },
    )
  })

  test('parameters at which the formula divides by nothing give what their neighbours give', () => {
    const known = { x: 0, t_x: 0, T: 20 }
    const at = (a: number, b: number) => expectedVisits({ r: 0.5, alpha: 10, a, b }, known, 52)
    expect(at(1, 2)).toBeCloseTo((at(0.999, 2) + at(1.001, 2)) / 2, 5)
    expect(at(1 + 9e-5, 2)).toBeCloseTo(at(1 + 11e-5, 2), 5)
    expect(at(0.4, 0.6)).toBeCloseTo((at(0.4, 0.599) + at(0.4, 0.601)) / 2, 5)
  })
})

describe('published values', () => {
  test('a new CDNOW customer makes 1.444 repeat purchases in a year', () => {
    expect(expectedVisitsOfNew(PUBLISHED, 52)).toBeCloseTo(1.444004, 5)
  })

  test('who bought more and then fell silent is less likely to come again', () => {
    const next = (x: number) => expectedVisits(PUBLISHED, { x, t_x: 20, T: 39 }, 52)
    expect(next(10)).toBeCloseTo(0.3474606, 6)
    expect(next(20)).toBeCloseTo(0.004158973, 7)
    expect(next(25)).toBeCloseTo(0.0003583685, 8)
  })

  test('the customer of the worked example in Excel makes 1.226 purchases in 39 weeks', () => {
    const rounded = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }
    const known = { x: 2, t_x: 30.43, T: 38.86 }
    expect(expectedVisits(rounded, known, 39)).toBeCloseTo(1.226, 3)
  })
})

test('who came once is alive, and silence only ever speaks against the others', () => {
  fc.assert(
    fc.property(params, summary, amount(1, 400), (one, known, later) => {
      const now = probabilityAlive(one, known)
      const then = probabilityAlive(one, { ...known, T: known.T + later })
      expect(now).toBeGreaterThanOrEqual(0)
      expect(now).toBeLessThanOrEqual(1)
      if (known.x === 0) expect(now).toBe(1)
      expect(then).toBeLessThanOrEqual(now)
    }),
  )
})

test('nothing is expected of no time, and never less of more time', () => {
  fc.assert(
    fc.property(params, summary, span, span, (one, known, t, more) => {
      expect(expectedVisits(one, known, 0)).toBe(0)
      const visits = expectedVisits(one, known, t)
      expect(Number.isFinite(visits)).toBe(true)
      expect(expectedVisits(one, known, t + more)).toBeGreaterThanOrEqual(visits * (1 - 1e-9))
    }),
  )
})

test('days or weeks make no difference but to alpha', () => {
  fc.assert(
    fc.property(params, summary, span, (inDays, { x, t_x, T }, t) => {
      const inWeeks = { ...inDays, alpha: inDays.alpha / 7 }
      const [days, weeks] = [
        { x, t_x, T },
        { x, t_x: t_x / 7, T: T / 7 },
      ]
      expect(probabilityAlive(inWeeks, weeks)).toBeCloseTo(probabilityAlive(inDays, days), 10)
      const visits = expectedVisits(inDays, days, t)
      expect(expectedVisits(inWeeks, weeks, t / 7)).toBeCloseTo(visits, 6)
      const shift = x * Math.log(7)
      const likelihood = logLikelihood(inDays, days) + shift
      expect(logLikelihood(inWeeks, weeks)).toBeCloseTo(likelihood, 6)
    }),
  )
})

test('a group is expected to do what its members are', () => {
  const [often, once] = [
    { x: 5, t_x: 30, T: 38 },
    { x: 0, t_x: 0, T: 38 },
  ]
  const all = expectedVisitsOfAll(
    PUBLISHED,
    [
      { ...often, count: 2 },
      { ...once, count: 3 },
    ],
    39,
  )
  const each = [often, often, once, once, once].map((one) => expectedVisits(PUBLISHED, one, 39))
  expect(all).toBeCloseTo(
    each.reduce((sum, visits) => sum + visits),
    12,
  )
})

test('of a cohort only those who have begun count, each since their first visit', () => {
  const starts = [
    { at: 0, count: 10 },
    { at: 5, count: 2 },
    { at: 20, count: 7 },
  ]
  const wanted = 10 * expectedVisitsOfNew(PUBLISHED, 20) + 2 * expectedVisitsOfNew(PUBLISHED, 15)
  expect(expectedVisitsOfCohort(PUBLISHED, starts, 20)).toBeCloseTo(wanted, 12)
  expect(expectedVisitsOfCohort(PUBLISHED, starts, 0)).toBe(0)
})
