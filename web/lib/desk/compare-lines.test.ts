import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { lineOf, perMetric } from '#model/compare.ts'
import { ALL_STORES } from '#model/peer-groups.ts'
import { metricsOf, NO_SUMS } from '#model/metrics.ts'
import { parsePeriod } from '#model/period.ts'
import type { CompareReport, PeerGroup } from '#model/report-compare.ts'
import {
  bumpLines,
  bumpTwin,
  compared,
  type Compared,
  panelsOf,
  panelTwin,
  slopeLines,
  slopeTwin,
} from './compare-lines.ts'
import { testPlace } from './test-place.ts'
import { messagesIn } from './words.ts'

// Chart and table beside each other must hold the same: whoever cannot see the one reads the other.

const say = messagesIn('en')
const spend = (value: number | null) => ({
  now: metricsOf({ ...NO_SUMS, spend: value ?? 0, sales: value === null ? 0 : 1 }),
  before: metricsOf({ ...NO_SUMS, spend: 1_000, sales: 1 }),
})
const place = (scope: string, value: number | null, more = {}) =>
  testPlace(scope, {
    ...spend(value),
    lines: perMetric(() => lineOf([1_500, value], true)),
    ...more,
  })

const group: PeerGroup = {
  currency: 'CNY',
  key: ALL_STORES,
  format: null,
  stores: 4,
  bands: perMetric(() => null),
  medians: perMetric(() => [1_234, 2_000]),
}
const report: CompareReport = {
  periods: ['2026-09', '2026-10'],
  before: '2026-09',
  places: [],
  groups: [group],
  coverage: { fresh: 3, stores: 3 },
  over: true,
  computed_at: 0,
  dirty_days: 0,
}
const asked: Compared = {
  metric: 'spend_per_visit',
  places: [
    place('low', 999),
    place('none', null),
    place('high', 2_550),
    place('old', 3_000, { stale: true }),
  ],
  report,
  peers: 'all',
  view: { period: must(parsePeriod('2026-10'), 'a period') },
}

test('places stand highest first, without data last, and stale ones say so', () => {
  const names = panelsOf(asked, say, 'en').own.map((panel) => panel.name)
  expect(names).toEqual(['old · Stale', 'high', 'low', 'none'])
  expect(slopeLines(asked, say, 'en').map((line) => line.to)).toEqual([3_000, 2_550, 999, null])
})

test('a table holds what its chart draws, money in the currency’s own unit', () => {
  const twin = panelTwin(asked, ['Sep', 'Oct'], say, 'en')
  expect(twin.rows.map(({ cells }) => cells)).toEqual([
    ['old · Stale', 15, 30],
    ['high', 15, 25.5],
    ['low', 15, 9.99],
    ['none', 15, null],
    [say.compare.page.reference, 12.34, 20],
  ])
  expect(twin.columns[1]?.format?.(25.5)).toBe('¥25.50')
  const [, high] = slopeTwin(asked, { from: 'Sep', to: 'Oct' }, say, 'en').rows
  expect(high?.cells).toEqual(['high', 10, 25.5, 15.5])
})

test('a stale store has no rank in the newest period, and takes none from the others', () => {
  expect(bumpLines(asked, say, 'en')[0]?.points).toEqual([1_500, null])
  const ranks = bumpTwin(asked, ['Sep', 'Oct'], say, 'en').rows.map(({ cells }) => cells.slice(1))
  expect(ranks).toEqual([
    [1, null],
    [1, 1],
    [1, 2],
    [1, null],
  ])
})

test('the sentences speak of stores with fresh data', () => {
  const { first, last, up, down } = compared(asked)
  expect([first?.scope, last?.scope, up, down]).toEqual(['high', 'low', 2, 1])
  const alone = { ...asked, places: asked.places.slice(0, 2) }
  expect(compared(alone).first).toBeUndefined()
})

test('money of several currencies has no order and no scale: each row says its own', () => {
  const dear = place('yen', 90_000, { currency: 'JPY' })
  const mixed = place('both', null, { currency: null })
  const places = [place('low', 999), dear, mixed]
  const apart = { ...asked, places, report: { ...report, groups: [{ ...group, currency: null }] } }
  expect(panelsOf(apart, say, 'en').own.map((panel) => panel.id)).toEqual(['low', 'yen', 'both'])
  const twin = slopeTwin(apart, { from: 'Sep', to: 'Oct' }, say, 'en')
  expect(twin.columns[1]?.label).toBe('Currency')
  expect(twin.rows.map(({ cells }) => cells.slice(0, 4))).toEqual([
    ['low', 'CNY', 10, 9.99],
    ['yen', 'JPY', 1000, 90_000],
    ['both', 'mixed', null, null],
  ])
  expect(panelTwin(apart, ['Sep', 'Oct'], say, 'en').rows[1]?.cells).toEqual([
    ...['yen', 'JPY', 1500, 90_000],
  ])
})
