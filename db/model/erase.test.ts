// What is at stake: something of a forgotten person stays behind, or so much goes that the figures
// and the chain of hashes no longer hold.
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import type { StampedVisit } from './apply.ts'
import { createCustomer } from './customer.ts'
import { forget, forgetVisit, redactedHash, redactOp, surrogateOf } from './erase.ts'
import { id } from './id.ts'
import { firstHash, hashOp, sealOp } from './op.ts'
import { foldDay } from './visit.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const VISIT: StampedVisit = {
  id: 'v',
  store_id: 's',
  customer_id: 'c',
  home_store_id: 's',
  count: 1,
  purpose: 'buy',
  need: 'red shoes',
  spend_minor: 100,
  items: 1,
  note: 'waits for her daughter',
  receipt: 'R-1',
  at: 5,
  day: 0,
  actor_id: 'a',
  void: false,
  stamps: { note: [5, 'o'] },
}

test('a forgotten customer keeps id, home and tags, and nothing that a clerk typed', () => {
  const typed = { name: 'Li', phone: '13800001111', note: 'nuts', card: '7', birthday: '07-23' }
  const customer = createCustomer('c', { ...typed, home_store_id: 's' }, [0, 'op'], 'clerk')
  const blank = forget(customer, 20_000)
  expect(blank).toMatchObject({ id: 'c', home_store_id: 's', name: '', erased_on: 20_000 })
  expect(blank.taggings).toBe(customer.taggings)
  const text = JSON.stringify(blank)
  expect(Object.values(typed).filter((value) => text.includes(value) && value.length > 1)).toEqual(
    [],
  )
})

test('a forgotten visit still folds as it did', () => {
  const others = [
    { ...VISIT, id: 'w', receipt: 'R-2' },
    { ...VISIT, id: 'x', receipt: null },
  ]
  const all = [VISIT, ...others]
  const forgotten = all.map((visit) => forgetVisit(visit, 'surrogate', 'home'))
  const { customer_id, ...was } = foldDay(all, null)!
  const { customer_id: now, ...is } = foldDay(forgotten, null)!
  expect(is).toEqual(was)
  expect([customer_id, now]).toEqual(['c', 'surrogate'])
  expect(JSON.stringify(forgotten)).not.toMatch(/R-|red shoes|daughter/)
})

test('a surrogate is an id, the same for one op and another for the next', () => {
  const [one, two] = [surrogateOf('op-1', sha256), surrogateOf('op-2', sha256)]
  expect(v.is(id, one)).toBe(true)
  expect(surrogateOf('op-1', sha256)).toBe(one)
  expect(two).not.toBe(one)
})

test('what is left of an op is verified by a hash of its own over the op before', () => {
  const start = { n: 0, op_id: null, hash: firstHash('d') }
  const draft = { store_id: 's', kind: 'customer', record_id: 'c', type: 'create' } as const
  const envelope = { op_id: 'o', actor_id: 'a', unlock_id: null, base_seq: 0, ts_wall: 1 }
  const op = sealOp(
    { ...draft, payload: { name: 'Li' } },
    start,
    { ...envelope, offset_ms: 0, ts_mono: 0 },
    sha256,
  )
  const redacted = redactOp(op, 'surrogate')
  expect(redacted).toEqual({ ...op, record_id: 'surrogate', payload: {} })
  const kept = redactedHash(redacted, start.hash, sha256)
  expect(hashOp(redacted, start.hash, sha256)).toBe(kept)
  expect(redactedHash({ ...redacted, ts_wall: 2 }, start.hash, sha256)).not.toBe(kept)
})
