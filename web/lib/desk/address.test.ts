import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { parsePeriod } from '#model/period.ts'
import {
  DEFAULT_SORT,
  readHistoryView,
  readNext,
  readStoresView,
  readSyncView,
  signInAddress,
  type StoresView,
  writeHistoryView,
  writeStoresView,
  writeSyncView,
} from './address.ts'

// A pasted link must give the same view, and a broken one must still give a view.

const period = (text: string) => must(parsePeriod(text), `${text} is a period`)
const october = period('2026-10')
const params = (text: string) => new URLSearchParams(text)

const view: StoresView = {
  period: period('28d@2026-11-20'),
  sort: { by: 'visits', descending: true, of: 'change' },
  q: '南京 路&x',
  region: 'r1',
  format: 'flagship',
  grouped: false,
  closed: ['r2', 'r3'],
}

test('a view of the stores comes back from its own address', () => {
  expect(readStoresView(params(writeStoresView(view)), october)).toEqual(view)
})

test('an address says only what differs from the plain view, and always the period', () => {
  const plain = readStoresView(params(''), october)
  expect(plain.sort).toEqual(DEFAULT_SORT)
  expect(writeStoresView(plain)).toBe('?period=2026-10')
})

test('a period with @ and a list with commas stay readable', () => {
  expect(writeStoresView({ ...view, q: '' })).toBe(
    '?period=28d@2026-11-20&sort=-visits.change&region=r1&format=flagship&group=none&closed=r2,r3',
  )
})

test('nonsense in an address is read as if it were absent', () => {
  const read = readStoresView(params('?period=2026-13&sort=-secrets&group=all&closed=,'), october)
  expect(read.period).toEqual(october)
  expect(read.sort).toEqual(DEFAULT_SORT)
  expect(read.grouped).toBe(true)
  expect(read.closed).toEqual([])
})

test('a name has no difference to sort by', () => {
  expect(readStoresView(params('?sort=-name.change'), october).sort).toEqual({
    by: 'name',
    descending: true,
    of: 'now',
  })
})

test('history and sync views come back from their own addresses', () => {
  const history = { period: october, metric: 'new', grain: 'week' } as const
  expect(readHistoryView(params(writeHistoryView(history)), period('2026'))).toEqual(history)
  const sync = { state: 'stale', find: 'unsent', q: '前台' } as const
  expect(readSyncView(params(writeSyncView(sync)))).toEqual(sync)
  expect(readSyncView(params('?state=sleepy')).state).toBeNull()
})

test('after signing in one lands where one wanted to be, and never on another site', () => {
  const asked = new URL('https://regulars.example/desk/stores?period=2026-10&q=a b')
  const next = (address: string) => readNext(new URL(address, asked).searchParams)
  expect(next(signInAddress(asked))).toBe('/desk/stores?period=2026-10&q=a%20b')
  expect(next('/desk/sign-in?next=//evil.example')).toBe('/desk/stores')
  expect(next('/desk/sign-in?next=/desk-top')).toBe('/desk/stores')
  expect(next('/desk/sign-in?next=/desk/sign-in')).toBe('/desk/stores')
  expect(next('/desk/sign-in?next=/admin')).toBe('/admin')
})
