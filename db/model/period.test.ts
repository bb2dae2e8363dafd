// What is at stake: a period stands in the address of a page and in a report's name. What is
// printed must parse to the same days, and neighbours must touch without a gap or a day twice.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from './assert.ts'
import { dayFromCivil, dayText, weekday } from './calendar.ts'
import {
  freePeriod,
  monthOf,
  parsePeriod,
  type Period,
  periodAfter,
  periodBefore,
  quarterOf,
  trailing,
  weekOf,
  yearOf,
} from './period.ts'

// Two years from each end, so that neighbours are named, too.
const day = fc.integer({ min: dayFromCivil(1972, 1, 1), max: dayFromCivil(2197, 12, 31) })

const calendarPeriod = fc
  .tuple(day, fc.constantFrom(yearOf, quarterOf, monthOf, weekOf))
  .map(([on, periodOf]) => periodOf(on))
const period: fc.Arbitrary<Period> = fc.oneof(
  calendarPeriod,
  fc.tuple(fc.constantFrom(28, 90), day).map(([days, last]) => trailing(days, last)),
  fc.tuple(day, fc.nat(400)).map(([first, more]) => freePeriod(first, first + more)),
)

function parsed(text: string): Period {
  return must(parsePeriod(text), `the test's own period ${text}`)
}

test('a period that is printed parses to itself', () => {
  fc.assert(
    fc.property(period, (one) => {
      expect(parsePeriod(one.text)).toEqual(one)
    }),
  )
})

test('the period before ends where the period begins, and leads back to it', () => {
  fc.assert(
    fc.property(period, (one) => {
      const before = periodBefore(one)
      expect(before.kind).toBe(one.kind)
      expect(before.to).toBe(one.from)
      expect(parsePeriod(before.text)).toEqual(before)
      expect(periodAfter(before)).toEqual(one)
    }),
  )
})

test('the period after begins where the period ends, and leads back to it', () => {
  fc.assert(
    fc.property(period, (one) => {
      const after = periodAfter(one)
      expect(after.from).toBe(one.to)
      expect(parsePeriod(after.text)).toEqual(after)
      expect(periodBefore(after)).toEqual(one)
    }),
  )
})

test('a calendar period holds the day it was made of, and free ones as many days as before', () => {
  fc.assert(
    fc.property(day, (on) => {
      for (const { from, to } of [yearOf(on), quarterOf(on), monthOf(on), weekOf(on)]) {
        expect(from).toBeLessThanOrEqual(on)
        expect(to).toBeGreaterThan(on)
      }
      const free = freePeriod(on, on + 9)
      expect(periodBefore(free).to - periodBefore(free).from).toBe(10)
    }),
  )
})

test.each([
  ['2026', '2026-01-01', '2027-01-01'],
  ['2026-Q1', '2026-01-01', '2026-04-01'],
  ['2026-Q4', '2026-10-01', '2027-01-01'],
  ['2024-02', '2024-02-01', '2024-03-01'],
  ['2026-12', '2026-12-01', '2027-01-01'],
  ['28d@2026-11-20', '2026-10-24', '2026-11-21'],
  ['90d@2026-11-20', '2026-08-23', '2026-11-21'],
  ['2026-01-01..2026-06-30', '2026-01-01', '2026-07-01'],
  ['2026-01-01..2026-01-01', '2026-01-01', '2026-01-02'],
])('%s is the days from %s up to but not including %s', (text, from, to) => {
  const found = parsed(text)
  expect([dayText(found.from), dayText(found.to)]).toEqual([from, to])
})

test.each([
  ['2026-W01', '2025-12-29'], // 1 January 2026 is a Thursday.
  ['2026-W53', '2026-12-28'],
  ['2027-W01', '2027-01-04'],
  ['2020-W53', '2020-12-28'],
  ['2021-W01', '2021-01-04'],
  ['2024-W01', '2024-01-01'],
  ['2022-W52', '2022-12-26'],
])('%s begins on Monday %s', (text, monday) => {
  const found = parsed(text)
  expect(dayText(found.from)).toBe(monday)
  expect(found.to - found.from).toBe(7)
  expect(weekOf(found.from).text).toBe(text)
  expect(weekOf(found.to - 1).text).toBe(text)
})

test('week 1 is the one with the first Thursday of its year', () => {
  fc.assert(
    fc.property(day, (on) => {
      const week = weekOf(on)
      const thursday = dayText(week.from + 3)
      const number = Math.floor(
        (Date.parse(thursday) / 86_400_000 - yearOf(week.from + 3).from) / 7,
      )
      expect(weekday(week.from)).toBe(0)
      expect(week.text).toBe(`${thursday.slice(0, 4)}-W${String(number + 1).padStart(2, '0')}`)
    }),
  )
})

test.each([
  '',
  '26',
  '02026',
  '1969',
  '2200',
  '2026-',
  '2026-Q0',
  '2026-Q5',
  '2026-q1',
  '2026-00',
  '2026-13',
  '2026-1',
  '2026-W00',
  '2026-W54',
  '2027-W53', // 2027 has 52 weeks.
  '2026-W1',
  '2026-11-20',
  '28d@',
  '27d@2026-11-20',
  '28d@2026-02-30',
  '2026-06-30..2026-01-01',
  '2026-01-01..',
  '..2026-01-01',
  '2026-01-01..2026-02-30',
  '2026-01-01..2026-01-02..2026-01-03',
  '1990-01-01..2026-01-01', // More than ten years.
  ' 2026',
  '2026\n',
  '2026-01-01..2026-01-02\n',
  '٢٠٢٦',
  '__proto__',
])('%j names no period', (text) => {
  expect(parsePeriod(text)).toBeNull()
})

test('no text at all makes the parser fail', () => {
  const alphabet = fc.constantFrom(...'0123456789-QWd@.Z '.split(''))
  fc.assert(
    fc.property(fc.string({ unit: alphabet, maxLength: 26 }), (text) => {
      const found = parsePeriod(text)
      if (found) expect(found.text).toBe(text)
    }),
    { numRuns: 2000 },
  )
})
