// Of one part the interval follows exactly from its posterior; the draws must find it.
import { expect, test } from 'vitest'
import { credibleInterval } from '../stats/posterior.ts'
import { seededRandom } from '../stats/random.ts'
import type { Posterior } from '../stats/shrink.ts'
import { drawScores, type WeightedEstimate } from './draws.ts'

const SCALE = { median: 0.4, sigma: 0.1 }
const REFERENCE = { scope: 'peers' as const, stores: 20, mean: 0.4 }

function partOf(posterior: Posterior, share = 1, better: 'higher' | 'lower' = 'higher') {
  const estimate = { fact: { x: 4, n: 10 }, raw: 0.4, theta: 0.4, z: 0, part: 50 }
  const whole = { ...estimate, posterior, scale: SCALE, reference: REFERENCE }
  return { estimate: whole, better, share } satisfies WeightedEstimate
}

/** The score of a figure on the scale above. */
const scoreOf = (theta: number) => 50 + ((theta - 0.4) / 0.1) * (50 / 3)

test('the interval of one part is the credible interval of its figure, on the scale', () => {
  const posterior: Posterior = { family: 'beta', alpha: 45, beta: 55 }
  const [drawn] = drawScores([[partOf(posterior)]], 20_000, 0.9, seededRandom(1))
  const exact = credibleInterval(posterior, 0.9)
  expect(Math.abs((drawn?.score.low ?? NaN) - scoreOf(exact.low))).toBeLessThan(0.4)
  expect(Math.abs((drawn?.score.high ?? NaN) - scoreOf(exact.high))).toBeLessThan(0.4)
  expect(drawn?.rank).toEqual({ low: 1, high: 1 })
})

test('where less is better the interval is turned round', () => {
  const posterior: Posterior = { family: 'gamma', shape: 60, rate: 120 }
  const [drawn] = drawScores([[partOf(posterior, 1, 'lower')]], 20_000, 0.9, seededRandom(2))
  const exact = credibleInterval(posterior, 0.9)
  expect(Math.abs((drawn?.score.low ?? NaN) - (100 - scoreOf(exact.high)))).toBeLessThan(0.5)
  expect(Math.abs((drawn?.score.high ?? NaN) - (100 - scoreOf(exact.low)))).toBeLessThan(0.5)
})

test('draws are cut at the ends of the scale, and independent parts narrow the sum', () => {
  const far: Posterior = { family: 'normal', mean: 0.9, sd: 0.05 }
  const [cut] = drawScores([[partOf(far)]], 500, 0.9, seededRandom(3))
  expect(cut?.score).toEqual({ low: 100, high: 100 })
  const wide: Posterior = { family: 'normal', mean: 0.4, sd: 0.05 }
  const two = [partOf(wide, 0.5), partOf(wide, 0.5)]
  const [one, both] = drawScores([[partOf(wide)], two], 20_000, 0.9, seededRandom(4))
  const widthOf = (drawn = one) => (drawn?.score.high ?? NaN) - (drawn?.score.low ?? NaN)
  expect(widthOf(both) / widthOf(one)).toBeCloseTo(Math.SQRT1_2, 1)
})

test('stores whose figures cannot be told apart hold each other’s ranks', () => {
  const store = (mean: number) => [partOf({ family: 'normal', mean, sd: 0.02 })]
  const drawn = drawScores([store(0.41), store(0.4), store(0.2)], 1000, 0.9, seededRandom(5))
  expect(drawn.map(({ rank }) => rank)).toEqual([
    { low: 1, high: 2 },
    { low: 1, high: 2 },
    { low: 3, high: 3 },
  ])
})

test('where peers do not differ a part is its middle in every draw', () => {
  const part = partOf({ family: 'beta', alpha: 4, beta: 6 })
  const flat = { ...part, estimate: { ...part.estimate, scale: { median: 0.4, sigma: 0 } } }
  const [drawn] = drawScores([[flat]], 50, 0.9, seededRandom(6))
  expect(drawn?.score).toEqual({ low: 50, high: 50 })
})
