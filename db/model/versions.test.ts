// Ops that tablets of earlier versions wrote, as they are stored. They may be sent years later and
// must be read for ever: no case is ever changed or taken away, only added.
import { expect, test } from 'vitest'
import { kindOf, readPayload } from './kinds.ts'
import { type Op, OP_TYPES, SCHEMA } from './op.ts'
import { laterField, upgradeOp } from './versions.ts'

const HOME = '0192f000-0000-7000-8000-000000000001'
const PERSON = '0192f000-0000-7000-8000-000000000002'
const GROUP = '0192f000-0000-7000-8000-000000000003'
const TAG = '0192f000-0000-7000-8000-000000000004'

function stored(schema: number, kind: string, type: string, payload: Op['payload']): Op {
  return {
    op_id: '0192f000-0000-7000-8000-00000000000a',
    n: 1,
    prev: null,
    actor_id: '0192f000-0000-7000-8000-00000000000b',
    unlock_id: '0192f000-0000-7000-8000-00000000000c',
    store_id: HOME,
    kind,
    record_id: PERSON,
    base_seq: 0,
    schema,
    ts_wall: 1_793_584_800_000,
    offset_ms: 0,
    ts_mono: 0,
    type,
    payload,
    hash: 'a'.repeat(64),
  }
}

const VERSION_1: Op[] = [
  stored(1, 'customer', 'create', { name: '张伟', home_store_id: HOME, phone: '+8613812345678' }),
  stored(1, 'customer', 'create', { name: 'Li', home_store_id: HOME, attributes: { size: 'M' } }),
  stored(1, 'customer', 'set', { home_store_id: HOME, phone: null, birthday: '02-29', note: '' }),
  stored(1, 'consent', 'set', {
    home_store_id: HOME,
    purpose: 'marketing',
    channel: 'sms',
    state: 'granted',
    proof: 'signed form',
  }),
  stored(1, 'tagging', 'tag+', { home_store_id: HOME, tag_id: TAG, source: 'staff' }),
  stored(1, 'tagging', 'tag-', { home_store_id: HOME, tag_id: TAG, observed: [PERSON] }),
  stored(1, 'visit', 'visit', { customer_id: PERSON, home_store_id: HOME, purpose: 'buy' }),
  stored(1, 'visit', 'visit', {
    customer_id: PERSON,
    home_store_id: HOME,
    purpose: 'service',
    receipt: 'R-1',
    spend_minor: 12_900,
    items: 2,
    need: 'battery',
    note: 'second floor',
  }),
  stored(1, 'visit', 'visit', {
    customer_id: null,
    home_store_id: null,
    count: 3,
    purpose: 'browse',
  }),
  stored(1, 'visit', 'set', { spend_minor: null, note: 'paid later' }),
  stored(1, 'visit', 'void', {}),
  stored(1, 'region', 'create', { name: 'East', order: 1 }),
  stored(1, 'store', 'create', {
    name: 'One',
    region_id: null,
    zone: 'Asia/Shanghai',
    currency: 'CNY',
    country: 'CN',
  }),
  stored(1, 'store', 'set', { hours: [[540, 1260], null, null, null, null, null, null] }),
  stored(1, 'staff', 'create', { name: 'Wang', role: 'clerk', store_ids: [HOME] }),
  stored(1, 'staff', 'set', { state: 'left' }),
  stored(1, 'device', 'create', { name: 'T1', at: HOME, role: 'tablet', state: 'active' }),
  stored(1, 'device', 'set', { state: 'revoked' }),
  stored(1, 'tag_group', 'create', { label: 'Skin', required: true }),
  stored(1, 'tag', 'create', { group_id: GROUP, label: 'Dry' }),
  stored(1, 'tag', 'set', { retired: true }),
]

test.each(VERSION_1.map((op) => [`${op.kind} ${op.type}`, op] as const))(
  'an op of version 1 is read for ever: %s',
  (_name, op) => {
    const upgraded = upgradeOp(op)
    const type = OP_TYPES.find((known) => known === upgraded.type)
    const schema = type && kindOf(upgraded.kind)?.takes[type]
    expect(schema && readPayload(schema, upgraded.payload)).toMatchObject({ ok: true })
    expect(upgraded).toMatchObject({ schema: SCHEMA, hash: op.hash, op_id: op.op_id })
  },
)

test('a field of a later version is named, one of today’s version is not', () => {
  const visit = kindOf('visit')?.takes.visit
  const payload = { customer_id: null, home_store_id: null, purpose: 'buy', mood: 'good' }
  const later = stored(SCHEMA + 1, 'visit', 'visit', payload)
  expect(visit && laterField(later, visit)).toBe('mood')
  expect(visit && laterField({ ...later, schema: SCHEMA }, visit)).toBeNull()
  expect(visit && laterField({ ...later, payload: { purpose: 'buy' } }, visit)).toBeNull()
  const strange = { ...later, payload: { '\u0000': 1 } }
  expect(visit && laterField(strange, visit)).toBe('')
})

test('an op of a later version is not brought down', () => {
  const later = stored(SCHEMA + 3, 'visit', 'void', {})
  expect(upgradeOp(later)).toBe(later)
})
