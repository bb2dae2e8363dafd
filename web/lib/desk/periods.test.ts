import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { parseDay } from '#model/calendar.ts'
import { parsePeriod } from '#model/period.ts'
import { messagesIn } from './words.ts'
import {
  choicesOf,
  daysSoFar,
  defaultPeriod,
  hasBegun,
  PICKS,
  periodAt,
  periodTick,
  periodTicks,
  periodWords,
  pickOf,
  switchPick,
} from './periods.ts'

const day = (text: string) => must(parseDay(text), `${text} is a day`)
const period = (text: string) => must(parsePeriod(text), `${text} is a period`)
const today = day('2026-11-21')

test('one begins with the last whole month', () => {
  expect(defaultPeriod(today).text).toBe('2026-10')
})

test('every kind has a period that holds a day, and knows its kind again', () => {
  const texts = PICKS.map((pick) => periodAt(pick, today).text)
  expect(texts).toEqual([
    '2026-11',
    '2026-Q4',
    '2026',
    '2026-W47',
    '28d@2026-11-21',
    '90d@2026-11-21',
    '2026-11-01..2026-11-21',
  ])
  expect(texts.map((text) => pickOf(period(text)))).toEqual(PICKS)
})

test('changing the kind stays at the same time, and not in the future', () => {
  expect(switchPick(period('2026-Q3'), 'month', today).text).toBe('2026-09')
  expect(switchPick(period('2026'), 'month', today).text).toBe('2026-11')
  expect(switchPick(period('2026-10'), 'free', today).text).toBe('2026-10-01..2026-10-31')
  expect(switchPick(period('2026-10'), '28d', today).text).toBe('28d@2026-10-31')
})

test('the choices go back to the first day of data and no further', () => {
  const months = choicesOf('month', day('2026-08-15'), today).map((choice) => choice.text)
  expect(months).toEqual(['2026-11', '2026-10', '2026-09', '2026-08'])
  expect(choicesOf('year', null, today).map((choice) => choice.text)).toEqual(['2026'])
})

test('an unfinished period says how many of its days are over, and today is not', () => {
  expect(daysSoFar(period('2026-11'), today)).toBe(20)
  expect(daysSoFar(period('2026-11'), day('2026-11-01'))).toBe(0)
  expect(daysSoFar(period('2026-11'), day('2026-11-30'))).toBe(29) // Its last day runs.
  expect(daysSoFar(period('2026-11'), day('2026-12-01'))).toBeNull()
  expect(daysSoFar(period('2026-W47'), day('2026-11-22'))).toBe(6)
  expect(daysSoFar(period('28d@2026-11-21'), today)).toBeNull() // A window ends as it is asked.
  expect(daysSoFar(period('2027'), today)).toBe(0)
  expect(hasBegun(period('2026-11'), day('2026-11-01'))).toBe(true)
  expect(hasBegun(period('2026-11'), day('2026-10-31'))).toBe(false)
})

test('each kind of period is told in words of both languages', () => {
  const told = (text: string) => [
    periodWords(period(text), messagesIn('zh').desk.period, 'zh'),
    periodWords(period(text), messagesIn('en').desk.period, 'en'),
  ]
  expect(told('2026-10')).toEqual(['2026年10月', 'October 2026'])
  expect(told('2026-Q3')).toEqual(['2026年第3季度', 'Q3 2026'])
  expect(told('2026')).toEqual(['2026年', '2026'])
  expect(told('2026-W01')).toEqual([
    '2026年第1周（2025年12月29日 – 2026年1月4日）',
    'Week 1 of 2026 (29 Dec 2025 – 4 Jan 2026)',
  ])
  expect(told('28d@2026-11-20')).toEqual(['截至2026年11月20日的28天', '28 days to 20 Nov 2026'])
  expect(told('2026-01-01..2026-06-30')).toEqual(['2026年1月1日 – 6月30日', '1 Jan – 30 Jun 2026'])
})

test('a tick names the year where it begins', () => {
  expect(periodTick(period('2026-01'), 'en')).toBe('Jan 2026')
  expect(periodTick(period('2026-01'), 'zh')).toBe('2026年1月')
  expect(periodTick(period('2026-02'), 'zh')).toBe('2月')
  expect(periodTick(period('2026-W41'), 'zh')).toBe('W41')
})

test('along an axis the first month says its year, and so does every January', () => {
  const months = ['2025-11', '2025-12', '2026-01'].map(period)
  expect(periodTicks(months, 'en')).toEqual(['Nov 2025', 'Dec', 'Jan 2026'])
  expect(periodTicks([period('2026-W40'), period('2026-W41')], 'zh')).toEqual(['W40', 'W41'])
})
