import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { parsePeriod } from '#model/period.ts'
import {
  readHistoryView,
  readNext,
  readSyncView,
  signInAddress,
  writeHistoryView,
  writeSyncView,
} from './address.ts'

// A pasted link must give the same view, and a broken one must still give a view.

const period = (text: string) => must(parsePeriod(text), `${text} is a period`)
const october = period('2026-10')
const params = (text: string) => new URLSearchParams(text)

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
