// What is at stake: a view that outlives its ops hides what other tablets write, with nothing to
// show for it. The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { getDevice } from './device.ts'
import { acknowledge } from './outbox.ts'
import { openTestLocal } from './test-local.ts'
import { createCustomer } from './write.ts'

test('a view that a power cut left behind goes with the next complete pull', async () => {
  const { local, actor } = await openTestLocal()
  const customer = await createCustomer(local, actor, { name: 'Ann Lee' })
  const unsent = await createCustomer(local, actor, { name: 'Bo Chen' })
  // As the disk is when the app ended after the op's transaction and before the view's.
  await local.db.op.where('record_id').equals(customer).modify({ state: 'acked' })
  const { device_id = '' } = (await getDevice(local)) ?? {}
  await acknowledge(local, device_id, 0)
  expect(await local.db.view.toCollection().primaryKeys()).toEqual([unsent])
  local.close()
})
