import { expect, test } from 'vitest'
import { BATCH_MAX_BYTES, BATCH_MAX_OPS } from '#model/limits.ts'
import type { Op } from '#model/op.ts'
import { batchOf } from './batch.ts'

const ID = '01a20078-e7c4-711c-aa0a-e637d80dbf6c'

function op(n: number, note: string, tx?: string): Op {
  return {
    op_id: ID,
    n,
    prev: null,
    actor_id: ID,
    unlock_id: null,
    store_id: ID,
    kind: 'customer',
    record_id: ID,
    base_seq: 0,
    schema: 1,
    ts_wall: 0,
    offset_ms: 0,
    ts_mono: 0,
    type: 'set',
    payload: { note },
    hash: '0'.repeat(64),
    ...(tx === undefined ? {} : { tx }),
  }
}

test('a batch holds the oldest ops, as many as one push may', () => {
  const ops = Array.from({ length: 300 }, (_, index) => op(index + 1, ''))
  const batch = batchOf(ops)
  expect(batch).toHaveLength(BATCH_MAX_OPS)
  expect(batch.at(-1)?.n).toBe(BATCH_MAX_OPS)
})

test('a batch of long notes in characters of three bytes stays below the limit of the body', () => {
  const ops = Array.from({ length: 200 }, (_, index) => op(index + 1, '客'.repeat(1000)))
  const batch = batchOf(ops)
  expect(batch.length).toBeGreaterThan(50)
  expect(new TextEncoder().encode(JSON.stringify(batch)).length).toBeLessThan(BATCH_MAX_BYTES)
})

test('one op alone is always offered, however long', () => {
  expect(batchOf([op(1, 'x'.repeat(BATCH_MAX_BYTES))])).toHaveLength(1)
})

test('ops that apply all or none are never cut in two', () => {
  const tens = Array.from({ length: 30 }, (_, group) => group)
  const ops = tens.flatMap((group) =>
    Array.from({ length: 10 }, (_, at) => op(group * 10 + at + 1, '', `group ${group}`)),
  )
  expect(batchOf(ops)).toHaveLength(200)
  expect(batchOf(ops.slice(5))).toHaveLength(195)
  expect(batchOf(ops, 25)).toHaveLength(20)
})

test('a group that is larger than the batch goes alone, and whole', () => {
  const group = Array.from({ length: 12 }, (_, at) => op(at + 2, '', 'one group'))
  expect(batchOf([op(1, ''), ...group, op(14, '')], 5).map(({ n }) => n)).toEqual([1])
  expect(batchOf([...group, op(14, '')], 5)).toHaveLength(12)
  expect(batchOf([...group, op(14, '')], 1)).toHaveLength(12)
})
