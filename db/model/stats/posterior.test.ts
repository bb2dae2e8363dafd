// Quick draws must not bend the interval that is shown: their shape is set against the exact one.
import { expect, test } from 'vitest'
import { credibleInterval, fillDraws, posteriorQuantile, standardDeviation } from './posterior.ts'
import { seededRandom } from './random.ts'
import type { Posterior } from './shrink.ts'

const POSTERIORS: Posterior[] = [
  { family: 'normal', mean: -2, sd: 0.4 },
  { family: 'beta', alpha: 2.5, beta: 40 },
  { family: 'beta', alpha: 12, beta: 12 },
  { family: 'beta', alpha: 12, beta: 30 },
  { family: 'beta', alpha: 30, beta: 900 },
  { family: 'beta', alpha: 0.4, beta: 6 },
  { family: 'gamma', shape: 0.7, rate: 3 },
  { family: 'gamma', shape: 12, rate: 0.5 },
  { family: 'gamma', shape: 900, rate: 40 },
]

test('draws lie below each exact quantile as often as it says', () => {
  const draws = new Float64Array(100_000)
  POSTERIORS.forEach((posterior, index) => {
    fillDraws(posterior, seededRandom(index), draws)
    for (const share of [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) {
      const exact = posteriorQuantile(posterior, share)
      const below = draws.filter((draw) => draw <= exact).length / draws.length
      // Three and a half standard errors of a share of the draws.
      expect(Math.abs(below - share)).toBeLessThan(3.5 * Math.sqrt((share * (1 - share)) / 100_000))
    }
  })
})

test('quantiles equal their reference', () => {
  // SciPy 1.17.
  const beta = (alpha: number, b: number): Posterior => ({ family: 'beta', alpha, beta: b })
  const gamma = (shape: number, rate: number): Posterior => ({ family: 'gamma', shape, rate })
  expect(posteriorQuantile(beta(2, 3), 0.05)).toBeCloseTo(0.09761146288641434, 12)
  expect(posteriorQuantile(beta(30, 60), 0.95)).toBeCloseTo(0.4167418157334105, 12)
  expect(posteriorQuantile(beta(0.7, 12), 0.05)).toBeCloseTo(0.0010257476181528896, 12)
  expect(posteriorQuantile(beta(400, 1000), 0.975)).toBeCloseTo(0.30965477403263697, 12)
  expect(posteriorQuantile(gamma(2.5, 1), 0.05)).toBeCloseTo(0.5727381130308846, 11)
  expect(posteriorQuantile(gamma(30, 2), 0.95)).toBeCloseTo(39.54097224392437 / 2, 10)
  expect(posteriorQuantile(gamma(0.4, 1), 0.9)).toBeCloseTo(1.1298428254726487, 11)
  expect(posteriorQuantile({ family: 'normal', mean: 3, sd: 2 }, 0.95)).toBeCloseTo(
    3 + 2 * 1.6448536269514722,
    11,
  )
})

test('a point has no width, in its draws and in its interval', () => {
  const draws = new Float64Array(3)
  fillDraws({ family: 'point', value: 0.4 }, seededRandom(1), draws)
  expect([...draws]).toEqual([0.4, 0.4, 0.4])
  expect(credibleInterval({ family: 'point', value: 0.4 }, 0.9)).toEqual({ low: 0.4, high: 0.4 })
})

test('the standard deviation is that of the draws', () => {
  for (const posterior of POSTERIORS) {
    const draws = new Float64Array(20_000)
    fillDraws(posterior, seededRandom(3), draws)
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
    const squares = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0)
    const found = Math.sqrt(squares / draws.length) / standardDeviation(posterior)
    expect(found, JSON.stringify(posterior)).toBeCloseTo(1, 1)
  }
  expect(standardDeviation({ family: 'point', value: 7 })).toBe(0)
})
