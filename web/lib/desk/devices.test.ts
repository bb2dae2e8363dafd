import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { metricsOf, NO_SUMS } from '#model/metrics.ts'
import { parsePeriod } from '#model/period.ts'
import type { ReportRow } from '#model/report.ts'
import {
  arrange,
  byUrgency,
  countStates,
  type DeviceRow,
  filterDevices,
  hasMoved,
  holdPlaces,
  storeFreshness,
} from './devices.ts'

// A figure of a silent store must never pass for a whole one, and a page that refreshes itself must
// not move a row away under somebody's pointer.

const at = Date.UTC(2026, 10, 20)

function device(device_id: string, part: Partial<DeviceRow> = {}): DeviceRow {
  return {
    device_id,
    name: device_id,
    store_id: 's1',
    store_name: '人民路店',
    region_id: null,
    state: 'fresh',
    last_push_at: at,
    last_pull_at: at,
    unsent: 0,
    oldest_unsent_at: null,
    lag_ms: null,
    app_version: '0.1.0',
    refused: 0,
    persisted: true,
    clock_offset_ms: 0,
    newest_unsent_at: null,
    installed: true,
    usage_bytes: 1,
    quota_bytes: 100,
    download: null,
    reopens: 0,
    trouble: null,
    lost: 0,
    behind: { store: 0, chain: 0 },
    downloaded: null,
    keeps_erased: false,
    emptied_at: null,
    store_name_en: null,
    ...part,
  }
}

const ids = (devices: readonly DeviceRow[]) => devices.map((one) => one.device_id)
const all = [
  device('a'),
  device('b', { state: 'missing' }),
  device('c', { state: 'stale', last_pull_at: at - 5, last_push_at: at - 5 }),
  device('d', { state: 'stale', last_push_at: at - 9, last_pull_at: null }),
  device('e', { state: 'revoked' }),
  device('f', { refused: 2 }),
]

test('what needs a person stands on top, the longest silence first', () => {
  expect(ids([...all].sort(byUrgency))).toEqual(['f', 'b', 'd', 'c', 'a', 'e'])
})

test('a refresh leaves every row where it stands and only says that the order is another', () => {
  const view = { state: null, find: null, q: '' }
  const order = ids(arrange(all, view))
  const refreshed = all.map((one) => (one.device_id === 'a' ? { ...one, refused: 9 } : one))
  expect(ids(holdPlaces(order, refreshed))).toEqual(order)
  expect(hasMoved(order, arrange(all, view))).toBe(false)
  expect(hasMoved(order, arrange([...refreshed, device('g')], view))).toBe(true)
  expect(hasMoved(order, arrange(all.slice(1), view))).toBe(true)
})

test('each device counts in exactly one state', () => {
  const counts = countStates(all)
  expect(counts).toEqual({ revoked: 1, never: 0, missing: 1, stale: 2, quiet: 0, fresh: 2 })
})

test('devices are found by state and by the name of the store', () => {
  expect(ids(filterDevices(all, { state: 'stale', find: null, q: '' }))).toEqual(['c', 'd'])
  expect(filterDevices(all, { state: null, find: null, q: '人民 b' })).toHaveLength(1)
})

test('what a tablet may soon lose is found by filter, and by its text in the search box', () => {
  const fleet = [
    device('full', { usage_bytes: 95 }),
    device('unsure', { persisted: false }),
    device('holding', { unsent: 3, oldest_unsent_at: at - 9 }),
    device('gone', { lost: 2, state: 'missing' }),
  ]
  const found = (q: string) => ids(filterDevices(fleet, { state: null, find: null, q }))
  expect(ids(filterDevices(fleet, { state: null, find: 'storage', q: '' }))).toEqual([
    'full',
    'unsure',
  ])
  expect(found('find:unsent')).toEqual(['holding'])
  expect(found('state:missing find:lost')).toEqual(['gone'])
  expect(ids([...fleet].sort(byUrgency)).slice(0, 2)).toEqual(['gone', 'holding'])
})

const period = must(parsePeriod('2026-11'), 'a period')
const row = (as_of: number | null): ReportRow => ({
  scope: 's1',
  level: 'store',
  region_id: null,
  name: 's1',
  name_en: null,
  code: null,
  format: null,
  currency: 'CNY',
  now: metricsOf(NO_SUMS),
  before: metricsOf(NO_SUMS),
  spend_now: 0,
  spend_before: 0,
  as_of,
})

test('a store is silent when none of its devices in use was heard in time', () => {
  const silent = storeFreshness(row(at), [all[2] ?? device('x'), all[4] ?? device('y')], period)
  expect(silent).toMatchObject({ silent: true, state: 'stale', devices: 1, overdue: 1 })
  const partly = storeFreshness(row(at), [device('a'), device('b', { state: 'missing' })], period)
  expect(partly).toMatchObject({ silent: false, state: 'fresh', devices: 2, overdue: 1 })
})

test('silence after a period has ended does not put its figures in doubt', () => {
  const ended = must(parsePeriod('2026-10'), 'a period')
  expect(storeFreshness(row(at), [device('b', { state: 'missing' })], ended).silent).toBe(false)
})

test('a store without devices is not silent: its facts came another way', () => {
  expect(storeFreshness(row(null), [], period)).toMatchObject({ silent: false, state: null })
})
