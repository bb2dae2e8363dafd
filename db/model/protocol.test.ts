// What is at stake: a first download that was cut must never be taken for a store without
// customers. The digest in the manifest catches what the bytes themselves cannot tell.
import fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { BATCH_MAX_OPS } from './limits.ts'
import { Health, joinPart, Pull, Push, splitPart } from './protocol.ts'

const DEVICE = '00000000-0000-7000-8000-0000000000d1'

const segment = fc.uint8Array({ maxLength: 300 })

test('a part that is joined splits into its two segments', () => {
  fc.assert(
    fc.property(segment, segment, (customers, past) => {
      expect(splitPart(joinPart(customers, past))).toEqual({ customers, past })
    }),
  )
})

test('a part splits alike from the middle of a larger buffer, as a download gives it', () => {
  fc.assert(
    fc.property(segment, segment, fc.nat(9), (customers, past, before) => {
      const part = joinPart(customers, past)
      const buffer = new Uint8Array(before + part.length + 3).fill(7)
      buffer.set(part, before)
      const view = buffer.subarray(before, before + part.length)
      expect(splitPart(view)).toEqual({ customers, past })
    }),
  )
})

test('a part that was cut within its length or its customers is a RangeError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 99 }), segment, (customers, past) => {
      const part = joinPart(customers, past)
      for (let length = 0; length < 4 + customers.length; length += 1)
        expect(() => splitPart(part.subarray(0, length))).toThrow(RangeError)
    }),
    { numRuns: 30 },
  )
})

test('a part that claims more than four gigabytes of customers is a RangeError', () => {
  expect(() => splitPart(new Uint8Array([255, 255, 255, 255, 1, 2]))).toThrow(RangeError)
})

test('the segments are copies: nothing holds on to the whole download', () => {
  const part = joinPart(new Uint8Array([1, 2]), new Uint8Array([3]))
  const { customers, past } = splitPart(part)
  part.fill(0)
  expect([...customers, ...past]).toEqual([1, 2, 3])
  expect(customers.buffer.byteLength).toBe(2)
})

const health = {
  app_version: '0.1.0',
  schema: 1,
  client_now: 1,
  max_n: 0,
  unsent: 0,
  oldest_unsent_at: null,
  persisted: null,
  usage_bytes: null,
  quota_bytes: null,
}

const op = {
  op_id: DEVICE,
  n: 1,
  prev: null,
  actor_id: DEVICE,
  unlock_id: null,
  store_id: DEVICE,
  kind: 'visit',
  record_id: DEVICE,
  base_seq: 0,
  schema: 1,
  ts_wall: 0,
  offset_ms: 0,
  ts_mono: 0,
  type: 'void',
  payload: {},
  hash: '0'.repeat(64),
}

test('a device says how it is, knowing no quota or persistence where the browser tells none', () => {
  expect(v.is(Health, health)).toBe(true)
  expect(v.is(Health, { ...health, unsent: -1 })).toBe(false)
  expect(v.is(Health, { ...health, usage_bytes: undefined })).toBe(false)
})

test('a pull follows feeds of stores and of the chain, at most 2000 rows of each', () => {
  const feeds = { chain: { cursor: 0, epoch: null }, [DEVICE]: { cursor: 5, epoch: DEVICE } }
  const pull = { device_id: DEVICE, health, feeds, limit: 2000 }
  expect(v.is(Pull, pull)).toBe(true)
  expect(v.is(Pull, { ...pull, limit: 2001 })).toBe(false)
  expect(v.is(Pull, { ...pull, feeds: { everything: { cursor: 0, epoch: null } } })).toBe(false)
  expect(v.is(Pull, { ...pull, feeds: { chain: { cursor: -1, epoch: null } } })).toBe(false)
})

test('a push may be empty, as it also says how the device is, and has at most 200 ops', () => {
  const push = { device_id: DEVICE, epoch: null, health, ops: [] }
  expect(v.is(Push, push)).toBe(true)
  const opsOf = (length: number) => Array.from({ length }, () => op)
  expect(v.is(Push, { ...push, ops: opsOf(BATCH_MAX_OPS) })).toBe(true)
  expect(v.is(Push, { ...push, ops: opsOf(BATCH_MAX_OPS + 1) })).toBe(false)
})
