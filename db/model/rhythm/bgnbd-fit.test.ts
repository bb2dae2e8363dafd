// What is at stake: a fit that drifts, or that answers where nothing is known, puts a number beside
// every customer. Customers are simulated by the story of the model, so the parameters behind them,
// who has left and what comes next are known. Real people are in scripts/rhythm.test.ts.
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { must } from '../assert.ts'
import { type BgNbd, expectedVisits, logLikelihood, probabilityAlive } from './bgnbd.ts'
import {
  type BgNbdFit,
  countSummaries,
  FIT_MIN_CUSTOMERS,
  fitBgNbd,
  isFit,
  logLikelihoodOf,
  type NoFit,
} from './bgnbd-fit.ts'
import type { VisitSummary } from './visit-summary.ts'

vi.setConfig({ testTimeout: 30_000 }) // A fit looks at every customer some thousand times.

const TRUTH: BgNbd = { r: 0.8, alpha: 25, a: 0.9, b: 2.5 }
const NEXT_DAYS = 120

type Chance = () => number

/** Numbers from 0 to 1, the same for a seed on every machine (a linear congruence of 48 bits). */
function chanceOf(seed: number): Chance {
  let state = BigInt(seed) * 2_862_933_555_777_941_757n + 3_037_000_493n
  return () => {
    state = (state * 0x5deece66dn + 0xbn) & 0xffff_ffff_ffffn
    return (Number(state >> 16n) + 0.5) / 2 ** 32
  }
}

function normal(chance: Chance): number {
  return Math.sqrt(-2 * Math.log(chance())) * Math.cos(2 * Math.PI * chance())
}

/** Gamma of rate 1, by the squeeze of Marsaglia and Tsang (2000). */
function gamma(chance: Chance, shape: number): number {
  if (shape < 1) return gamma(chance, shape + 1) * chance() ** (1 / shape)
  const d = shape - 1 / 3
  for (;;) {
    const x = normal(chance)
    const v = (1 + x / Math.sqrt(9 * d)) ** 3
    if (v > 0 && Math.log(chance()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

interface Simulated {
  summary: VisitSummary
  isAlive: boolean
  nextVisits: number
}

function simulate(chance: Chance, { r, alpha, a, b }: BgNbd): Simulated {
  const rate = gamma(chance, r) / alpha
  const [ofLeaving, ofStaying] = [gamma(chance, a), gamma(chance, b)]
  const leaves = ofLeaving / (ofLeaving + ofStaying)
  const T = 100 + Math.floor(300 * chance())
  const visits: number[] = []
  let isGone = false
  for (let at = 0; !isGone;) {
    at -= Math.log(chance()) / rate
    if (at > T + NEXT_DAYS) break
    visits.push(at)
    isGone = chance() < leaves
  }
  const before = visits.filter((at) => at <= T)
  const nextVisits = visits.length - before.length
  const summary = { x: before.length, t_x: before.at(-1) ?? 0, T }
  return { summary, isAlive: nextVisits > 0 || !isGone, nextVisits }
}

function peopleOf(seed: number, count: number, truth = TRUTH): Simulated[] {
  const chance = chanceOf(seed)
  return Array.from({ length: count }, () => simulate(chance, truth))
}

function dataOf(people: readonly Simulated[]) {
  return countSummaries(people.map(({ summary }) => summary))
}

function fitted(result: BgNbdFit | NoFit): BgNbdFit {
  return must(isFit(result) ? result : null, 'a fit')
}

describe('simulated customers', () => {
  const people = peopleOf(1, 6000)
  const { params, logLikelihood: best, customers } = fitted(fitBgNbd(dataOf(people)))

  test('the parameters behind them are found', () => {
    expect(customers).toBe(6000)
    expect(Math.abs(Math.log(params.r / TRUTH.r))).toBeLessThan(0.1)
    expect(Math.abs(Math.log(params.alpha / TRUTH.alpha))).toBeLessThan(0.15)
    expect(Math.abs(Math.log(params.a / TRUTH.a))).toBeLessThan(0.3)
    expect(Math.abs(Math.log(params.b / TRUTH.b))).toBeLessThan(0.3)
  })

  test('no parameters near are likelier', () => {
    const likelihood = logLikelihoodOf(dataOf(people))
    expect(likelihood(params)).toBeCloseTo(best, 6)
    expect(likelihood(TRUTH)).toBeLessThan(best)
    for (const name of ['r', 'alpha', 'a', 'b'] as const)
      for (const factor of [0.99, 1.01])
        expect(likelihood({ ...params, [name]: params[name] * factor })).toBeLessThan(best)
  })

  test('of those given 20 % some 20 % are alive, and so for every share', () => {
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const group = people
        .map((one) => ({ ...one, p: probabilityAlive(params, one.summary) }))
        .filter(({ p, summary }) => summary.x > 0 && Math.floor(p * 10) === tenth)
      const mean = group.reduce((sum, { p }) => sum + p, 0) / group.length
      const alive = group.filter(({ isAlive }) => isAlive).length / group.length
      expect(group.length).toBeGreaterThan(50)
      const error = Math.sqrt((mean * (1 - mean)) / group.length)
      expect(Math.abs(alive - mean)).toBeLessThan(3.5 * error)
    }
  })

  test('they make the visits that were expected of them', () => {
    const expected = people.reduce(
      (sum, { summary }) => sum + expectedVisits(params, summary, NEXT_DAYS),
      0,
    )
    const made = people.reduce((sum, { nextVisits }) => sum + nextVisits, 0)
    expect(Math.abs(made / expected - 1)).toBeLessThan(0.04)
  })
})

test('the likelihood of grouped data is that of each customer added up', () => {
  const people = peopleOf(2, 300).map(({ summary: { x, t_x, T } }) => ({
    x,
    t_x: Math.ceil(t_x),
    T,
  }))
  const grouped = countSummaries(people)
  const each = people.reduce((sum, one) => sum + logLikelihood(TRUTH, one), 0)
  expect(grouped.length).toBeLessThan(people.length)
  expect(logLikelihoodOf(grouped)(TRUTH)).toBeCloseTo(each, 8)
})

test('the order in which customers come, and the unit of time, change no estimate', () => {
  const people = peopleOf(3, 800)
  const days = fitted(fitBgNbd(dataOf(people)))
  const backwards = fitted(fitBgNbd(dataOf([...people].reverse())))
  expect(backwards.params.a).toBeCloseTo(days.params.a, 3)
  const inWeeks = dataOf(people).map((one) => ({ ...one, t_x: one.t_x / 7, T: one.T / 7 }))
  const weeks = fitted(fitBgNbd(inWeeks))
  expect(weeks.params.alpha * 7).toBeCloseTo(days.params.alpha, 2)
  expect(weeks.params.r).toBeCloseTo(days.params.r, 4)
})

describe('where nothing can be said', () => {
  const once = (T: number): VisitSummary => ({ x: 0, t_x: 0, T })

  test('too few customers are refused, and nobody is too few', () => {
    const few = peopleOf(4, FIT_MIN_CUSTOMERS - 1)
    expect(fitBgNbd(dataOf(few))).toEqual({
      refused: 'too-few-customers',
      customers: FIT_MIN_CUSTOMERS - 1,
    })
    expect(fitBgNbd([])).toEqual({ refused: 'too-few-customers', customers: 0 })
  })

  test('customers of whom none came back are refused', () => {
    const data = countSummaries(Array.from({ length: 500 }, (_, at) => once(at % 50)))
    expect(fitBgNbd(data)).toEqual({ refused: 'no-repeats', customers: 500 })
  })

  test('a summary that cannot be is a bug', () => {
    const known = { x: 1, t_x: 5, T: 10, count: 500 }
    for (const wrong of [
      { T: 4 },
      { x: 0 },
      { x: 1.5 },
      { t_x: NaN },
      { T: Infinity },
      { count: 0 },
    ])
      expect(() => fitBgNbd([{ ...known, ...wrong }])).toThrow(/cannot be/)
  })

  test('odd customers get a refusal or finite answers, never NaN', () => {
    const odd = fc.array(
      fc
        .record({ x: fc.nat(60), gap: fc.integer({ min: 1, max: 9 }), rest: fc.nat(300) })
        .map(({ x, gap, rest }) => ({ x, t_x: x * gap, T: x * gap + rest })),
      { minLength: 1, maxLength: 4 },
    )
    fc.assert(
      fc.property(odd, (kinds) => {
        const result = fitBgNbd(kinds.map((kind) => ({ ...kind, count: 200 })))
        if (!isFit(result)) return
        for (const kind of kinds) {
          const alive = probabilityAlive(result.params, kind)
          expect(alive >= 0 && alive <= 1).toBe(true)
          const visits = expectedVisits(result.params, kind, 90)
          expect(visits >= 0 && visits < Infinity).toBe(true)
        }
      }),
      { numRuns: 25 },
    )
  })
})
