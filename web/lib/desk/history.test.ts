import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { dayText, parseDay } from '#model/calendar.ts'
import { metricsOf, NO_SUMS } from '#model/metrics.ts'
import { parsePeriod } from '#model/period.ts'
import type { HistoryReport } from '#model/report.ts'
import { historyRanges, pairYears } from './history.ts'

const period = (text: string) => must(parsePeriod(text), `${text} is a period`)
const today = must(parseDay('2026-11-21'), 'a day')

function report(points: Record<string, number>): HistoryReport {
  return {
    scope: 's',
    name: 's',
    points: Object.entries(points).map(([text, identified]) => ({
      period: text,
      from: period(text).from,
      to: period(text).to,
      values: metricsOf({ ...NO_SUMS, identified }),
    })),
  }
}

const days = (range: readonly [number, number]) => range.map(dayText)

test('13 months end with the chosen period, and the same 13 a year earlier are asked for', () => {
  const ranges = historyRanges('month', period('2026-10'), today)
  expect(days(ranges.now)).toEqual(['2025-10-01', '2026-10-31'])
  expect(days(ranges.yearBefore)).toEqual(['2024-10-01', '2025-10-31'])
})

test('a period that reaches into the future ends with the month of today', () => {
  const ranges = historyRanges('month', period('2026'), today)
  expect(days(ranges.now)[1]).toBe('2026-11-30')
})

test('26 weeks end with the last week of the period', () => {
  const ranges = historyRanges('week', period('2026-10'), today)
  expect(days(ranges.now)).toEqual(['2026-05-04', '2026-11-01'])
  expect(days(ranges.yearBefore)).toEqual(['2025-05-05', '2025-11-02'])
})

test('each month stands beside the same month of the year before', () => {
  const range = historyRanges('month', period('2026-10'), today)
  const points = pairYears(report({ '2026-10': 5, '2025-10': 3 }), 'month', 'visits', range, 0)
  expect(points).toHaveLength(13)
  expect(points.at(-1)).toMatchObject({ now: 5, yearBefore: 3 })
  expect(points[0]).toMatchObject({ now: 3, yearBefore: null })
  expect(points.at(-1)?.before.text).toBe('2025-10')
})

test('each week stands beside the one 52 weeks before, on the same weekdays', () => {
  const range = historyRanges('week', period('2026-W41'), today)
  const points = pairYears(report({ '2026-W41': 5, '2025-W41': 4 }), 'week', 'visits', range, 0)
  expect(points).toHaveLength(26)
  expect(points.at(-1)).toMatchObject({ now: 5, yearBefore: 4 })
})

test('nothing is drawn for periods before the first data', () => {
  const range = historyRanges('month', period('2026-10'), today)
  const points = { '2026-09': 0, '2026-10': 5 }
  const drawn = pairYears(report(points), 'month', 'visits', range, period('2026-10').from)
  expect(drawn.slice(-2).map((point) => point.now)).toEqual([null, 5])
})
