// What is at stake: a group of ops that apply all or none, sent in two halves.
import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { waitingOps } from './outbox.ts'
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
