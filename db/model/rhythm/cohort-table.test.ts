// What is at stake: a month that is still running looks like a month in which nobody came back.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayText, parseDay } from '../calendar.ts'
import { type CohortCount, cohortTable } from './cohort-table.ts'

const on = (text: string) => parseDay(text) ?? NaN
const count = (month: string, k: number, customers: number): CohortCount => ({
  day: on(`${month}-01`),
  k,
  customers,
})

const COUNTS = [
  count('2025-01', 0, 40),
  count('2025-02', 1, 10),
  count('2025-03', 2, 12),
  count('2025-04', 3, 3),
  count('2025-03', 0, 8),
  count('2025-04', 1, 2),
]

test('each month’s share is of the customers first seen in the cohort’s month', () => {
  const [january] = cohortTable(COUNTS, on('2025-05-01'))
  expect(january?.size).toBe(40)
  expect(january?.seen.slice(0, 4)).toEqual([40, 10, 12, 3])
  expect(january?.shares.slice(0, 4)).toEqual([1, 0.25, 0.3, 0.075])
  expect(january?.seen).toHaveLength(25)
})

test('a month that has not ended is no data, an ended one in which nobody came is zero', () => {
  const table = (today: string) => cohortTable(COUNTS, on(today))
  expect(table('2025-04-30')[0]?.seen.slice(0, 5)).toEqual([40, 10, 12, null, null])
  expect(table('2025-05-01')[0]?.seen.slice(0, 5)).toEqual([40, 10, 12, 3, null])
  expect(table('2025-06-01')[0]?.seen.slice(0, 6)).toEqual([40, 10, 12, 3, 0, null])
})

test('a month in which nobody first came has a row, and no shares', () => {
  const table = cohortTable(COUNTS, on('2025-05-01'))
  expect(table.map(({ month }) => dayText(month).slice(0, 7))).toEqual([
    '2025-01',
    '2025-02',
    '2025-03',
    '2025-04',
    '2025-05',
  ])
  const february = table[1]
  expect(february?.size).toBe(0)
  expect(february?.seen.slice(0, 4)).toEqual([0, 0, 0, null])
  expect(february?.shares.every((share) => share === null)).toBe(true)
})

test('the running month has a size so far, and no share', () => {
  const march = cohortTable(COUNTS, on('2025-03-20'))[2]
  expect(march?.size).toBe(8)
  expect(march?.shares.every((share) => share === null)).toBe(true)
})

test('without cohorts there is no table', () => {
  expect(cohortTable([], on('2025-05-01'))).toEqual([])
  expect(cohortTable([count('2025-01', 0, 0)], on('2025-05-01'))).toEqual([])
  expect(cohortTable([count('2025-06', 0, 1)], on('2025-05-01'))).toEqual([])
})

test('counts of several stores add up, in any order', () => {
  const some = fc.array(
    fc.record({
      day: fc.constantFrom('2025-01-01', '2025-02-01', '2025-03-01').map(on),
      k: fc.nat(2),
      customers: fc.nat(9),
    }),
  )
  fc.assert(
    fc.property(some, (counts) => {
      const today = on('2025-07-01')
      const table = cohortTable(counts, today)
      expect(cohortTable([...counts].reverse(), today)).toEqual(table)
      const sizes = table.reduce((sum, { size }) => sum + size, 0)
      const first = counts.filter(({ k }) => k === 0)
      expect(sizes).toBe(first.reduce((sum, { customers }) => sum + customers, 0))
    }),
  )
})
