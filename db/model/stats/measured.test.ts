import { expect, test } from 'vitest'
import { must } from '../assert.ts'
import { growthOf, ratioOfSums } from './measured.ts'
import { drawGamma, seededRandom, type Random } from './random.ts'

/** Thirteen weeks of 20 to 60 sales each, every sale around 80 and widely spread. */
function weeksOf(random: Random, scale = 1) {
  return Array.from({ length: 13 }, () => {
    const n = 20 + Math.floor(random() * 41)
    let x = 0
    for (let sale = 0; sale < n; sale += 1) x += scale * 40 * drawGamma(random, 2)
    return { x, n }
  })
}

test('the value is the ratio of the sums, not the mean of the ratios', () => {
  const weeks = [
    { x: 100, n: 1 },
    { x: 900, n: 18 },
    { x: 0, n: 0 },
    { x: 450, n: 9 },
    { x: 550, n: 12 },
  ]
  expect(ratioOfSums(weeks)?.value).toBe(50)
  // Differences from 50 per sale: 50, 0, 0, -50.
  expect(ratioOfSums(weeks)?.error).toBeCloseTo(Math.sqrt((5000 * 4) / 3) / 40, 12)
})

test('of ten intervals of 1.64 errors about nine hold the truth', () => {
  const random = seededRandom(7)
  let [mean, growth] = [0, 0]
  for (let round = 0; round < 500; round += 1) {
    const before = must(ratioOfSums(weeksOf(random)), 'weeks')
    const now = must(ratioOfSums(weeksOf(random, 1.1)), 'weeks')
    const change = must(growthOf(now, before), 'growth')
    if (Math.abs(before.value - 80) < 1.64 * before.error) mean += 1
    if (Math.abs(change.value - 0.1) < 1.64 * change.error) growth += 1
  }
  // Thirteen weeks make the error itself a little uncertain: 87 % rather than 90 %.
  for (const held of [mean / 500, growth / 500]) {
    expect(held).toBeGreaterThan(0.83)
    expect(held).toBeLessThan(0.94)
  }
})

test('too few weeks, weeks without any difference, and growth from nothing are no data', () => {
  const week = { x: 50, n: 1 }
  expect(ratioOfSums([week, { x: 60, n: 1 }, week])).toBeNull()
  expect(ratioOfSums([week, week, week, week, week])).toBeNull()
  expect(ratioOfSums([])).toBeNull()
  expect(growthOf({ value: 5, error: 1 }, { value: 0, error: 1 })).toBeNull()
})
