// What is at stake: the registry is what sync, storage and access believe. A kind that is
// half-described, or a message that carries what was typed, would be wrong everywhere at once.
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { must } from './assert.ts'
import {
  CHAIN_KINDS,
  DESK_KINDS,
  isDeskKind,
  isReference,
  kindOf,
  kinds,
  readPayload,
  REFERENCE_KINDS,
} from './kinds.ts'
import { OP_TYPES } from './op.ts'
import { textFault } from './text.ts'

const HOME = '00000000-0000-7000-8000-000000000001'
const customer = { name: '张伟', home_store_id: HOME }

function detailOf(payload: Record<string, unknown>): string | null {
  const read = readPayload(kinds.customer.takes.create, { ...customer, ...payload })
  return read.ok ? null : read.detail
}

function fieldsOf(schema: object): string[] {
  return 'entries' in schema ? Object.keys(Object(schema.entries)) : []
}

test('every kind takes op types that exist and can be written by somebody', () => {
  for (const [name, kind] of Object.entries(kinds)) {
    const types = Object.keys(kind.takes)
    expect(types.length, name).toBeGreaterThan(0)
    expect(OP_TYPES, name).toEqual(expect.arrayContaining(types))
    expect(kind.write.length, name).toBeGreaterThan(0)
  }
})

test('the chain’s kinds are those that travel in its feed', () => {
  const inChain = Object.keys(kinds).filter((name) => kindOf(name)?.feed === 'chain')
  expect(inChain.sort()).toEqual([...REFERENCE_KINDS].sort())
  expect(inChain.every(isReference)).toBe(true)
  expect(isReference('customer')).toBe(false)
})

test('what only the desk reads is in no feed, and is known as such', () => {
  const atDesk = Object.keys(kinds).filter((name) => kindOf(name)?.feed === 'desk')
  expect(atDesk.sort()).toEqual([...DESK_KINDS].sort())
  expect(atDesk.every(isDeskKind)).toBe(true)
  expect(isDeskKind('store')).toBe(false)
})

test('a kind is known by its own name only', () => {
  expect(kindOf('visit')).toBe(kinds.visit)
  for (const name of ['constructor', '__proto__', 'toString', 'Visit', ''])
    expect(kindOf(name), name).toBeNull()
})

test('fixed fields are fields of their kind', () => {
  for (const name of CHAIN_KINDS) {
    const { fixed, takes } = kinds[name]
    const fields = fieldsOf(must(takes.create, `a create of ${name}`))
    expect(fields, name).toEqual(expect.arrayContaining([...fixed]))
  }
})

test('an edit of one field sets no other to its default', () => {
  const edits = {
    region: { name: 'North' },
    store: { name: 'Main Street' },
    staff: { name: 'Anna' },
    device: { name: 'Till 1' }, // Naming a revoked tablet must not let it back in.
    tag_group: { label: 'Skin' },
    tag: { label: 'Dry' },
  }
  for (const name of REFERENCE_KINDS) {
    const { set } = kinds[name].takes
    const read = set ? readPayload(set, edits[name]) : null
    expect(read, name).toEqual({ ok: true, value: edits[name] })
  }
})

test('a payload that fits is read without the keys that no schema knows', () => {
  const read = readPayload(kinds.customer.takes.create, { ...customer, admin: true })
  expect(read).toEqual({ ok: true, value: customer })
})

test.each<[Record<string, unknown>, string]>([
  [{ name: '' }, 'name: empty'],
  [{ name: 'x'.repeat(81) }, 'name: too-long'],
  [{ name: 7 }, 'name: string'],
  [{ name: undefined }, 'name: string'],
  [{ name: 'a\u0000b' }, 'name: text'],
  [{ phone: '12' }, 'phone: phone'],
  [{ birthday: '31-12' }, 'birthday: birthday'],
  [{ gender: 'robot' }, 'gender: picklist'],
  [{ home_store_id: 'chain' }, 'home_store_id: id'],
  [{ attributes: { size: 5 } }, 'attributes.size: string'],
])('the payload %j is refused with %j', (payload, detail) => {
  expect(detailOf(payload)).toBe(detail)
})

test('what is no object at all is refused without a path', () => {
  expect(readPayload(kinds.customer.takes.create, 'x')).toEqual({ ok: false, detail: 'object' })
  expect(
    readPayload(kinds.visit.takes.visit, {
      ...{ customer_id: HOME, home_store_id: HOME },
      purpose: 'buy',
      count: 2,
    }),
  ).toEqual({ ok: false, detail: 'count' })
})

test('a refusal never repeats what was typed, nor a key that no engine could store', () => {
  const secret = '13812345678'
  expect(detailOf({ gender: secret })).not.toContain(secret)
  expect(detailOf({ gender: '\u0000' })).toBe('gender: picklist')
  for (const key of ['\u0000', '\ud800', '\u202e', 'k'.repeat(500)]) {
    const detail = detailOf({ attributes: { [key]: 5 } }) ?? ''
    expect(detail).toMatch(/^attributes: /)
    expect(textFault(detail)).toBeNull()
  }
})

test('a store has a zone that Intl knows and seven days of hours', () => {
  const store = {
    name: 'A',
    region_id: null,
    zone: 'Asia/Shanghai',
    currency: 'CNY',
    country: 'CN',
  }
  const { create } = kinds.store.takes
  expect(create && v.parse(create, store)).toMatchObject({ type: 'store', cutoff_minutes: 240 })
  for (const fault of [
    { zone: 'Mars/Olympus' },
    { currency: 'yuan' },
    { country: 'China' },
    { cutoff_minutes: 1441 },
    { hours: [[540, 1260]] },
  ])
    expect(create && v.is(create, { ...store, ...fault }), JSON.stringify(fault)).toBe(false)
})
