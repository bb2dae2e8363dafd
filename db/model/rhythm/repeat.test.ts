// What is at stake: the repeat interval says when a silence is long, and the activity window says
// who is lost. An open gap that is dropped or taken for closed moves both.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { medianGapDays } from '../stats/kaplan-meier.ts'
import {
  countGaps,
  type Gap,
  gapsWithOpen,
  ownGapDays,
  REPEAT_WINDOW_DAYS,
  repeatGaps,
  repeatIntervalDays,
  suggestActivityWindowDays,
} from './repeat.ts'

const TODAY = 20_500
const day = fc.integer({ min: TODAY - 500, max: TODAY + 20 })
const closed = (days: number): Gap => ({ days, isCensored: false })
const days = fc.array(day, { maxLength: 30 })

test('a gap is the days from one visit day to the next, two visits on a day are one', () => {
  expect(repeatGaps([TODAY, TODAY - 30, TODAY - 30, TODAY - 37], TODAY)).toEqual([7, 30])
})

test('gaps are those of the year that ends today', () => {
  const old = TODAY - REPEAT_WINDOW_DAYS
  expect(repeatGaps([old, old + 1, TODAY, TODAY + 1], TODAY)).toEqual([REPEAT_WINDOW_DAYS - 1])
})

test('a single visit day has no gap, and so no median', () => {
  expect(ownGapDays([], TODAY)).toBeNull()
  expect(ownGapDays([TODAY - 3, TODAY - 3], TODAY)).toBeNull()
  expect(ownGapDays([TODAY - 10, TODAY - 3], TODAY)).toBe(7)
})

test('a store’s interval is the median of its customers, however often each comes', () => {
  const weekly = Array.from({ length: 40 }, (_, week) => TODAY - 7 * week)
  const monthly = [TODAY - 60, TODAY - 30, TODAY]
  const quarterly = [TODAY - 90, TODAY]
  const once = [TODAY - 5]
  expect(repeatIntervalDays([weekly, monthly, quarterly, once], TODAY)).toBe(30)
  expect(repeatIntervalDays([once, []], TODAY)).toBeNull()
})

test('the gap that is still open is censored, and none is open on the day of a visit', () => {
  expect(gapsWithOpen([TODAY - 40, TODAY - 10], TODAY)).toEqual([
    { days: 30, isCensored: false },
    { days: 10, isCensored: true },
  ])
  expect(gapsWithOpen([TODAY - 30, TODAY], TODAY)).toEqual([{ days: 30, isCensored: false }])
  expect(gapsWithOpen([TODAY - 12], TODAY)).toEqual([{ days: 12, isCensored: true }])
  expect(gapsWithOpen([], TODAY)).toEqual([])
})

test('all gaps of a customer reach from the first visit day of the year to today', () => {
  fc.assert(
    fc.property(days, (visits) => {
      const inYear = visits.filter((at) => at > TODAY - REPEAT_WINDOW_DAYS && at <= TODAY)
      const gaps = gapsWithOpen([...visits].reverse(), TODAY)
      const span = inYear.length === 0 ? 0 : TODAY - Math.min(...inYear)
      expect(gaps.reduce((sum, gap) => sum + gap.days, 0)).toBe(span)
      expect(gaps.every((gap) => gap.days > 0)).toBe(true)
      expect(gaps.filter((gap) => gap.isCensored).length).toBeLessThanOrEqual(1)
      expect(gaps.filter((gap) => !gap.isCensored).map((gap) => gap.days)).toEqual(
        repeatGaps(visits, TODAY),
      )
    }),
  )
})

test('gaps are counted by length, and open ones make the median longer', () => {
  const gaps = gapsWithOpen([TODAY - 100, TODAY - 90, TODAY - 80, TODAY - 50], TODAY)
  const counts = countGaps([...gaps].reverse())
  expect(counts).toEqual([
    { days: 10, closed: 2, open: 0 },
    { days: 30, closed: 1, open: 0 },
    { days: 50, closed: 0, open: 1 },
  ])
  expect(medianGapDays(counts)).toBe(10)
  const silent = countGaps([...gaps, ...gapsWithOpen([TODAY - 60], TODAY)])
  expect(medianGapDays(silent)).toBe(30)
  expect(suggestActivityWindowDays(silent)).toBe(30)
  expect(suggestActivityWindowDays(countGaps(gapsWithOpen([TODAY - 60], TODAY)))).toBeNull()
})

test('the suggested window is the gap that nine of ten do not exceed, from 30 to 365 days', () => {
  const suggest = (gaps: number[]) => suggestActivityWindowDays(countGaps(gaps.map(closed)))
  expect(suggest([50, 10, 20, 30, 40, 60, 70, 80, 90, 300])).toBe(90)
  expect(suggest([1, 2, 3])).toBe(30)
  expect(suggest([400, 500])).toBe(365)
  expect(suggest([])).toBeNull()
})

test('the suggested window covers nine of ten gaps, and no shorter one does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1 }), (gaps) => {
      const window = suggestActivityWindowDays(countGaps(gaps.map(closed))) ?? NaN
      const covered = (limit: number) => gaps.filter((gap) => gap <= limit).length
      if (window < 365) expect(covered(window)).toBeGreaterThanOrEqual(0.9 * gaps.length)
      if (window > 30) expect(covered(window - 1)).toBeLessThan(0.9 * gaps.length)
      expect(window >= 30 && window <= 365).toBe(true)
    }),
  )
})
