// What is at stake: every expectation of the visit model goes through this function. It is held
// against its values in closed form and an identity.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hypergeometric, logHypergeometricTail } from './hypergeometric.ts'

const positive = fc.double({ min: 0.05, max: 40, noNaN: true })
const argument = fc.double({ min: 0, max: 0.95, noNaN: true })

/** How far `found` is from `wanted`, as a share of it. */
function error(found: number, wanted: number): number {
  return Math.abs(found - wanted) / Math.max(Math.abs(wanted), 1e-300)
}

test('the hypergeometric function is the logarithm and the power where it should be', () => {
  fc.assert(
    fc.property(positive, positive, argument, (a, b, z) => {
      const power = (1 - z) ** -a
      expect(error(hypergeometric(a, b, b, z), power)).toBeLessThan(1e-11)
      const logarithm = z === 0 ? 1 : -Math.log1p(-z) / z
      expect(error(hypergeometric(1, 1, 2, z), logarithm)).toBeLessThan(1e-11)
    }),
  )
})

test('the hypergeometric function agrees with its other form (Euler)', () => {
  fc.assert(
    fc.property(positive, positive, positive, argument, (a, b, more, z) => {
      const c = Math.max(a, b) + more
      const other = (1 - z) ** (c - a - b) * hypergeometric(c - a, c - b, c, z)
      expect(error(hypergeometric(a, b, c, z), other)).toBeLessThan(1e-9)
    }),
  )
})

test('a value too large for a number still has its logarithm', () => {
  const [a, b, z] = [3000, 2, 0.5]
  expect(hypergeometric(a, b, b, z)).toBe(Infinity)
  const logPower = -a * Math.log1p(-z)
  const found = logHypergeometricTail(a, b, b, z) + Math.log(a * z)
  expect(error(found, logPower)).toBeLessThan(1e-12)
})

test('what lies outside of the series is a bug and no number', () => {
  expect(() => hypergeometric(NaN, 1, 2, 0.5)).toThrow(/outside/)
  expect(() => hypergeometric(1, 1, 2, 1)).toThrow(/outside/)
  expect(() => logHypergeometricTail(1, 1, -1, 0.5)).toThrow(/outside/)
  expect(() => hypergeometric(1, 1, 2, 1 - 1e-12)).toThrow(/does not converge/)
})
