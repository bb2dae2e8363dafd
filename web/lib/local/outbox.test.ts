// What is at stake: a group of ops that apply all or none, sent in two halves; and work that a
// server forgot, offered again and shown to nobody.
import 'fake-indexeddb/auto'
import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { getDevice } from './device.ts'
import { takeCounter, waitingOps } from './outbox.ts'
import { openTestLocal } from './test-local.ts'
import { createCustomer, tally } from './write.ts'

test('what waits is given the oldest first, and no group is cut in two', async () => {
  const { local, actor, tag } = await openTestLocal()
  const numbers = async (limit: number) => (await waitingOps(local, limit)).map(({ n }) => n)
  await tally(local, actor, 1)
  await createCustomer(local, actor, { name: 'Ann Lee', phone: '13812345678', tag_ids: [tag] })
  await tally(local, actor, 2)
  const groups = (await waitingOps(local, 9)).map(({ tx }) => tx)
  expect(groups).toEqual([undefined, groups[1], groups[1], undefined])
  expect(await numbers(1)).toEqual([1])
  expect(await numbers(2)).toEqual([1, 2, 3])
  expect(await numbers(3)).toEqual([1, 2, 3])
  expect(await numbers(4)).toEqual([1, 2, 3, 4])
})

test('a group whose first op alone was asked for comes whole', async () => {
  const { local, actor, tag } = await openTestLocal()
  await createCustomer(local, actor, { name: 'Bo Chen', tag_ids: [tag] })
  await tally(local, actor, 1)
  expect((await waitingOps(local, 1)).map(({ n }) => n)).toEqual([1, 2])
})

test('what a server forgot is shown from the very moment on in which it waits again', async () => {
  const { local, actor } = await openTestLocal()
  const { db } = local
  const id = await tally(local, actor, 3)
  await db.op.toCollection().modify({ state: 'acked' })
  await db.view.clear()
  await db.meta.put({ key: 'epoch', value: v7() })
  const { device_id } = must(await getDevice(local), 'a device')
  const counter = { last_n: 0, last_op_id: null, last_hash: '', epoch: v7() }
  const taking = takeCounter(local, device_id, counter, {
    server_now: 0,
    askedAt: 0,
    answeredAt: 0,
  })
  const look = () =>
    db.transaction('r', db.op, db.view, async () => [await db.op.get(1), await db.view.get(id)])
  let [op, view] = await look()
  while (op && 'state' in op && op.state === 'acked') [op, view] = await look()
  expect(op).toMatchObject({ state: 'waiting' })
  expect(view).toBeDefined()
  await taking
})
