// What is at stake: a region's customers counted twice or left out when its stores are added up, or
// a median of medians. Each sum is compared to the whole list of people it is the sum of. The
// figures of one customer are tested with their own formulas.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { medianGapDays } from '../stats/kaplan-meier.ts'
import { median } from '../stats/quantile.ts'
import { countGaps, gapsWithOpen, ownGapDays, repeatIntervalDays } from './repeat.ts'
import { RFM_GROUPS } from './rfm-group.ts'
import {
  addRhythms,
  medianOfCounts,
  repeatFigures,
  rhythmOfCustomer,
  type RhythmRules,
  type RhythmSums,
  sumRhythms,
} from './store-rhythm.ts'

const TODAY = 20_400
const RULES: RhythmRules = {
  today: TODAY,
  breaks: { daysSince: [7, 21, 60, 150], spendMinor: [100, 200, 400, 800] },
  model: { r: 0.8, alpha: 25, a: 0.9, b: 2.5 },
}

const visit = fc.record({
  day: fc.integer({ min: TODAY - 500, max: TODAY }),
  sales: fc.nat(2),
  spend_minor: fc.nat(500),
})
const customer = fc.array(visit, { maxLength: 9 })
const book = fc.array(customer, { maxLength: 12 })

/** Sums as plain data, with what was added up in another order rounded alike. */
function plain(sums: RhythmSums) {
  const round = (value: number) => Number(value.toFixed(9))
  const own_gaps = [...sums.own_gaps].sort(([a], [b]) => a - b)
  return { ...sums, own_gaps, alive: round(sums.alive), expected: round(sums.expected) }
}

test('what the stores come to together is what all their customers come to', () => {
  fc.assert(
    fc.property(fc.array(book, { maxLength: 4 }), (books) => {
      const parts = addRhythms(books.map((one) => sumRhythms(one, RULES)))
      expect(plain(parts)).toEqual(plain(sumRhythms(books.flat(), RULES)))
    }),
  )
})

test('each customer stands in one group, with the spend of a year', () => {
  fc.assert(
    fc.property(book, (customers) => {
      const { groups } = sumRhythms(customers, RULES)
      const sum = (pick: (group: (typeof groups)['new']) => number) =>
        RFM_GROUPS.reduce((total, group) => total + pick(groups[group]), 0)
      const inYear = customers
        .flat()
        .filter(({ day, sales }) => day > TODAY - 365 && sales > 0)
        .reduce((total, row) => total + row.spend_minor, 0)
      expect(sum((group) => group.customers)).toBe(customers.length)
      expect(sum((group) => group.spend_minor)).toBe(inYear)
      expect(groups.prospects.customers).toBe(customers.filter((one) => one.length === 0).length)
    }),
  )
})

test('the repeat interval is that of the list of customers, open gaps and all', () => {
  fc.assert(
    fc.property(book, (customers) => {
      const days = customers.map((one) => one.map((row) => row.day))
      const found = repeatFigures(sumRhythms(customers, RULES))
      expect(found.median_days).toBe(repeatIntervalDays(days, TODAY))
      expect(found.customers).toBe(days.filter((one) => ownGapDays(one, TODAY) !== null).length)
      const gaps = days.flatMap((one) => gapsWithOpen(one, TODAY))
      expect(found.kaplan_meier_days).toBe(medianGapDays(countGaps(gaps)))
      expect(found.closed + found.open).toBe(gaps.length)
    }),
  )
})

test('the median of counted values is that of the values', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 })), (values) => {
      const counts = new Map<number, number>()
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
      expect(medianOfCounts(counts)).toBe(median(values))
    }),
  )
})

test('who came once is expected again, but says nothing about who stays', () => {
  const once = [{ day: TODAY - 200, sales: 1, spend_minor: 90 }]
  const often = [TODAY - 200, TODAY - 150, TODAY - 100].map((day) => ({ ...once[0]!, day }))
  const sums = sumRhythms([once, often, []], RULES)
  const known = rhythmOfCustomer(often, RULES)
  expect(sums).toMatchObject({ customers: 2, repeaters: 1, modelled: 2, modelled_repeaters: 1 })
  expect(sums.alive).toBe(known.alive)
  expect(sums.expected).toBeGreaterThan(known.expected ?? Infinity)
})

test('without a model nothing is said of who stays', () => {
  const sums = sumRhythms([[{ day: TODAY, sales: 0, spend_minor: 0 }]], { ...RULES, model: null })
  expect(sums).toMatchObject({ customers: 1, modelled: 0, alive: 0, expected: 0 })
})
