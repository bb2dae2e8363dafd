import { expect, test } from 'vitest'
import { seededRandom } from '../stats/random.ts'
import { weightedMean, weightRanks } from './sensitivity.ts'

test('a mean goes over the values that are there, by their weights', () => {
  expect(weightedMean(Float64Array.of(80, NaN, 20), Float64Array.of(30, 50, 10))).toBe(65)
})

test('a store that is better in everything keeps its rank whatever the weights', () => {
  const parts = [Float64Array.of(90, 80), Float64Array.of(70, 60), Float64Array.of(50, 40)]
  const ranks = weightRanks(parts, Float64Array.of(50, 50), 500, 0.9, seededRandom(1))
  expect(ranks).toEqual([
    { low: 1, high: 1 },
    { low: 2, high: 2 },
    { low: 3, high: 3 },
  ])
})

test('where the order hangs on the weights, the ranks say so', () => {
  const close = [Float64Array.of(62, 40), Float64Array.of(40, 61)]
  const ranks = weightRanks(close, Float64Array.of(50, 50), 500, 0.9, seededRandom(2))
  expect(ranks).toEqual([
    { low: 1, high: 2 },
    { low: 1, high: 2 },
  ])
  // A lead that a quarter more or less of a weight cannot turn: 0.75 x 80 against 1.25 x 40.
  const clear = [Float64Array.of(80, 0), Float64Array.of(0, 40)]
  expect(weightRanks(clear, Float64Array.of(50, 50), 500, 0.9, seededRandom(3))[0]?.high).toBe(1)
})
