import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { metricsOf, NO_SUMS } from '#model/metrics.ts'
import { parsePeriod } from '#model/period.ts'
import type { ComparePlace } from '#model/report-compare.ts'
import { DEFAULT_SORT } from './address.ts'
import type { StoresView } from './stores-address.ts'
import { formatsOf, rankNames, storesTable } from './stores-table.ts'
import { testPlace } from './test-place.ts'

// Order and filter only choose rows. The figures of a region stay those of all its stores: what a
// filter leaves over can not be summed up (visitors), so it is never shown as a region's figure.

function row(
  scope: string,
  level: ComparePlace['level'],
  part: Partial<ComparePlace> = {},
): ComparePlace {
  return testPlace(scope, { level, ...part })
}

const visits = (now: number, before = 0) => ({
  now: metricsOf({ ...NO_SUMS, identified: now }),
  before: metricsOf({ ...NO_SUMS, identified: before }),
})
const spend = (now: number) => ({ now: metricsOf({ ...NO_SUMS, spend: now, sales: 1 }) })

const rows = [
  row('east', 'region', { region_id: 'east', ...visits(30, 10) }),
  row('west', 'region', { region_id: 'west', ...visits(50, 60) }),
  row('chain', 'chain', visits(80, 70)),
  row('e2', 'store', { region_id: 'east', name: '人民路', format: 'flagship', ...visits(20, 5) }),
  row('e1', 'store', { region_id: 'east', name: '北京路', code: 'E-01', ...visits(10, 5) }),
  row('w1', 'store', { region_id: 'west', name: '上海路', name_en: 'Shanghai Rd', ...spend(5) }),
]

const view: StoresView = {
  period: must(parsePeriod('2026-10'), 'a period'),
  sort: DEFAULT_SORT,
  q: '',
  region: '',
  format: '',
  grouped: true,
  closed: [],
  vs: 'prev',
  peers: 'format',
  picked: [],
}

const scopes = (part: Partial<StoresView>, locale: 'zh' | 'en' = 'zh') =>
  storesTable(rows, { ...view, ...part }, rankNames(rows, locale)).map((shown) => shown.row.scope)

test('the chain comes first, then each region with its stores in the order of pinyin', () => {
  expect(scopes({})).toEqual(['chain', 'east', 'e1', 'e2', 'west', 'w1'])
})

test('a figure sorts regions among regions and stores within their region', () => {
  const sort = { by: 'visits', descending: true, of: 'now' } as const
  expect(scopes({ sort })).toEqual(['chain', 'west', 'w1', 'east', 'e2', 'e1'])
  expect(scopes({ sort: { ...sort, of: 'change' } })).toEqual([
    'chain',
    'east',
    'e2',
    'e1',
    'west',
    'w1',
  ])
})

test('without groups all stores stand in one order, and no data stands last both ways', () => {
  const sort = { by: 'spend_per_visit', descending: false, of: 'now' } as const
  expect(scopes({ grouped: false, sort })).toEqual(['chain', 'w1', 'e1', 'e2'])
  expect(scopes({ grouped: false, sort: { ...sort, descending: true } })).toEqual([
    'chain',
    'w1',
    'e1',
    'e2',
  ])
})

test('a folded region keeps its own row', () => {
  expect(scopes({ closed: ['east'] })).toEqual(['chain', 'east', 'west', 'w1'])
})

test('a filter leaves out stores and empty regions, and says how many of how many are shown', () => {
  const shown = storesTable(rows, { ...view, q: 'e-01' }, rankNames(rows, 'zh'))
  expect(shown.map((line) => line.row.scope)).toEqual(['chain', 'east', 'e1'])
  expect(shown.map((line) => line.stores)).toEqual([
    { shown: 1, all: 3 },
    { shown: 1, all: 2 },
    null,
  ])
  expect(shown[1]?.row.now.visits).toBe(30)
})

test('stores are found by either name, by code, by region and by format', () => {
  expect(scopes({ q: 'SHANGHAI rd' })).toEqual(['chain', 'west', 'w1'])
  expect(scopes({ region: 'west' })).toEqual(['chain', 'west', 'w1'])
  expect(scopes({ format: 'flagship' })).toEqual(['chain', 'east', 'e2'])
  expect(formatsOf(rows)).toEqual(['flagship'])
})

test('a store whose region is not in the report is shown and not lost', () => {
  const lost = row('x', 'store', { region_id: 'gone' })
  const shown = storesTable([...rows, lost], view, rankNames([...rows, lost], 'zh'))
  expect(shown.at(-1)?.row.scope).toBe('x')
})

test('a rank is that of a figure among all stores, whatever the filter leaves over', () => {
  const sort = { by: 'visits', descending: true, of: 'now' } as const
  const ranked = storesTable(rows, { ...view, sort, q: 'e-01' }, rankNames(rows, 'zh'))
  expect(ranked.map((line) => line.rank)).toEqual([null, null, { best: 2, worst: 2 }])
  const changes = storesTable(rows, { ...view, sort: { ...sort, of: 'change' } }, new Map())
  expect(changes.every((line) => line.rank === null)).toBe(true)
})
