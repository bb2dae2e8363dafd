// What is at stake: a device's ops are a chain. Every op names the one before and hashes it, so
// that a lost, forged or repeated one shows. SHA-256 itself is passed in.
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import {
  type DeviceHead,
  type Draft,
  effectiveTime,
  type Envelope,
  firstHash,
  hashOp,
  headAfter,
  isLater,
  Op,
  sealOp,
  SCHEMA,
} from './op.ts'

const DEVICE = '00000000-0000-7000-8000-0000000000d1'
const STORE = '00000000-0000-7000-8000-000000000001'

function id(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function draft(n: number): Draft {
  const payload = { name: '张伟', attributes: { b: '2', a: '1' }, home_store_id: STORE }
  return { store_id: STORE, kind: 'customer', record_id: id(n), type: 'create', payload }
}

function envelope(n: number): Envelope {
  const clocks = { ts_wall: 1000 * n, offset_ms: -250, ts_mono: 12.5 }
  return { op_id: id(100 + n), actor_id: id(7), unlock_id: null, base_seq: 0, ...clocks }
}

function chainOf(length: number, device = DEVICE): Op[] {
  let head: DeviceHead = { n: 0, op_id: null, hash: firstHash(device) }
  return Array.from({ length }, (_, index) => {
    const op = sealOp(draft(index), head, envelope(index), sha256)
    head = headAfter(op)
    return op
  })
}

test('sealed ops count from one, name the op before, and pass their own schema', () => {
  const ops = chainOf(3)
  expect(ops.map(({ n, prev, schema }) => [n, prev, schema])).toEqual([
    [1, null, SCHEMA],
    [2, id(100), SCHEMA],
    [3, id(101), SCHEMA],
  ])
  for (const op of ops) expect(v.parse(Op, op)).toEqual(op)
})

test('the hash of a sealed op can be checked by whoever knows the one before', () => {
  let previous = firstHash(DEVICE)
  for (const op of chainOf(4)) {
    expect(hashOp(op, previous, sha256)).toBe(op.hash)
    previous = op.hash
  }
})

test('a hash is stable for ever: ops of old tablets must still fit theirs', () => {
  let previous = firstHash(DEVICE)
  const ofSchema1 = chainOf(2).map((op) => {
    const content = { ...op, schema: 1 }
    previous = hashOp(content, previous, sha256)
    return { ...content, hash: previous }
  })
  expect(ofSchema1.map((op) => op.hash)).toEqual([
    '5e057e730225df621348b065078be694336cafa9a242357d7623ff3cf4ffd3fa',
    'f35689d4ecf8bddacc68fa66a9d9d02d4c697fadadbf99463a2a314ab8e0cbc7',
  ])
})

test('the hash survives the wire and any order of keys', () => {
  const [op] = chainOf(1)
  if (!op) throw new Error('the chain is empty')
  const reversed = Object.fromEntries(Object.entries(op).reverse())
  const wired = v.parse(Op, JSON.parse(JSON.stringify(reversed)))
  const payload = Object.fromEntries(Object.entries(wired.payload).reverse())
  expect(hashOp({ ...wired, payload }, firstHash(DEVICE), sha256)).toBe(op.hash)
})

test('any change of content, of place or of device changes the hash', () => {
  const [op] = chainOf(1)
  if (!op) throw new Error('the chain is empty')
  const start = firstHash(DEVICE)
  const forged: Partial<Op>[] = [
    { n: 2 },
    { prev: id(1) },
    { store_id: 'chain' },
    { ts_wall: 1 },
    { actor_id: id(8) },
    { type: 'set' },
    { tx: id(9) },
    { payload: { ...op.payload, name: '张玮' } },
  ]
  for (const change of forged)
    expect(hashOp({ ...op, ...change }, start, sha256), JSON.stringify(change)).not.toBe(op.hash)
  expect(hashOp(op, firstHash(id(5)), sha256)).not.toBe(op.hash)
  expect(hashOp(op, sha256('another'), sha256)).not.toBe(op.hash)
})

test('a group that is absent and one that is undefined are the same op', () => {
  const [op] = chainOf(1)
  if (!op) throw new Error('the chain is empty')
  const vague: object = { ...op, tx: undefined }
  expect(hashOp(Object.assign({}, op, vague), firstHash(DEVICE), sha256)).toBe(op.hash)
})

test('an edit happened when the corrected clock says, but never after its receipt', () => {
  const [op] = chainOf(1)
  if (!op) throw new Error('the chain is empty')
  expect(effectiveTime({ ...op, ts_wall: 5000, offset_ms: -250 }, 9000)).toBe(4750)
  expect(effectiveTime({ ...op, ts_wall: 5000, offset_ms: 60_000 }, 9000)).toBe(9000)
})

test('of two edits the later wins, of two at once the greater op id, and any beats none', () => {
  expect(isLater([2, 'a'], [1, 'z'])).toBe(true)
  expect(isLater([1, 'z'], [2, 'a'])).toBe(false)
  expect(isLater([1, 'b'], [1, 'a'])).toBe(true)
  expect(isLater([1, 'a'], [1, 'a'])).toBe(false)
  expect(isLater([1, 'a'], undefined)).toBe(true)
})

test.each<[string, Record<string, unknown>]>([
  ['number 0', { n: 0 }],
  ['half a number', { n: 1.5 }],
  ['an id in capitals', { op_id: id(1).replace('7', 'A') }],
  ['a kind with a NUL', { kind: 'visit\u0000' }],
  ['an empty kind', { kind: '' }],
  ['a type of 41 letters', { type: 'x'.repeat(41) }],
  ['a time that is none', { ts_wall: 8.64e15 + 1 }],
  ['a payload that is a text', { payload: 'x' }],
  ['half a hash', { hash: 'abc' }],
])('an envelope with %s is malformed', (_name, fault) => {
  const [op] = chainOf(1)
  expect(v.is(Op, { ...op, ...fault })).toBe(false)
})

test('kinds and types of later versions are let in, to be refused one by one', () => {
  const [op] = chainOf(1)
  for (const type of ['task.transition', 'tag+', 'tag-', 'unheard-of'])
    expect(v.is(Op, { ...op, kind: 'care_rule', type }), type).toBe(true)
})
