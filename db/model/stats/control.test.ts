import fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from '../assert.ts'
import { breaksOf, ewma, naturalLimits } from './control.ts'
import { drawNormal, seededRandom } from './random.ts'

/** Weeks of standard normal values, from week `shiftAt` on moved by `shift`. */
function weeksOf(seed: number, weeks: number, shift = 0, shiftAt = 0): number[] {
  const random = seededRandom(seed)
  return Array.from({ length: weeks }, (_, week) => {
    return drawNormal(random) + (week >= shiftAt ? shift : 0)
  })
}

test('natural limits follow from the mean and the ranges between neighbours', () => {
  // Ranges 2, 4, 3, 1, 5: their mean is 3, and 2.66 of it lies between centre and limit.
  const limits = must(naturalLimits([10, 12, 8, 11, 12, 7]), 'limits')
  expect(limits.centre).toBe(10)
  expect(limits.high - limits.centre).toBeCloseTo(2.66 * 3, 1)
  expect(limits.low).toBeCloseTo(20 - limits.high, 12)
  expect(limits.range_high).toBeCloseTo(3.267 * 3, 12)
})

test('a jump breaks the limits of the quiet weeks before it', () => {
  const quiet = [20, 22, 19, 21, 20, 23, 21, 20]
  const limits = must(naturalLimits(quiet), 'limits')
  expect(breaksOf([...quiet, 35, null, 5], limits)).toEqual([
    ...quiet.map(() => null),
    'above',
    null,
    'below',
  ])
})

test('a missing week is no zero, and no neighbour', () => {
  const limits = must(naturalLimits([10, 12, null, 40, 42, 41, 40]), 'limits')
  expect(limits.centre).toBeCloseTo(185 / 6, 12)
  expect(limits.range_high).toBeCloseTo((3.267 * (2 + 2 + 1 + 1)) / 4, 12)
  expect(naturalLimits([1, 2, 3, 4, 5])).toBeNull()
  expect(naturalLimits([1, null, 2, null, 3, null, 4, null, 5, null, 6])).toBeNull()
})

test('the weighted mean and its limits equal their closed forms', () => {
  const values = [1, -2, 0.5, 3]
  const points = ewma(values, { centre: 0, sigma: 1 })
  points.forEach((point, index) => {
    const weighted = values
      .slice(0, index + 1)
      .reduce((sum, value, k) => sum + 0.2 * 0.8 ** (index - k) * value, 0)
    expect(point.mean).toBeCloseTo(weighted, 12)
    const variance = (0.2 / 1.8) * (1 - 0.8 ** (2 * (index + 1)))
    expect(point.high).toBeCloseTo(3 * Math.sqrt(variance), 12)
    expect(point.low).toBe(-point.high)
  })
})

test('a missing week changes neither mean nor limits, and breaks nothing', () => {
  const value = fc.option(fc.double({ min: -9, max: 9, noNaN: true }))
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), (series) => {
      const centred = { centre: 1, sigma: 2 }
      const all = ewma(series, centred)
      const dense = series.filter((entry) => entry !== null)
      const kept = all.filter((_, index) => series[index] !== null)
      expect(kept).toEqual(ewma(dense, centred))
      expect(all.every(({ breaks }, index) => breaks === null || series[index] !== null)).toBe(true)
    }),
  )
})

test('a slow slide is found that no single week shows, and quiet weeks rarely alarm', () => {
  const limits = { low: -3, high: 3 }
  const centred = { centre: 0, sigma: 1 }
  let found = 0
  let foundByValue = 0
  let falseAlarms = 0
  for (let seed = 0; seed < 200; seed += 1) {
    const slid = weeksOf(seed, 20, -1)
    if (ewma(slid, centred).some(({ breaks }) => breaks === 'below')) found += 1
    if (breaksOf(slid, limits).includes('below')) foundByValue += 1
    if (ewma(weeksOf(seed + 1000, 52), centred).some(({ breaks }) => breaks)) falseAlarms += 1
  }
  expect(found / 200).toBeGreaterThan(0.8)
  expect(foundByValue / 200).toBeLessThan(0.5)
  // The average run between false alarms is about 560 weeks: in a year about one store in eleven.
  expect(falseAlarms / 200).toBeLessThan(0.16)
})
