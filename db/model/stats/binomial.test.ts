// Funnel limits are drawn from these. Reference values: SciPy 1.17.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { binomialCdf, binomialProbability, binomialQuantile } from './binomial.ts'

const probability = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true })

test('the cdf equals its reference from five trials to a hundred thousand', () => {
  const known = [
    [3, 10, 0.3, 0.6496107184],
    [0, 5, 0.2, 0.32768],
    [120, 400, 0.35, 0.019564497229028734],
    [5100, 10_000, 0.5, 0.9777871004769597],
    [40, 100_000, 0.0005, 0.08601624512809095],
    [999, 1000, 0.999, 0.6323045752290363],
  ] as const
  for (const [successes, trials, p, value] of known) {
    expect(Math.abs(binomialCdf(successes, trials, p) - value)).toBeLessThan(1e-10)
  }
})

test('the quantile equals its reference', () => {
  const known = [
    [0.025, 10, 0.3, 0],
    [0.975, 10, 0.3, 6],
    [0.0005, 400, 0.35, 109],
    [0.9995, 400, 0.35, 172],
    [0.025, 100_000, 0.0005, 37],
    [0.5, 1, 0.5, 0],
  ] as const
  for (const [share, trials, p, successes] of known) {
    expect(binomialQuantile(share, trials, p)).toBe(successes)
  }
})

test('the cdf is the sum of the probabilities', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), probability, (trials, p) => {
      let sum = 0
      for (let successes = 0; successes <= trials; successes += 1) {
        sum += binomialProbability(successes, trials, p)
        expect(binomialCdf(successes, trials, p)).toBeCloseTo(sum, 10)
      }
    }),
  )
})

test('the quantile is the first number of successes that reaches the share', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5_000 }), probability, probability, (n, p, share) => {
      const successes = binomialQuantile(share, n, p)
      expect(binomialCdf(successes, n, p)).toBeGreaterThanOrEqual(share - 1e-15)
      if (successes > 0) expect(binomialCdf(successes - 1, n, p)).toBeLessThan(share)
    }),
  )
})

test('what cannot be a number of trials or a probability is a bug', () => {
  expect(() => binomialCdf(1, 2.5, 0.5)).toThrow('whole')
  expect(() => binomialQuantile(0.5, 10, 1.2)).toThrow('within 0 to 1')
})
