import { expect, test } from 'vitest'
import { seededRandom } from '../stats/random.ts'
import { weightedMean, weightRanks } from './sensitivity.ts'

test('a mean goes over the values that are there, by their weights', () => {
  expect(weightedMean(Float64Array.of(80, NaN, 20), Float64Array.of(30, 50, 10))).toBe(65)
})

test('a store that is better in everything keeps its rank whatever the weights', () => {
  const parts = [Float64Array.of(90, 80), Float64Array.of(70, 60), Float64Array.of(50, 40)]
  const own = [1, 2, 3].map((rank) => ({ low: rank, high: rank }))
  const ranks = weightRanks(parts, Float64Array.of(50, 50), own, 500, 0.9, seededRandom(1))
  expect(ranks).toEqual(own.map((rank) => ({ rank, kept: 1 })))
})

test('where the order hangs on the weights, the ranks say so', () => {
  const close = [Float64Array.of(62, 40), Float64Array.of(40, 61)]
  const first = [
    { low: 1, high: 1 },
    { low: 1, high: 2 },
  ]
  const even = Float64Array.of(50, 50)
  const ranks = weightRanks(close, even, first, 500, 0.9, seededRandom(2))
  expect(ranks.map(({ rank }) => rank)).toEqual([
    { low: 1, high: 2 },
    { low: 1, high: 2 },
  ])
  // The first leads in about half of the draws; the other's range holds both of its ranks.
  expect(ranks[0]?.kept).toBeGreaterThan(0.4)
  expect(ranks[0]?.kept).toBeLessThan(0.7)
  expect(ranks[1]?.kept).toBe(1)
  // A lead that a quarter more or less of a weight cannot turn: 0.75 x 80 against 1.25 x 40.
  const clear = [Float64Array.of(80, 0), Float64Array.of(0, 40)]
  const sure = weightRanks(clear, even, first, 500, 0.9, seededRandom(3))
  expect(sure[0]).toEqual({ rank: { low: 1, high: 1 }, kept: 1 })
})
