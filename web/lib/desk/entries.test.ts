// What is marked sends a manager to a person; what has no data must say why, and never be a zero.
import { expect, test } from 'vitest'
import type { EntriesReport } from '#model/report-entries.ts'
import { entryLines } from './entries.ts'
import { messagesIn } from './words.ts'

const QUIET: EntriesReport = {
  ...{ period: '2026-10', zone: 'Asia/Shanghai', entries: 200, stores: [] },
  received: { records: 400, late: 4 },
  enrolled: { customers: 80, merged: 1 },
  ...{ bursts: [], two_places: [], after_hours: 10, same_notes: [] },
}
const linesOf = (more: Partial<EntriesReport>) =>
  entryLines({ ...QUIET, ...more }, messagesIn('en'), 'en')
const lineOf = (id: string, more: Partial<EntriesReport>) =>
  linesOf(more).find((line) => line.id === id)

test('an ordinary month marks nothing and tells each figure with what it rests on', () => {
  const lines = linesOf({})
  expect(lines.filter(({ ask }) => ask)).toEqual([])
  expect(lines.map(({ figure }) => figure)).toEqual([
    '1.0% · 4 of 400',
    '12.5 per 1,000 · 1 of 80',
    'none',
    'none',
    '5.0% · 10 of 200',
    'none',
  ])
})

test('what is beyond its measure is marked, and cases stand by the clock of the store', () => {
  const at = Date.UTC(2026, 9, 9, 10, 3)
  const stores = [{ id: 's2', name: '北店', name_en: 'North' }]
  const two = { customer_id: 'c', name: 'Li', at, other_store_id: 's2', minutes: 12 }
  const burst = { actor_id: 'a', name: '', at, visits: 9 }
  expect(lineOf('entry_hours', { after_hours: 60 })?.ask).toBe(false)
  expect(lineOf('entry_hours', { after_hours: 61 })?.ask).toBe(true)
  expect(lineOf('late_share', { received: { records: 100, late: 11 } })?.ask).toBe(true)
  expect(lineOf('entry_places', { two_places: [two], stores })).toMatchObject({
    ask: true,
    cases: ['9 Oct 18:03 · Li, also in North, 12 min apart'],
  })
  expect(lineOf('entry_bursts', { bursts: [burst] })?.cases).toEqual([
    '9 Oct 18:03 · Unknown person: 9 visits in a minute',
  ])
})

test('where there is nothing to count, the reason stands instead of a figure', () => {
  const none = linesOf({
    ...{ entries: 0, received: null, after_hours: null },
    enrolled: { customers: 0, merged: 0 },
  })
  expect(none.map(({ figure }) => figure)).toEqual(none.map(() => null))
  expect(none.filter(({ why }) => why === '')).toEqual([])
})
