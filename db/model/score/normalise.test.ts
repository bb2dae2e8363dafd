import fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from '../assert.ts'
import { partScore, robustScale, zOf } from './normalise.ts'

test('the scale is the median and the scaled median deviation', () => {
  expect(robustScale([1, 2, 3, 4, 100])).toEqual({ median: 3, sigma: 1.4826 })
})

test('where half are alike the quartiles give the scale, where more are there is none', () => {
  // Seven of twelve are 5, so the median deviation is 0; the upper quartile is 6.25.
  const scale = robustScale([5, 5, 5, 5, 5, 5, 5, 6, 6, 7, 8, 9])
  expect(scale.median).toBe(5)
  expect(scale.sigma).toBeCloseTo(1.25 / 1.349, 12)
  const none = robustScale([5, 5, 5, 5, 5, 5, 5, 5, 5, 9])
  expect(none).toEqual({ median: 5, sigma: 0 })
  expect(zOf(9, none, 'higher')).toBe(0)
})

test('z is cut at 3, turned round where less is better, and becomes 0 to 100', () => {
  const scale = { median: 10, sigma: 2 }
  expect(zOf(13, scale, 'higher')).toBe(1.5)
  expect(zOf(13, scale, 'lower')).toBe(-1.5)
  expect(zOf(1000, scale, 'higher')).toBe(3)
  expect(zOf(1000, scale, 'lower')).toBe(-3)
  expect([-3, 0, 1.5, 3].map(partScore)).toEqual([0, 50, 75, 100])
})

test('the part score does not depend on the unit of the figure', () => {
  const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 3 })
  fc.assert(
    fc.property(values, (permille) => {
      const shares = permille.map((part) => part / 1000)
      const money = shares.map((share) => 1024 * share + 4096)
      const [small, large] = [robustScale(shares), robustScale(money)]
      // A spread of mere rounding says nothing.
      fc.pre(small.sigma > 1e-6)
      const first = must(shares[0], 'at least three')
      expect(zOf(must(money[0], 'three'), large, 'higher')).toBeCloseTo(
        zOf(first, small, 'higher'),
        4,
      )
    }),
  )
})
