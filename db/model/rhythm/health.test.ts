// What is at stake: a light that is red for somebody who always takes that long, or green for
// somebody who is gone.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { customerHealth } from './health.ts'

const TODAY = 20_500

/** Visit days with these gaps, the last of them `ago` days before today. */
function visits(gaps: readonly number[], ago: number): number[] {
  let day = TODAY - ago
  return [day, ...[...gaps].reverse().map((gap) => (day -= gap))]
}

test.each([
  [0, 'green'],
  [44, 'green'],
  [45, 'amber'],
  [74, 'amber'],
  [75, 'red'],
  [300, 'red'],
] as const)('a rhythm of 30 days, %i days after the last visit: %s', (ago, light) => {
  const health = customerHealth(visits([30, 30, 30], ago), TODAY, null)
  expect(health).toEqual({ light, ratio: ago / 30, daysSince: ago, gapDays: 30, basis: 'own' })
})

test('with three gaps the segment says nothing any more', () => {
  const days = visits([10, 20, 60], 40)
  expect(customerHealth(days, TODAY, 500)).toEqual(customerHealth(days, TODAY, null))
  expect(customerHealth(days, TODAY, 500).gapDays).toBe(20)
})

test('with fewer gaps the segment stands in for each that is missing', () => {
  const two = customerHealth(visits([10, 20], 40), TODAY, 60)
  expect(two).toMatchObject({ gapDays: (2 * 15 + 60) / 3, basis: 'shrunk', light: 'green' })
  const one = customerHealth(visits([10], 40), TODAY, 60)
  expect(one).toMatchObject({ gapDays: (10 + 2 * 60) / 3, basis: 'shrunk' })
})

test('somebody new is grey for 30 days, then held against the segment', () => {
  expect(customerHealth(visits([], 30), TODAY, 15)).toMatchObject({ light: 'grey', ratio: 2 })
  const after = customerHealth(visits([], 31), TODAY, 15)
  expect(after).toMatchObject({ light: 'amber', basis: 'segment', gapDays: 15 })
})

test('two visits on one day are one, so such a customer is still new', () => {
  expect(customerHealth([TODAY - 5, TODAY - 5], TODAY, 1).light).toBe('grey')
})

test('without a visit, or without any rhythm, the light is grey and never green', () => {
  expect(customerHealth([], TODAY, 30)).toMatchObject({ light: 'grey', ratio: null })
  expect(customerHealth([TODAY + 3], TODAY, 30).daysSince).toBeNull()
  const alone = customerHealth(visits([7], 100), TODAY, null)
  expect(alone).toMatchObject({ light: 'grey', ratio: null, basis: 'none', daysSince: 100 })
  expect(customerHealth(visits([7], 100), TODAY, 0).ratio).toBeNull()
})

test('somebody gone for more than a year is red by the rhythm they had', () => {
  const gone = customerHealth(visits([20, 20, 20], 500), TODAY, null)
  expect(gone).toMatchObject({ light: 'red', gapDays: 20, basis: 'own' })
})

test('a rhythm of years ago does not count', () => {
  const days = [...visits([3, 3, 3, 3], 800), ...visits([40, 40, 40], 50)]
  expect(customerHealth(days, TODAY, null)).toMatchObject({ gapDays: 40, light: 'green' })
})

test('staying away never makes a light better, and order of arrival does not matter', () => {
  const order = ['grey', 'green', 'amber', 'red']
  const gap = fc.integer({ min: 1, max: 120 })
  fc.assert(
    fc.property(
      fc.array(gap, { maxLength: 6 }),
      fc.option(gap),
      fc.nat(400),
      (gaps, segment, ago) => {
        const days = visits(gaps, ago)
        const now = customerHealth(days, TODAY, segment)
        const then = customerHealth(days, TODAY + 1, segment)
        expect(order.indexOf(then.light)).toBeGreaterThanOrEqual(order.indexOf(now.light))
        expect(customerHealth([...days].reverse(), TODAY, segment)).toEqual(now)
      },
    ),
  )
})
