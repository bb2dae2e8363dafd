import { expect, test } from 'vitest'
import { BATCH_MAX_BYTES, BATCH_MAX_OPS } from '#model/limits.ts'
import type { Op } from '#model/op.ts'
import { batchOf } from './batch.ts'

const ID = '01a20078-e7c4-711c-aa0a-e637d80dbf6c'

function op(n: number, note: string): Op {
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
