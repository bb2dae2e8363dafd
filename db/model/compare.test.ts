import { expect, test } from 'vitest'
import { must } from './assert.ts'
import {
  casesOf,
  endingWith,
  isStale,
  isThin,
  lineOf,
  NO_VALUES,
  recordedValues,
  yearEarlier,
} from './compare.ts'
import { metricsOf, NO_SUMS } from './metrics.ts'
import { parsePeriod } from './period.ts'

// A manager acts on what is marked. A mark from noise sends her to the wrong store; a zero where
// nothing was recorded, or a store whose tablet is silent, would be marked every time.

const DAY = 86_400_000
const october = must(parsePeriod('2026-10'), 'a period')
const sums = (part: Partial<typeof NO_SUMS>) => ({ ...NO_SUMS, ...part })
const valuesOf = (part: Partial<typeof NO_SUMS>) => metricsOf(sums(part))

test('before the first record there is no data, and a silent period in between has none either', () => {
  const seen = sums({ identified: 5, visitors: 4, new: 1, returning: 3, active: 4, tagged: 2 })
  const silent = sums({ active: 3, tagged: 1 })
  const values = recordedValues([NO_SUMS, seen, silent, seen])
  expect(values[0]).toEqual(NO_VALUES)
  expect(values[1]).toMatchObject({ visits: 5, active: 4 })
  expect(values[2]).toEqual({ ...NO_VALUES, active: 3, tag_coverage: 1 / 3 })
  expect(values[3]?.visits).toBe(5)
})

test('customers who were only seen elsewhere are known, the store’s own visits are not', () => {
  const [values] = recordedValues([sums({ active: 2, new: 1, returning: 1 })])
  expect(values).toMatchObject({ new: 1, returning: 1, visits: null, visitors: null })
})

test('a value within the swing of those before it is no news, one beyond it is', () => {
  const quiet = [50, 52, 49, 51, 50, 53, 48, 51, 50, 52, 49, 51]
  expect(lineOf([...quiet, 55], true).breaks).toBeNull()
  expect(lineOf([...quiet, 62], true).breaks).toBe('above')
  expect(lineOf([...quiet, 41], true).breaks).toBe('below')
  expect(lineOf([...quiet, 41], false).breaks).toBeNull()
})

test('a stock that grows as ever is no news, one that stops growing is', () => {
  const growing = [200, 211, 219, 231, 240, 251, 259, 270, 281, 290, 301, 309]
  expect(lineOf([...growing, 320], true).breaks).toBe('above') // As of what happens in a period.
  const stock = (newest: number) => lineOf([...growing, newest], true, true).breaks
  expect([stock(320), stock(318), stock(330), stock(300)]).toEqual([null, null, 'above', 'below'])
  const gap = [...growing.slice(0, -1), null, 320]
  expect(lineOf(gap, true, true).limits).toBeNull()
  expect(lineOf([...growing.slice(-6), 320], true, true).breaks).toBeNull() // Five moves.
})

test('with fewer than six values before it, nothing is judged', () => {
  const few = lineOf([50, 52, 49, 51, 50, 500], true)
  expect(few).toMatchObject({ limits: null, breaks: null })
  expect(lineOf([...few.values, 51, 50, null], true).breaks).toBeNull()
})

test('figures are stale when tablets are silent for over three days within the period', () => {
  const now = (october.to + 10) * DAY
  expect(isStale((october.to - 4) * DAY, october, now)).toBe(true)
  expect(isStale((october.to + 1) * DAY, october, now)).toBe(false) // The whole month came in.
  expect(isStale((october.to - 2) * DAY, october, october.to * DAY)).toBe(false)
  expect(isStale(null, october, now)).toBe(false) // Imported: no tablet is waited for.
})

test('a ratio of fewer than ten cases is thin, a count never is', () => {
  const few = valuesOf({ identified: 3, spend: 10, sales: 2, active: 9, tagged: 3 })
  expect(isThin('spend_per_visit', few)).toBe(true)
  expect(isThin('tag_coverage', few)).toBe(true)
  expect(isThin('visits', few)).toBe(false)
  expect(casesOf('tag_coverage', few)).toBe(9)
  expect(isThin('tag_coverage', valuesOf({ active: 10, tagged: 3 }))).toBe(false)
  expect(isThin('identified_rate', few)).toBe(false) // No tally, no rate.
})

test('a figure rests on its own denominator, not on all visits', () => {
  const busy = { identified: 120, anonymous: 3, identified_tallied: 4, sales: 9, spend: 9000 }
  const values = valuesOf(busy)
  expect(casesOf('identified_rate', values)).toBe(7)
  expect(casesOf('spend_per_visit', values)).toBe(9)
  expect(isThin('identified_rate', values)).toBe(true)
  expect(isThin('spend_per_visit', values)).toBe(true)
  expect(isThin('spend_per_visit', valuesOf({ ...busy, sales: 10 }))).toBe(false)
})

const period = (text: string) => must(parsePeriod(text), `${text} is a period`)

test('a year earlier is the same month or quarter, and of weeks the same weekdays', () => {
  const pairs = [
    ['2026', '2025'],
    ['2026-Q1', '2025-Q1'],
    ['2024-02', '2023-02'],
    ['2026-W41', '2025-W41'],
    ['28d@2026-11-20', '28d@2025-11-21'],
    ['2026-01-05..2026-01-11', '2025-01-06..2025-01-12'],
  ] as const
  for (const [text, earlier] of pairs) expect(yearEarlier(period(text)).text).toBe(earlier)
})

test('periods end with the one asked for; those by days reach back 400 days at most', () => {
  const texts = (text: string) => endingWith(period(text), 13).map((one) => one.text)
  expect(texts('2026-10')).toHaveLength(13)
  expect([texts('2026-10')[0], texts('2026-10')[12]]).toEqual(['2025-10', '2026-10'])
  expect(texts('90d@2026-11-20')).toHaveLength(4)
  expect(texts('2024-01-01..2026-06-30')).toHaveLength(2)
})
