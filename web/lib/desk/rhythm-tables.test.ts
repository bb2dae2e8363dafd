// What is at stake: a month that is still running read as one in which nobody came back, a share of
// the wrong whole, or a bar drawn beyond what was seen.
import { expect, test } from 'vitest'
import { parseDay } from '#model/calendar.ts'
import { cohortTable } from '#model/rhythm/cohort-table.ts'
import { emptySums } from '#model/rhythm/store-rhythm.ts'
import { survivalOfGaps } from '#model/stats/kaplan-meier.ts'
import {
  cellsOf,
  groupLines,
  latestCohorts,
  monthWords,
  ruleOf,
  secondLines,
  secondTotal,
  shareBack,
  told,
  widthOf,
} from './rhythm-tables.ts'

const on = (text: string) => parseDay(text) ?? NaN
const TODAY = on('2026-05-10')
const TABLE = cohortTable(
  [
    { day: on('2026-01-01'), k: 0, customers: 40 },
    { day: on('2026-02-01'), k: 1, customers: 10 },
    { day: on('2026-04-01'), k: 3, customers: 8 },
    { day: on('2026-03-01'), k: 0, customers: 9 },
    { day: on('2026-05-01'), k: 0, customers: 4 },
  ],
  TODAY,
)

test('cohorts stand the latest first, and end with the last month that is over', () => {
  const rows = latestCohorts(TABLE, 12)
  expect(rows.map(({ size }) => size)).toEqual([4, 9, 40])
  expect(rows.map(cellsOf)).toEqual([[], [1, 0], [1, 0.25, 0, 0.2]])
  expect(widthOf(rows)).toBe(4)
  expect(latestCohorts(TABLE, 2).map(({ size }) => size)).toEqual([4])
})

test('the sentence tells of a cohort of ten or more, with a month behind it', () => {
  expect(told(latestCohorts(TABLE, 12))).toMatchObject({ k: 3, share: 0.2, row: { size: 40 } })
  expect(told(latestCohorts(TABLE, 3))).toBeNull()
})

test('second visits of a year, with the interval of all of them together', () => {
  const second = [
    { month: on('2025-01-01'), due: 50, done: 50 },
    { month: on('2026-03-01'), due: 10, done: 4 },
    { month: on('2026-04-01'), due: 30, done: 6 },
  ]
  const lines = secondLines(second, TODAY)
  expect(lines.map(({ share }) => share)).toEqual([0.2, 0.4])
  const total = secondTotal(lines)
  expect(total).toMatchObject({ due: 40, done: 10, share: 0.25 })
  expect(total?.low).toBeLessThan(0.25)
  expect(total?.high).toBeGreaterThan(0.25)
  expect(secondTotal([])).toBeNull()
})

test('groups are shares of all customers and all spend, and of nothing no share', () => {
  const { groups } = emptySums()
  expect(
    groupLines(groups).every(({ share, spend_share }) => share === null && spend_share === null),
  ).toBe(true)
  const some = {
    ...groups,
    loyal: { customers: 3, spend_minor: 900 },
    dormant: { customers: 1, spend_minor: 100 },
  }
  const [loyal] = groupLines(some).filter(({ group }) => group === 'loyal')
  expect(loyal).toMatchObject({ share: 0.75, spend_share: 0.9 })
  expect(groupLines(some)).toHaveLength(11)
})

test('rules are written as ranges of scores', () => {
  expect(ruleOf('champions')).toEqual({ r: '5', fm: '4–5' })
  expect(ruleOf('loyal')).toEqual({ r: '3–4', fm: '4–5' })
  expect(ruleOf('prospects')).toBeNull()
})

test('how many are back is told only as far as gaps were seen to end', () => {
  const open = survivalOfGaps([
    { days: 10, closed: 1, open: 0 },
    { days: 20, closed: 1, open: 2 },
  ])
  expect(shareBack(open, 7)).toBe(0)
  expect(shareBack(open, 14)).toBeCloseTo(0.25, 12)
  expect(shareBack(open, 20)).toBeCloseTo(0.5, 12)
  expect(shareBack(open, 30)).toBeNull()
  const closed = survivalOfGaps([{ days: 10, closed: 2, open: 0 }])
  expect(shareBack(closed, 365)).toBe(1)
  expect(shareBack([], 30)).toBeNull()
})

test('months are named in both languages', () => {
  expect(monthWords(on('2026-09-01'), 'zh')).toBe('2026年9月')
  expect(monthWords(on('2026-09-01'), 'en')).toMatch(/^Sept? 2026$/)
})
