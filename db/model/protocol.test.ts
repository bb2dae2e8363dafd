import * as v from 'valibot'
import { expect, test } from 'vitest'
import { BATCH_MAX_OPS } from './limits.ts'
import { Health, Pull, Push } from './protocol.ts'

const DEVICE = '00000000-0000-7000-8000-0000000000d1'

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
