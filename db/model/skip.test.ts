import { expect, test } from 'vitest'
import { headAfter, type Op, SCHEMA } from './op.ts'
import { headPast, readSkip } from './skip.ts'

const id = (digit: number) => `00000000-0000-7000-8000-00000000000${digit}`
const hash = (letter: string) => letter.repeat(64)

const skip: Op = {
  op_id: id(1),
  n: 9,
  prev: id(2),
  actor_id: id(3),
  unlock_id: null,
  store_id: id(4),
  kind: 'device',
  record_id: id(5),
  base_seq: 0,
  schema: SCHEMA,
  ts_wall: 0,
  offset_ms: 0,
  ts_mono: 0,
  type: 'skip',
  payload: { from_n: 5, last_op_id: id(6), last_hash: hash('b') },
  hash: hash('a'),
}

test('behind a skip the chain goes on from the last op that is gone', () => {
  expect(headPast(skip)).toEqual({ n: 9, op_id: id(6), hash: hash('b') })
})

test('every other op is its own head', () => {
  const op = { ...skip, type: 'set' }
  expect(headPast(op)).toEqual(headAfter(op))
})

test('a skip that ends before it begins, or stands in a group, is none', () => {
  expect(readSkip({ ...skip, n: 4 })).toBeNull()
  expect(readSkip({ ...skip, tx: id(7) })).toBeNull()
  expect(readSkip({ ...skip, payload: {} })).toBeNull()
})
