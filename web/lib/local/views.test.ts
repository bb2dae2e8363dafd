// What is at stake: a view that outlives its ops hides what other tablets write, with nothing to
// show for it. The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { applyPage, readFeeds } from './apply-page.ts'
import { getDevice } from './device.ts'
import { acknowledge } from './outbox.ts'
import { downloadParts, openTestLocal, page, visitAt } from './test-local.ts'
import { createCustomer, tally } from './write.ts'

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

test('the outbox is read once for a page of rows, however many of them are about it', async () => {
  const tablet = await openTestLocal()
  const { local, actor, store, clock } = tablet
  await downloadParts(tablet, [])
  const ids: string[] = []
  for (let visit = 0; visit < 20; visit += 1) ids.push(await tally(local, actor, 1))
  const rows = ids.map((id, place) => {
    const body = { ...visitAt(store, '', clock.now), id, customer_id: null, count: 2 }
    return { seq: 11 + place, id, state: 'put' as const, kind: 'visit', body }
  })
  const cursor = (await readFeeds(local.db))[store]?.cursor ?? 0
  const searches = vi.spyOn(local.db.op, 'where')
  expect(await applyPage(local, store, page(cursor, rows))).toBe('applied')
  expect(searches).toHaveBeenCalledTimes(2) // What waits, and what was sent.
  const views = await local.db.view.bulkGet(ids)
  expect(views.map((view) => view?.body)).toMatchObject(ids.map((id) => ({ id, count: 2 })))
  local.close()
})
