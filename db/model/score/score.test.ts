// What is at stake: people are praised and visited by this number. It must follow from the facts
// alone, be the same however they arrive, and say where it does not know.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from '../assert.ts'
import { drawBeta, drawBinomial, drawNormal, seededRandom } from '../stats/random.ts'
import { COMPONENT_IDS, defaultWeights } from './components.ts'
import { scoreStores, type ScoreRun, type ScoreStore, type StoreScore } from './score.ts'
import { traceOf } from './trace.ts'

const WEIGHTS = defaultWeights()

/** A made-up chain with facts for the four components that the product records. */
function chainOf(seed: number, stores: number): ScoreStore[] {
  const random = seededRandom(seed)
  const rate = (a: number, b: number) => {
    const n = 5 + Math.floor(random() ** 3 * 2000)
    return { x: drawBinomial(random, n, drawBeta(random, a, b)), n }
  }
  return Array.from({ length: stores }, (_, index) => ({
    id: `s${String(index).padStart(4, '0')}`,
    peer_group: `g${index % 3}`,
    stale: null,
    facts: {
      retained_rate: rate(30, 20),
      second_visit_rate: rate(10, 20),
      identified_rate: rate(40, 10),
      spend_growth: {
        value: 0.03 + 0.08 * drawNormal(random),
        error: 0.02 + 0.1 * random(),
        n: 90,
      },
    },
  }))
}

function run(stores: readonly ScoreStore[], seed = 1): ScoreRun {
  return scoreStores(stores, { weights: WEIGHTS, random: seededRandom(seed), draws: 200 })
}

function find({ stores }: ScoreRun, id: string): StoreScore {
  return must(
    stores.find((store) => store.id === id),
    id,
  )
}

test('the order in which stores come changes nothing at all', () => {
  const chain = chainOf(3, 40)
  const known = run(chain)
  const shuffled = fc.shuffledSubarray(chain, { minLength: chain.length })
  fc.assert(
    fc.property(shuffled, (stores) => {
      expect(run(stores)).toEqual(known)
    }),
    { numRuns: 8 },
  )
})

test('every score lies in its interval, every rank in its range, every part within 0 to 100', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 40 }), (seed, n) => {
      const { stores } = run(chainOf(seed, n))
      expect(stores).toHaveLength(n)
      for (const { score, interval, rank, weight_rank, parts } of stores) {
        const [low, high] = [interval?.low ?? NaN, interval?.high ?? NaN]
        expect(low >= 0 && low <= (score ?? NaN) && (score ?? NaN) <= high && high <= 100).toBe(
          true,
        )
        for (const range of [must(rank, 'a rank'), must(weight_rank, 'ranks')]) {
          expect(range.low).toBeGreaterThanOrEqual(1)
          expect(range.low).toBeLessThanOrEqual(rank?.rank ?? NaN)
          expect(range.high).toBeGreaterThanOrEqual(rank?.rank ?? NaN)
          expect(range.high).toBeLessThanOrEqual(n)
        }
        expect(parts.every(({ part }) => part >= 0 && part <= 100)).toBe(true)
      }
      expect(stores.map(({ rank }) => rank?.rank ?? NaN)).toEqual(
        stores.map(({ rank }) => rank?.rank ?? NaN).sort((a, b) => a - b),
      )
    }),
    { numRuns: 25 },
  )
})

test('the printed trace adds up to the score, from the facts on', () => {
  const chain = chainOf(4, 30)
  const scores = run(chain)
  for (const store of scores.stores) {
    const lines = traceOf(store)
    expect(lines.map(({ component }) => component)).toEqual(store.parts.map(({ id }) => id))
    let points = 0
    for (const { z, s, w, points: own } of lines) {
      expect(Math.abs(50 + (Number(z) * 50) / 3 - Number(s))).toBeLessThan(0.2)
      expect(Math.abs((Number(s) * Number(w)) / 100 - Number(own))).toBeLessThan(0.1)
      points += Number(own)
    }
    expect(Math.abs(points - (store.score ?? NaN))).toBeLessThan(0.03)
    const facts = must(chain.find(({ id }) => id === store.id)?.facts.identified_rate, 'facts')
    if ('x' in facts) expect(lines[2]?.raw).toBe(`${facts.x}/${facts.n}`)
    expect(lines[3]?.raw).toMatch(/^-?0\.\d{4} ± 0\.\d{4} \(90\)$/)
  }
})

test('a store without facts for more than 30 % of the weight is not scored, and says why', () => {
  const chain = chainOf(5, 30)
  const [first, second, third] = chain.map(({ facts }) => facts)
  const without = [
    // Second visit carries 30 of 100 today: exactly 70 % is left, and enough.
    { ...must(chain[0], 'store'), facts: { ...first, second_visit_rate: { x: 0, n: 0 } } },
    { ...must(chain[1], 'store'), facts: { ...second, retained_rate: { x: 0, n: 0 } } },
    {
      ...must(chain[2], 'store'),
      facts: { identified_rate: must(third?.identified_rate, 'rate') },
    },
    ...chain.slice(3),
  ]
  const scores = run(without)
  const enough = find(scores, 's0000')
  expect(enough.left_out).toBeNull()
  expect(enough.missing).toEqual(['second_visit_rate'])
  expect(enough.parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(100, 9)
  const few = find(scores, 's0001')
  expect(few.left_out).toMatchObject({ reason: 'few-facts' })
  expect(few.left_out?.reason === 'few-facts' && few.left_out.available).toBeCloseTo(0.6, 12)
  expect([few.score, few.interval, few.rank, few.weakest]).toEqual([null, null, null, null])
  // What is known of it is still shown.
  expect(few.parts.map(({ id }) => id)).toContain('identified_rate')
  expect(find(scores, 's0002').missing).toHaveLength(3)
  expect(scores.stores.slice(-2).map(({ id }) => id)).toEqual(['s0001', 's0002'])
})

test('a stale store leaves the ranking with its reason and moves nobody else', () => {
  const chain = chainOf(6, 30)
  const stale = chain.map((store, index) =>
    index === 7 ? { ...store, stale: 'device-missing' } : store,
  )
  const scores = run(stale)
  const left = find(scores, 's0007')
  expect(left.left_out).toEqual({ reason: 'stale', detail: 'device-missing' })
  expect([left.score, left.rank, left.parts, left.missing]).toEqual([null, null, [], []])
  const absent = run(chain.filter(({ id }) => id !== 's0007'))
  expect(scores.stores.filter(({ id }) => id !== 's0007')).toEqual(absent.stores)
})

test('one broken link is named, and makes the geometric mean 0', () => {
  const chain = chainOf(7, 30).map((store) => ({ ...store, peer_group: 'all' }))
  const facts = { ...must(chain[0], 'store').facts, identified_rate: { x: 0, n: 4000 } }
  const broken = find(run([{ ...must(chain[0], 'store'), facts }, ...chain.slice(1)]), 's0000')
  expect(broken.weakest).toBe('identified_rate')
  expect(broken.geometric).toBe(0)
  expect(broken.score).toBeGreaterThan(0)
  const whole = find(run(chain), 's0005')
  const weakest = whole.parts.reduce((a, b) => (b.part < a.part ? b : a))
  expect(whole.weakest).toBe(weakest.id)
  expect(whole.geometric ?? NaN).toBeLessThanOrEqual((whole.score ?? NaN) + 1e-9)
})

test('stores that are alike share a rank, and the middle of the scale', () => {
  const facts = { retained_rate: { x: 30, n: 60 }, second_visit_rate: { x: 10, n: 40 } }
  const alike = Array.from({ length: 10 }, (_, index) => {
    return { id: `s${index}`, peer_group: 'all', stale: null, facts }
  })
  for (const { score, rank } of run(alike).stores) {
    expect(score).toBe(50)
    expect(rank).toMatchObject({ rank: 1, tied_with: 9 })
  }
})

test('the same seed gives the same intervals, another seed nearly the same', () => {
  const chain = chainOf(8, 60)
  expect(run(chain, 5)).toEqual(run(chain, 5))
  const [one, two] = [run(chain, 5), run(chain, 6)]
  one.stores.forEach(({ id, score, interval }) => {
    const other = find(two, id)
    expect(other.score).toBe(score)
    expect(Math.abs((other.interval?.low ?? NaN) - (interval?.low ?? NaN))).toBeLessThan(6)
  })
})

test('a store with fewer facts has a wider interval than the same store with more', () => {
  const chain = chainOf(9, 30).map((store) => ({ ...store, peer_group: 'all' }))
  const times = (factor: number) => ({
    retained_rate: { x: 6 * factor, n: 10 * factor },
    second_visit_rate: { x: 4 * factor, n: 10 * factor },
    identified_rate: { x: 8 * factor, n: 10 * factor },
  })
  const base = { peer_group: 'all', stale: null }
  const scores = run([
    ...chain,
    { ...base, id: 'few', facts: times(1) },
    { ...base, id: 'many', facts: times(200) },
  ])
  const widthOf = (id: string) => {
    const { interval } = find(scores, id)
    return (interval?.high ?? NaN) - (interval?.low ?? NaN)
  }
  expect(widthOf('few')).toBeGreaterThan(2 * widthOf('many'))
})

test('weights are those in force, and an empty chain has no scores', () => {
  const { weights, stores } = run([])
  expect(stores).toEqual([])
  expect(COMPONENT_IDS.reduce((sum, id) => sum + weights[id], 0)).toBeCloseTo(100, 12)
  const [store] = chainOf(1, 1)
  expect(() => run([must(store, 'one'), must(store, 'one')])).toThrow('twice')
})

test('five thousand stores are scored, with all draws, each within its rank range', () => {
  const { stores } = scoreStores(chainOf(10, 5000), { weights: WEIGHTS, random: seededRandom(1) })
  expect(stores).toHaveLength(5000)
  for (const { interval, rank } of stores) {
    expect(interval).not.toBeNull()
    expect(rank?.low).toBeLessThanOrEqual(rank?.rank ?? 0)
    expect(rank?.high).toBeGreaterThanOrEqual(rank?.rank ?? Infinity)
  }
})
