// Figures that are drawn must be drawn from what they say. Each sample is set against its exact
// distribution by Kolmogorov's distance; 1.63 / sqrt(n) is exceeded by chance once in a hundred.
import { expect, test } from 'vitest'
import {
  drawBeta,
  drawBinomial,
  drawGamma,
  drawNormal,
  fillNormals,
  seededRandom,
  type Random,
} from './random.ts'
import { betaCdf, gammaCdf, normalCdf } from './special.ts'
import { binomialCdf } from './binomial.ts'

const DRAWS = 20_000

/** Largest distance between the sample's steps and the exact cdf, times sqrt(n). */
function distance(sample: Float64Array, cdf: (x: number) => number): number {
  const sorted = sample.toSorted()
  let largest = 0
  sorted.forEach((x, index) => {
    const exact = cdf(x)
    const [below, above] = [index / sorted.length, (index + 1) / sorted.length]
    largest = Math.max(largest, Math.abs(exact - below), Math.abs(exact - above))
  })
  return largest * Math.sqrt(sorted.length)
}

function sampleOf(seed: number, draw: (random: Random) => number): Float64Array {
  const random = seededRandom(seed)
  return Float64Array.from({ length: DRAWS }, () => draw(random))
}

test('a seed gives its own numbers again, and neighbouring seeds give others', () => {
  const first = (seed: number) => {
    const random = seededRandom(seed)
    return Array.from({ length: 5 }, random)
  }
  expect(first(1)).toEqual(first(1))
  const all = Array.from({ length: 200 }, (_, seed) => first(seed)).flat()
  expect(new Set(all).size).toBe(1000)
  expect(all.every((share) => share >= 0 && share < 1)).toBe(true)
})

test('numbers are even, and one tells nothing of the next', () => {
  const sample = sampleOf(11, (random) => random())
  expect(distance(sample, (x) => x)).toBeLessThan(1.63)
  let together = 0
  for (let i = 1; i < DRAWS; i += 1) {
    together += ((sample[i - 1] ?? NaN) - 0.5) * ((sample[i] ?? NaN) - 0.5)
  }
  expect(Math.abs((together / DRAWS) * 12)).toBeLessThan(3 / Math.sqrt(DRAWS))
})

test('normal draws are normal, one by one and by the array, of odd length too', () => {
  expect(distance(sampleOf(12, drawNormal), normalCdf)).toBeLessThan(1.63)
  const filled = new Float64Array(DRAWS + 1)
  fillNormals(seededRandom(13), filled)
  expect(distance(filled, normalCdf)).toBeLessThan(1.63)
})

test('gamma and beta draws follow their distributions, also below shape 1', () => {
  for (const shape of [0.3, 1, 4.5, 300]) {
    const sample = sampleOf(14, (random) => drawGamma(random, shape))
    expect(distance(sample, (x) => gammaCdf(x, shape))).toBeLessThan(1.63)
  }
  for (const [a, b] of [
    [0.5, 0.5],
    [2, 30],
    [80, 40],
  ] as const) {
    const sample = sampleOf(15, (random) => drawBeta(random, a, b))
    expect(distance(sample, (x) => betaCdf(x, a, b))).toBeLessThan(1.63)
  }
})

test('binomial draws come as often as they should', () => {
  const sample = sampleOf(16, (random) => drawBinomial(random, 20, 0.3))
  for (const x of [2, 5, 8]) {
    const share = sample.filter((draw) => draw <= x).length / DRAWS
    expect(Math.abs(share - binomialCdf(x, 20, 0.3))).toBeLessThan(0.012)
  }
})
