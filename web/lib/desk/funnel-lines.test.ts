import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { parsePeriod } from '#model/period.ts'
import type { FunnelReport } from '#model/report-compare.ts'
import { funnelPoints, funnelTwin, limitLines, outliersOf, sizesBetween } from './funnel-lines.ts'
import { messagesIn } from './words.ts'

const october = must(parsePeriod('2026-10'), 'a period')
const store = (scope: string, x: number, n: number, part = {}) => ({
  scope,
  name: scope,
  name_en: null,
  region_id: null,
  as_of: null,
  x,
  n,
  verdict: 'within' as const,
  direction: null,
  ...part,
})

const report: FunnelReport = {
  period: '2026-10',
  rate: 'identified_rate',
  format: null,
  formats: [],
  funnel: { mean: 0.5, phi: 1, stretch: 1, stores: 4 },
  points: [
    store('even', 50, 100),
    store('high', 70, 100, { verdict: 'alert', direction: 'above' }),
    store('highest', 900, 1000, { verdict: 'alarm', direction: 'above' }),
    store('low', 20, 100, { verdict: 'alarm', direction: 'below' }),
  ],
  left_out: [],
  over: true,
  computed_at: 0,
  dirty_days: 0,
}

test('the limits reach over all stores, narrow with size, and hold the mean', () => {
  const limits = must(limitLines(report) ?? undefined, 'limits')
  expect([limits.n[0], limits.n.at(-1)]).toEqual([50, 2000])
  const width = (at: number) => (limits.inner.high.at(at) ?? 0) - (limits.inner.low.at(at) ?? 0)
  expect(width(0)).toBeGreaterThan(width(-1) * 4)
  expect(limits.outer.low[0]).toBeLessThan(limits.inner.low[0] ?? 0)
  expect(limitLines({ ...report, funnel: null, points: [] })).toBeNull()
})

test('sizes along the axis are whole, rising and each there once', () => {
  const sizes = sizesBetween(3, 6)
  expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b))
  expect([sizes[0], sizes.at(-1)]).toEqual([2, 12])
})

test('a point leads to its store, with the figure and the period in hand', () => {
  const [even, high] = funnelPoints(report, october, 'en')
  expect(even?.href).toBe('/desk/stores/even?period=2026-10&metric=identified_rate')
  expect([even?.alert, high?.alert]).toEqual([undefined, 'above'])
})

test('good outliers are listed as well as bad ones, the surest first', () => {
  expect(outliersOf(report, 'above', october, 'en').map((one) => one.name)).toEqual([
    'highest',
    'high',
  ])
  expect(outliersOf(report, 'below', october, 'en')).toMatchObject([{ name: 'low', rate: 0.2 }])
})

test('the table holds every point with its verdict in words, the highest rate first', () => {
  const { rows } = funnelTwin(report, october, messagesIn('en'), 'en')
  expect(rows.map(({ cells }) => cells[0])).toEqual(['highest', 'high', 'even', 'low'])
  expect(rows[0]?.cells.slice(1)).toEqual([1000, 900, 0.9, 'Beyond 99.9 % (high)'])
})
