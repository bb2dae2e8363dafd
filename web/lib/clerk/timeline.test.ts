import { expect, test } from 'vitest'
import type { CustomerRow } from '#model/customer.ts'
import type { HistoryRow, Visit } from '#model/visit.ts'
import { timelineOf } from './timeline.ts'

const row: CustomerRow = {
  id: 'customer',
  home_store_id: 'here',
  created_at: 1_000,
  created_by: 'li',
  name: '王芳',
  phone: null,
  phone_alt: null,
  card: null,
  email: null,
  birthday: null,
  gender: null,
  tier: null,
  note: null,
  attributes: null,
  pinyin: 'wangfang',
  initials: 'wf',
  consents: [{ purpose: 'service', channel: 'any', state: 'granted', at: 1_000, op: 'op-2' }],
  taggings: [{ tag_id: 'tea', dot: 'op-3', at: 3_000, source: 'staff', by: 'li' }],
}

function visit(id: string, day: number, at: number): Visit & { unsent: boolean } {
  return {
    id,
    store_id: 'here',
    customer_id: 'customer',
    home_store_id: 'here',
    count: 1,
    purpose: 'buy',
    need: null,
    spend_minor: null,
    items: null,
    note: null,
    receipt: null,
    at,
    day,
    actor_id: 'li',
    void: false,
    unsent: true,
  }
}

function history(store_id: string, day: number, first_at: number): HistoryRow {
  const counts = { visits: 2, sales: 0, spend_minor: 0, purposes: 1 }
  return { customer_id: 'customer', day, store_id, region_id: null, first_at, ...counts }
}

const facts = {
  row,
  visits: [],
  history: [],
  unsentOps: new Set<string>(),
  createUnsent: false,
}

test('entries stand newest first, and the adding of the customer comes last of its moment', () => {
  const entries = timelineOf({ ...facts, visits: [visit('v', 10, 5_000)] })
  expect(entries.map(({ kind }) => kind)).toEqual(['visit', 'tag', 'consent', 'created'])
})

test('a day of this store is told by its visits, other days and stores by their history', () => {
  const entries = timelineOf({
    ...facts,
    visits: [visit('v', 10, 5_000)],
    history: [history('here', 10, 5_000), history('here', 9, 4_500), history('there', 10, 4_800)],
  })
  expect(entries.slice(0, 3).map(({ key }) => key)).toEqual(['v', 'there 10', 'here 9'])
})

test('what the server has not answered for is marked, entry by entry', () => {
  const entries = timelineOf({ ...facts, unsentOps: new Set(['op-3']) })
  expect(entries.map((entry) => 'unsent' in entry && entry.unsent)).toEqual([true, false, false])
})
