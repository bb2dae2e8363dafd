// What is at stake: an op means the same on the server and on the tablet. Each test applies ops as
// both do, and reads what stands afterwards.
import { expect, test } from 'vitest'
import { applyToCustomer, applyToVisit, type StampedVisit } from './apply.ts'
import type { Customer } from './customer.ts'
import type { Op } from './op.ts'
import { isRefusal, type Refusal } from './refusal.ts'

const HOME = '00000000-0000-7000-8000-000000000001'
const CUSTOMER = '00000000-0000-7000-8000-00000000000c'
const TAG = '00000000-0000-7000-8000-00000000000a'
const DAY = 20_759

function opId(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
}

function op(n: number, kind: string, type: string, payload: Record<string, unknown>): Op {
  return {
    op_id: opId(n),
    n,
    prev: null,
    actor_id: 'staff',
    unlock_id: null,
    store_id: HOME,
    kind,
    record_id: CUSTOMER,
    base_seq: 0,
    schema: 1,
    ts_wall: 0,
    offset_ms: 0,
    ts_mono: 0,
    type,
    payload,
    hash: '',
  }
}

function standing<T extends object>(applied: T | Refusal): T {
  if (isRefusal(applied)) throw new Error(`refused: ${applied.reason}`)
  return applied
}

const created = op(1, 'customer', 'create', { name: '张伟', home_store_id: HOME })

function zhang(): Customer {
  return standing(applyToCustomer(undefined, created, 100))
}

test('a customer is created with the time and the person of the op', () => {
  expect(zhang()).toMatchObject({
    id: CUSTOMER,
    home_store_id: HOME,
    created_at: 100,
    created_by: 'staff',
    stamps: { name: [100, opId(1)] },
  })
})

test('a customer is created once, and nothing is said about one who is not there', () => {
  expect(applyToCustomer(zhang(), created, 100)).toEqual({ reason: 'exists' })
  for (const [kind, type, payload] of [
    ['customer', 'set', { home_store_id: HOME, tier: 'gold' }],
    ['tagging', 'tag+', { tag_id: TAG, source: 'staff', home_store_id: HOME }],
    [
      'consent',
      'set',
      { purpose: 'service', channel: 'any', state: 'granted', home_store_id: HOME },
    ],
  ] as const)
    expect(applyToCustomer(undefined, op(2, kind, type, payload), 1)).toEqual({
      reason: 'unknown-customer',
    })
})

test('a tag is put on under the id of its op and taken off by naming it', () => {
  const put = op(2, 'tagging', 'tag+', { tag_id: TAG, source: 'customer', home_store_id: HOME })
  const tagged = standing(applyToCustomer(zhang(), put, 200))
  expect(tagged.taggings).toMatchObject([{ tag_id: TAG, dot: opId(2), source: 'customer' }])
  const payload = { tag_id: TAG, observed: [opId(2)], home_store_id: HOME }
  const bare = standing(applyToCustomer(tagged, op(3, 'tagging', 'tag-', payload), 300))
  expect(bare.taggings).toMatchObject([{ off_at: 300 }])
})

test('a word of consent keeps its proof and the op that said it', () => {
  const said = { purpose: 'marketing', channel: 'sms', state: 'granted', proof: 'signed form' }
  const consent = op(2, 'consent', 'set', { ...said, home_store_id: HOME })
  const asked = standing(applyToCustomer(zhang(), consent, 200))
  expect(asked.consents).toEqual([{ ...said, at: 200, op: opId(2) }])
})

const logged = op(5, 'visit', 'visit', {
  customer_id: CUSTOMER,
  home_store_id: HOME,
  purpose: 'buy',
  spend_minor: 8800,
})

function seen(): StampedVisit {
  return standing(applyToVisit(undefined, logged, 500, DAY))
}

test('a visit is logged with its store, day and effective time; what was not said is null', () => {
  expect(seen()).toMatchObject({ store_id: HOME, at: 500, day: DAY, count: 1, void: false })
  expect([seen().need, seen().items, seen().note, seen().receipt]).toEqual([null, null, null, null])
})

test('a visit happens once, and only what happened can be edited or undone', () => {
  expect(applyToVisit(seen(), logged, 500, DAY)).toEqual({ reason: 'exists' })
  for (const type of ['set', 'void'])
    expect(applyToVisit(undefined, op(6, 'visit', type, {}), 1, DAY)).toEqual({
      reason: 'unknown-record',
    })
})

test('an undone visit stays as it was, but for the mark', () => {
  const undone = standing(applyToVisit(seen(), op(6, 'visit', 'void', {}), 600, DAY))
  expect(undone).toEqual({ ...seen(), void: true })
  const again = standing(applyToVisit(undone, op(7, 'visit', 'void', {}), 700, DAY))
  expect(again).toEqual(undone)
})

test('details go to their later writers in either order, and never move the visit', () => {
  const early = op(6, 'visit', 'set', { note: 'gift', need: 'tea' })
  const late = op(7, 'visit', 'set', { note: null, spend_minor: 100 })
  const one = standing(applyToVisit(standing(applyToVisit(seen(), early, 600, 1)), late, 700, 2))
  const other = standing(applyToVisit(standing(applyToVisit(seen(), late, 700, 2)), early, 600, 1))
  expect(other).toEqual(one)
  expect(one).toMatchObject({ note: null, need: 'tea', spend_minor: 100, at: 500, day: DAY })
})
