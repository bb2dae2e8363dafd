// What is at stake: work that an older or newer app leaves behind. Server, app and database are
// each updated at their own time, and taken back at times; unsent entries must go out under all
// of them. Against the real ledger.
// The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { headAfter, type Op, sealOp } from '#model/op.ts'
import { PROTOCOL, PROTOCOL_HEADER } from '#model/protocol.ts'
import { id, makeChain, MONDAY_10AM, openEmpty } from '#sql/test-ledger.ts'
import { openLocal } from '#web/local/database.ts'
import { getDevice } from '#web/local/device.ts'
import { getCustomer, outboxItems, todayTally } from '#web/local/read.ts'
import { readStatus } from '#web/local/status.ts'
import { createCustomer, logVisit, setCustomer, tally } from '#web/local/write.ts'
import { onDatabase, openTablet, settleDown, type TestTablet, type World } from './test-tablet.ts'

vi.setConfig({ testTimeout: 30_000 })

async function openWorld(): Promise<World> {
  return { chain: await makeChain(await openEmpty('sqlite')), now: MONDAY_10AM }
}

test('a server that serves newer apps only still takes what waits', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  const { local, actor, engine } = tablet
  await settleDown([tablet])
  await tally(local, actor, 3)
  const headers = {
    [PROTOCOL_HEADER]: String(PROTOCOL),
    'content-type': 'application/problem+json',
  }
  const body = JSON.stringify({ code: 'update-needed' })
  tablet.answerOf = (path) =>
    path.endsWith('push') ? null : new Response(body, { status: 426, headers })
  await engine.cycle()
  expect(await readStatus(local)).toMatchObject({ waiting: 0, trouble: 'update' })
  tablet.answerOf = () => null // The app was updated.
  await settleDown([tablet])
  expect(await readStatus(local)).toMatchObject({ trouble: null })
  expect(await todayTally(local)).toBe(3)
})

test('an app that was taken back sends from the newer database and fills nothing in', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  await settleDown([tablet])
  await tally(tablet.local, tablet.actor, 2)
  tablet.local.close()
  await new Promise((resolve, reject) => {
    const request = indexedDB.open(tablet.local.name, 90)
    request.onupgradeneeded = () => request.result.createObjectStore('task')
    request.onerror = reject
    request.onsuccess = () => {
      request.result.close()
      resolve(null)
    }
  })
  const local = await openLocal(tablet.local.deps, tablet.local.name)
  const old = onDatabase(tablet, local, tablet.jar)
  await tally(local, old.actor, 4)
  await old.engine.cycle()
  expect(old.requests).toEqual(['/api/sync/push'])
  expect(await readStatus(local)).toMatchObject({
    waiting: 0,
    trouble: 'update',
    troubleDetail: 'newer',
  })
  expect(await todayTally(local)).toBe(6)
})

/** Puts an op of another version of the app at the end of the outbox. */
async function putForeignOp({ local, actor }: TestTablet, said: Partial<Op>): Promise<void> {
  const device = await getDevice(local)
  if (!device) throw new Error('a device is expected')
  const { store_id, head } = device
  const draft = {
    store_id,
    kind: 'visit',
    record_id: id(),
    type: 'visit' as const,
    payload: {},
    ...said,
  }
  const envelope = { op_id: id(), ...actor, base_seq: 0, ts_wall: MONDAY_10AM, ts_mono: 0 }
  const op = sealOp(draft as never, head, { ...envelope, offset_ms: 0 }, local.deps.sha256)
  const { record_id } = op
  await local.db.op.put({ n: op.n, op, state: 'waiting', record_id, customer_id: record_id })
  await local.db.meta.put({ key: 'head', value: headAfter(op) })
}

test('an entry that another version wrote is handed in, and holds nothing else up', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  const { local, actor } = tablet
  await settleDown([tablet])
  const customer = await createCustomer(local, actor, { name: 'Ann Lee' })
  await putForeignOp(tablet, { record_id: customer, kind: 'task', payload: { name: 'Wrong' } })
  await putForeignOp(tablet, { kind: 'visit', payload: { purpose: 'levitate' } })
  await putForeignOp(tablet, { record_id: customer, kind: 'consent', type: 'set', payload: {} })
  await setCustomer(local, actor, customer, { name: 'Ann Li' })
  await logVisit(local, actor, customer, 'buy')
  await settleDown([tablet])
  expect(await getCustomer(local, customer)).toMatchObject({ row: { name: 'Ann Li' } })
  expect((await outboxItems(local)).map((item) => [item.state, item.reason])).toEqual([
    ['refused', 'unknown-kind'],
    ['refused', 'malformed'],
    ['refused', 'malformed'],
  ])
  expect(await readStatus(local)).toMatchObject({ waiting: 0, trouble: null })
})

test('the server hears how the tablet is, and whose work waits on it', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0, 7_200_000)
  const { local, actor, engine } = tablet
  await settleDown([tablet])
  await tally(local, actor, 1)
  world.now += 60_000
  await tally(local, actor, 1)
  await local.db.meta.put({ key: 'reopens', value: 2 })
  tablet.faultOf = (path) => (path.endsWith('push') ? 'down' : null)
  await engine.cycle()
  const { deviceState } = world.chain.ledger.t
  const rows = await world.chain.ledger.db.select().from(deviceState)
  const row = rows.find((one) => one.device_id === tablet.session.device_id)
  // Times are the server's, whatever the tablet's own clock shows.
  expect(row).toMatchObject({
    unsent: 2,
    unsent_by: [actor.actor_id],
    oldest_unsent_at: world.now - 60_000,
    newest_unsent_at: world.now,
    reopens: 2,
    persisted: true,
  })
})
