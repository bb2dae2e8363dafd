// What is at stake: a search that stops short gives parameters that nobody can reproduce.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minimise } from './optimise.ts'

const SEARCH = { step: 0.5, tolerance: 1e-14, maxEvaluations: 5000 }

function distance(point: readonly number[], other: readonly number[]): number {
  return Math.hypot(...point.map((x, axis) => x - (other[axis] ?? NaN)))
}

test('it finds the bottom of the curved valley of Rosenbrock', () => {
  const valley = ([x = 0, y = 0]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2
  const found = minimise(valley, [-1.2, 1], SEARCH)
  expect(found.isConverged).toBe(true)
  expect(distance(found.point, [1, 1])).toBeLessThan(1e-6)
})

test('it finds the bottom of any bowl in four dimensions, from anywhere near', () => {
  const four = (min: number, max: number) =>
    fc.array(fc.double({ min, max, noNaN: true }), { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(four(-5, 5), four(0.5, 4), (bottom, steepness) => {
      const bowl = (point: readonly number[]) =>
        point.reduce((sum, x, i) => sum + (steepness[i] ?? 0) * (x - (bottom[i] ?? 0)) ** 2, 3)
      const first = minimise(bowl, [0, 0, 0, 0], SEARCH)
      const found = minimise(bowl, first.point, SEARCH)
      expect(distance(found.point, bottom)).toBeLessThan(1e-4)
      expect(found.value).toBeCloseTo(3, 8)
    }),
  )
})

test('what is not allowed is never returned', () => {
  const walled = ([x = 0, y = 0]: readonly number[]) => (x < 1 ? Infinity : x * x + y * y)
  const { point, value } = minimise(walled, [2, 1], SEARCH)
  expect(point[0]).toBeGreaterThanOrEqual(1)
  expect(value).toBeCloseTo(1, 4)
})

test('a search that ran out of tries says so', () => {
  const slope = ([x = 0]: readonly number[]) => x
  expect(minimise(slope, [0], { ...SEARCH, maxEvaluations: 50 }).isConverged).toBe(false)
})
