// What is at stake: a store of thirty customers that gets parameters of its own, which are chance,
// or a large one that is told the chain's. Customers are simulated by the story of the model. How
// good the fit itself is, is tested in bgnbd-fit.test.ts.
import { expect, test, vi } from 'vitest'
import { drawBeta, drawGamma, type Random, seededRandom } from '../stats/random.ts'
import { type BgNbd, expectedVisitsOfNew } from './bgnbd.ts'
import { isFit } from './bgnbd-fit.ts'
import { evenSample, fitOfStore, lendOf, PRIOR_CUSTOMERS, SAMPLE_MAX } from './store-fit.ts'
import { summariseVisits, type VisitSummary } from './visit-summary.ts'

vi.setConfig({ testTimeout: 60_000 }) // A fit looks at every customer some thousand times.

const CHAIN: BgNbd = { r: 0.8, alpha: 60, a: 0.9, b: 2.5 }
/** Comes about three times as often as the chain. */
const BUSY: BgNbd = { r: 1.2, alpha: 30, a: 0.6, b: 3 }

function simulate(random: Random, { r, alpha, a, b }: BgNbd): VisitSummary {
  const rate = drawGamma(random, r) / alpha
  const leaving = drawBeta(random, a, b)
  const T = 60 + Math.floor(600 * random())
  const days = [0]
  for (let at = 0; ;) {
    at -= Math.log(1 - random()) / rate
    if (at > T) break
    days.push(Math.floor(at))
    if (random() < leaving) break
  }
  const summary = summariseVisits(days, T)
  if (!summary) throw new Error('a customer with a first visit has a summary')
  return summary
}

function peopleOf(seed: number, count: number, truth: BgNbd): VisitSummary[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => simulate(random, truth))
}

/** Repeat visits of a new customer in a year: one number of what a fit says. */
function yearly(own: readonly VisitSummary[], lent = lendOf(peopleOf(7, 2000, CHAIN))): number {
  const fit = fitOfStore(own, lent)
  if (!isFit(fit)) throw new Error(fit.refused)
  return expectedVisitsOfNew(fit.params, 365)
}

test('a store of few customers is told what the chain is told, a large one its own', () => {
  const [chain, busy] = [expectedVisitsOfNew(CHAIN, 365), expectedVisitsOfNew(BUSY, 365)]
  expect(busy).toBeGreaterThan(2 * chain)
  const shareOfOwn = (count: number) => (yearly(peopleOf(3, count, BUSY)) - chain) / (busy - chain)
  expect(shareOfOwn(5)).toBeLessThan(0.25)
  expect(shareOfOwn(4000)).toBeGreaterThan(0.75)
})

test('a store of thirty scatters far less with the chain beside it', () => {
  const stores = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => peopleOf(100 + seed, 30, CHAIN))
  const truth = expectedVisitsOfNew(CHAIN, 365)
  const errors = stores.map((own) => Math.abs(yearly(own) - truth) / truth)
  expect(Math.max(...errors)).toBeLessThan(0.35)
})

test('a store without customers has the chain’s fit, a chain without any has none', () => {
  const fit = fitOfStore([], lendOf(peopleOf(7, 2000, CHAIN)))
  expect(fit).toMatchObject({ own: 0, lent: PRIOR_CUSTOMERS })
  expect(fitOfStore(peopleOf(1, 30, CHAIN), [])).toEqual({
    refused: 'too-few-customers',
    customers: 30,
  })
})

test('what is lent counts as many customers as it says', () => {
  const count = (chain: VisitSummary[]) => lendOf(chain).reduce((sum, one) => sum + one.count, 0)
  expect(count(peopleOf(7, 2000, CHAIN))).toBeCloseTo(PRIOR_CUSTOMERS, 9)
  expect(count(peopleOf(7, 50, CHAIN))).toBe(50)
  expect(count([])).toBe(0)
})

test('a sample is spread evenly, keeps the order, and never grows', () => {
  const all = Array.from({ length: 7001 }, (_, at) => at)
  const some = evenSample(all, SAMPLE_MAX)
  expect(some).toHaveLength(SAMPLE_MAX)
  expect(some).toEqual([...new Set(some)].sort((a, b) => a - b))
  expect(some[SAMPLE_MAX / 2]).toBe(3500)
  expect(evenSample([1, 2], 5)).toEqual([1, 2])
})
