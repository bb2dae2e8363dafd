import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wilsonInterval } from './wilson.ts'

test('the interval equals the reference of SciPy', () => {
  const known = [
    [0, 10, 0, 0.27753279986288926],
    [3, 10, 0.10779126740630102, 0.6032218525388546],
    [10, 10, 0.7224672001371109, 1],
    [55, 200, 0.21779700329307353, 0.34068339357669647],
  ] as const
  for (const [successes, trials, low, high] of known) {
    const interval = wilsonInterval(successes, trials)
    expect(interval?.low).toBeCloseTo(low, 12)
    expect(interval?.high).toBeCloseTo(high, 12)
  }
})

test('without trials there is no interval', () => {
  expect(wilsonInterval(0, 0)).toBeNull()
})

test('the share lies inside, and the interval of failures is the mirror', () => {
  const trials = fc.integer({ min: 1, max: 100_000 })
  fc.assert(
    fc.property(trials, fc.double({ min: 0, max: 1, noNaN: true }), (n, part) => {
      const x = Math.round(n * part)
      const interval = wilsonInterval(x, n) ?? { low: NaN, high: NaN }
      const mirror = wilsonInterval(n - x, n) ?? { low: NaN, high: NaN }
      expect(interval.low).toBeLessThanOrEqual(x / n)
      expect(interval.high).toBeGreaterThanOrEqual(x / n)
      expect(interval.low + mirror.high).toBeCloseTo(1, 10)
    }),
  )
})
