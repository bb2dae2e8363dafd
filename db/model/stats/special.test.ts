// Reference values were computed once with SciPy 1.17. Everything exact above rests on these tails.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  betaCdf,
  gammaCdf,
  logBeta,
  logGamma,
  normalCdf,
  roughNormalQuantile,
  solveQuantile,
} from './special.ts'

const shapes = fc.double({ min: 0.05, max: 5_000, noNaN: true })

test('log-gamma equals its reference from small to large arguments', () => {
  const known = [
    [0.5, 0.5723649429247],
    [1, 0],
    [3.2, 0.8854048271549091],
    [10, 12.801827480081469],
    [171.5, 709.1431630309283],
    [1e5, 1051287.7089736569],
  ] as const
  for (const [x, value] of known) {
    expect(Math.abs(logGamma(x) - value)).toBeLessThan(1e-14 * Math.max(10, value))
  }
})

test('log-gamma obeys the recurrence of the gamma function', () => {
  fc.assert(
    fc.property(shapes, (x) => {
      expect(logGamma(x + 1) - logGamma(x)).toBeCloseTo(Math.log(x), 9)
    }),
  )
})

test('the two tails of a beta distribution make one, and its cdf never falls', () => {
  const share = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true })
  fc.assert(
    fc.property(shapes, shapes, share, share, (a, b, x, y) => {
      expect(betaCdf(x, a, b) + betaCdf(1 - x, b, a)).toBeCloseTo(1, 8)
      const [low, high] = [betaCdf(Math.min(x, y), a, b), betaCdf(Math.max(x, y), a, b)]
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(1 + 1e-12)
      expect(high - low).toBeGreaterThanOrEqual(-1e-12)
    }),
  )
})

test('tails of whole-numbered shapes equal their closed forms', () => {
  expect(betaCdf(0.3, 1, 1)).toBeCloseTo(0.3, 14)
  expect(betaCdf(0.3, 3, 1)).toBeCloseTo(0.027, 14)
  expect(gammaCdf(2, 1)).toBeCloseTo(1 - Math.exp(-2), 14)
  expect(gammaCdf(7, 3)).toBeCloseTo(1 - Math.exp(-7) * (1 + 7 + 24.5), 14)
  expect(logBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 13)
})

test('the normal quantile inverts its cdf, roughly by formula and exactly by search', () => {
  expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 13)
  expect(normalCdf(-3.2905267314919255)).toBeCloseTo(0.0005, 13)
  for (const p of [0.0005, 0.05, 0.4, 0.6, 0.95, 0.9995]) {
    const curve = {
      cdf: normalCdf,
      density: (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI),
      low: -10,
      high: 10,
    }
    const exact = solveQuantile(curve, p, 0)
    expect(normalCdf(exact)).toBeCloseTo(p, 12)
    expect(Math.abs(roughNormalQuantile(p) - exact)).toBeLessThan(5e-4)
  }
})
