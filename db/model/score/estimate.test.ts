import { expect, test } from 'vitest'
import { must } from '../assert.ts'
import { estimatesOf, type ScoreFacts, type Subject } from './estimate.ts'

const store = (id: string, peer_group: string, facts: ScoreFacts): Subject => {
  return { id, peer_group, facts }
}

/** Eight stores of one group with 50 of 100 and more, and two of another that is too small. */
const STORES = [
  ...[50, 52, 54, 56, 58, 60, 75, 40].map((x, index) =>
    store(`a${index}`, 'mall', { retained_rate: { x, n: 100 } }),
  ),
  store('b0', 'street', { retained_rate: { x: 3, n: 10 } }),
  store('b1', 'street', { retained_rate: { x: 0, n: 0 } }),
  store('b2', 'street', {}),
]

test('a large group measures its own, the chain measures the stores of a small one', () => {
  const found = estimatesOf('retained_rate', STORES)
  const large = must(found.get('a0'), 'a0')
  expect(large.reference).toEqual({ scope: 'peers', stores: 8, mean: 445 / 800 })
  expect(large.raw).toBe(0.5)
  expect(large.theta).toBeGreaterThan(0.5)
  expect(large.theta).toBeLessThan(445 / 800)
  const small = must(found.get('b0'), 'b0')
  expect(small.reference).toEqual({ scope: 'chain', stores: 9, mean: 448 / 810 })
  expect(small.theta).toBeGreaterThan(0.3)
})

test('no facts and a denominator of 0 are no data, never a 0', () => {
  const found = estimatesOf('retained_rate', STORES)
  expect(found.has('b1')).toBe(false)
  expect(found.has('b2')).toBe(false)
  expect(estimatesOf('referrals', STORES).size).toBe(0)
})

test('where less is better the smallest figure has the largest part score', () => {
  const facts = [1, 2, 3, 4, 5, 6, 7, 30].map((x, index) =>
    store(`c${index}`, 'mall', { fatigue_rate: { x: 5 * x, n: 1000 } }),
  )
  const found = estimatesOf('fatigue_rate', facts)
  const parts = facts.map(({ id }) => must(found.get(id), id).part)
  expect(parts).toEqual([...parts].sort((a, b) => b - a))
  expect(must(found.get('c7'), 'c7').z).toBe(-3)
})

test('means and counts are placed by the same scale', () => {
  const growth = [-0.1, -0.05, 0, 0.01, 0.02, 0.05, 0.1, 0.2].map((value, index) =>
    store(`d${index}`, 'mall', { spend_growth: { value, error: 0.02, n: 200 } }),
  )
  const means = estimatesOf('spend_growth', growth)
  expect(must(means.get('d7'), 'd7').theta).toBeLessThan(0.2)
  expect(must(means.get('d7'), 'd7').part).toBeGreaterThan(75)
  const hours = [2, 3, 4, 5, 6, 7, 8, 9].map((perHour, index) =>
    store(`e${index}`, 'mall', { staff_hour_visits: { x: 100 * perHour, n: 100 } }),
  )
  const counts = estimatesOf('staff_hour_visits', hours)
  expect(must(counts.get('e0'), 'e0').posterior.family).toBe('gamma')
  expect(must(counts.get('e0'), 'e0').z).toBeLessThan(-1)
})

test('facts of another kind than the component has are a bug', () => {
  const wrong = [store('f', 'mall', { retained_rate: { value: 0.5, error: 0.1, n: 9 } })]
  expect(() => estimatesOf('retained_rate', wrong)).toThrow('retained_rate')
})
