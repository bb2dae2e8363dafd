import fc from 'fast-check'
import { expect, test } from 'vitest'
import { median, medianDeviation, middleOf, quantile, quartiles } from './quantile.ts'

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 })

test('quantiles are interpolated between neighbours', () => {
  expect(quantile([10, 20, 30, 40], 0.1)).toBeCloseTo(13, 12)
  expect(quartiles([6, 1, 3, 2, 4, 5])).toEqual({ low: 2.25, median: 3.5, high: 4.75 })
  expect(median([3, 1, 2])).toBe(2)
  expect(quartiles([7])).toEqual({ low: 7, median: 7, high: 7 })
})

test('numbers are ordered as numbers, not as texts', () => {
  expect(median([10, 9, 100, 1, -5])).toBe(9)
})

test('one wild value does not move the spread', () => {
  expect(medianDeviation([1, 2, 3, 4, 5])).toBe(1)
  expect(medianDeviation([1, 2, 3, 4, 5_000_000])).toBe(1)
})

test('without values there is no quantile', () => {
  expect(quantile([], 0.5)).toBeNull()
  expect(quartiles([])).toBeNull()
  expect(medianDeviation([])).toBeNull()
})

test('half of the values lie on each side of the median, whatever their order', () => {
  fc.assert(
    fc.property(numbers, (values) => {
      const middle = median(values) ?? NaN
      expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2)
      expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2)
      expect(median([...values].reverse())).toBe(middle)
    }),
  )
})

test('the spread follows the scale and ignores the place', () => {
  fc.assert(
    fc.property(numbers, (values) => {
      const spread = medianDeviation(values) ?? NaN
      expect(spread).toBeGreaterThanOrEqual(0)
      expect(medianDeviation(values.map((value) => 2 * value)) ?? NaN).toBeCloseTo(2 * spread, 6)
      expect(medianDeviation(values.map((value) => value + 64)) ?? NaN).toBeCloseTo(spread, 6)
    }),
  )
})

test('the middle of draws is what sorting them would give', () => {
  const draws = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(draws, fc.double({ min: 0, max: 0.999, noNaN: true }), (values, level) => {
      const sorted = [...values].sort((a, b) => a - b)
      const tail = Math.floor(((1 - level) / 2) * (values.length - 1))
      const known = { low: sorted[tail], high: sorted[values.length - 1 - tail] }
      expect(middleOf(Int32Array.from(values), level)).toEqual(known)
      expect(middleOf(Float64Array.from(values), level)).toEqual(known)
    }),
  )
})
