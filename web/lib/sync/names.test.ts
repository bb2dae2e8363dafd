// What is at stake: work that is lost or done twice because two tablets go by one name, because a
// database is older than what the server has of it, or because the browser gave it up. The tablet
// must go on by itself, under another name, against the real ledger.
// The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { must } from '#model/assert.ts'
import { lossesOf } from '#sql/loss.ts'
import { rebuild } from '#sql/rebuild.ts'
import { id, makeChain, MONDAY_10AM, openEmpty } from '#sql/test-ledger.ts'
import { lossesHere } from '#web/local/decisions.ts'
import { type Local, openLocal } from '#web/local/database.ts'
import { getDevice, removeDevice } from '#web/local/device.ts'
import { dismissEviction, readEviction } from '#web/local/eviction.ts'
import { outboxItems, todayTally } from '#web/local/read.ts'
import { readStatus } from '#web/local/status.ts'
import { tally } from '#web/local/write.ts'
import {
  enrolAgain,
  type Fault,
  onDatabase,
  openTab,
  openTablet,
  settleDown,
  type TestTablet,
  type World,
} from './test-tablet.ts'

vi.setConfig({ testTimeout: 60_000 })

async function openWorld(): Promise<World> {
  return { chain: await makeChain(await openEmpty('sqlite')), now: MONDAY_10AM }
}

/** The database as it is now, on another disk. */
async function copyOf(local: Local): Promise<Local> {
  const copy = await openLocal(local.deps, `copy-${id()}`)
  for (const table of local.db.tables)
    await copy.db.table(table.name).bulkPut(await table.toArray())
  return copy
}

async function nameOf({ local }: TestTablet): Promise<string> {
  return must(await getDevice(local), 'a device').device_id
}

async function expectRest(world: World, tablets: readonly TestTablet[], people: number) {
  await settleDown([...tablets, ...tablets])
  for (const { local } of tablets) {
    expect(await readStatus(local)).toMatchObject({ trouble: null, waiting: 0, refused: 0 })
    expect(await todayTally(local)).toBe(people)
  }
  expect(await rebuild(world.chain.ledger, { write: false })).toEqual([])
}

test('a database put back from a copy goes on under a new name with its work', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  await settleDown([tablet])
  await tally(tablet.local, tablet.actor, 1)
  const old = await copyOf(tablet.local)
  await tally(tablet.local, tablet.actor, 2)
  await settleDown([tablet])
  const restored = onDatabase(tablet, old, tablet.jar)
  const name = await nameOf(restored)
  await tally(restored.local, restored.actor, 4)
  expect(await restored.engine.cycle()).toMatchObject({ ok: true })
  expect(await nameOf(restored)).not.toBe(name)
  await expectRest(world, [restored], 7)
})

test('a database set back that wrote nothing since is found by what the server knows', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  await settleDown([tablet])
  const old = await copyOf(tablet.local)
  await tally(tablet.local, tablet.actor, 2)
  await settleDown([tablet])
  const restored = onDatabase(tablet, old, tablet.jar)
  await restored.engine.cycle()
  await tally(restored.local, restored.actor, 4)
  await expectRest(world, [restored], 6)
})

test('two copies that both write lose nothing, whoever syncs first', async () => {
  const world = await openWorld()
  const one = await openTablet(world, 0)
  await settleDown([one])
  await tally(one.local, one.actor, 1)
  const two = onDatabase(one, await copyOf(one.local), { session: one.session })
  await tally(one.local, one.actor, 2)
  await tally(two.local, two.actor, 4)
  await tally(two.local, two.actor, 8)
  await settleDown([two])
  await settleDown([one])
  expect(await nameOf(one)).not.toBe(await nameOf(two))
  await tally(one.local, one.actor, 16)
  await tally(two.local, two.actor, 32)
  await expectRest(world, [one, two], 63)
})

test.each(['unanswered', 'cut', 'late', 'twice'] as const)(
  'a renewal whose answer is %s leads to one name in the end',
  async (fault: Fault) => {
    const world = await openWorld()
    const tablet = await openTablet(world, 0)
    await settleDown([tablet])
    const old = await copyOf(tablet.local)
    await tally(tablet.local, tablet.actor, 1)
    await settleDown([tablet])
    const restored = onDatabase(tablet, old, tablet.jar)
    await tally(restored.local, restored.actor, 2)
    restored.faultOf = (path) => (path.endsWith('renew') ? fault : null)
    const cycle = restored.engine.cycle()
    if (fault === 'late') restored.arrive()
    await cycle
    await expectRest(world, [restored], 3)
    expect(await nameOf(restored)).toBe(restored.session.device_id)
  },
)

test('a copy whose cookie went another way gets a name of its own', async () => {
  const world = await openWorld()
  const [one, two] = [await openTablet(world, 0), await openTablet(world, 0)]
  await settleDown([one, two])
  await tally(one.local, one.actor, 1)
  await tally(two.local, two.actor, 2)
  await settleDown([two])
  // The profile was put together from two backups: the database of one, the cookie of the other.
  const mixed = onDatabase(one, one.local, { session: two.session })
  await expectRest(world, [mixed, two], 3)
  expect(new Set([await nameOf(mixed), await nameOf(two)]).size).toBe(2)
})

test('an emptied tablet finds its store by itself, and says what is missing', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  await settleDown([tablet])
  await tally(tablet.local, tablet.actor, 1)
  await settleDown([tablet])
  await tally(tablet.local, tablet.actor, 2)
  tablet.faultOf = (path) => (path.endsWith('push') ? 'lost' : null)
  await tablet.engine.cycle() // The pull tells the server of the op that is then lost.
  tablet.faultOf = () => null
  const empty = await openLocal(tablet.local.deps, `empty-${id()}`)
  const found = onDatabase(tablet, empty, tablet.jar)
  expect(await found.engine.cycle()).toMatchObject({ ok: true })
  expect(await readEviction(empty)).toMatchObject({ cause: 'evicted', recovered: true, lost: 1 })
  expect(await readStatus(empty)).toMatchObject({ hasSynced: true, lost: 1 })
  expect(await lossesHere(empty)).toMatchObject([{ cause: 'evicted', from_n: 2, to_n: 2 }])
  expect(await lossesOf(world.chain.ledger, { all: true }, 'open', world.now)).toHaveLength(1)
  await dismissEviction(empty)
  expect(await readStatus(empty)).toMatchObject({ eviction: null })
  await tally(empty, found.actor, 4)
  await expectRest(world, [found], 5)
})

test('an emptied tablet waits for the network, and a stranger for a code', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  await settleDown([tablet])
  const empty = onDatabase(tablet, await openLocal(tablet.local.deps, id()), tablet.jar)
  empty.faultOf = () => 'lost'
  expect(await empty.engine.cycle()).toMatchObject({ ok: false })
  empty.faultOf = (path) => (path.endsWith('renew') ? 'unanswered' : null)
  expect(await empty.engine.cycle()).toMatchObject({ ok: false })
  expect(await readEviction(empty.local)).toMatchObject({ recovered: false })
  empty.faultOf = () => null
  expect(await empty.engine.cycle()).toMatchObject({ ok: true })
  expect(await getDevice(empty.local)).not.toBeNull()

  const jar = { session: null }
  const stranger = onDatabase(tablet, await openLocal(tablet.local.deps, id()), jar)
  await stranger.engine.cycle()
  await stranger.engine.cycle()
  expect(stranger.requests).toEqual(['/api/devices/self'])
  expect(await readEviction(stranger.local)).toBeNull()
})

test('a tablet that a person took out of service does not come back by itself', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  await settleDown([tablet])
  await removeDevice(tablet.local)
  tablet.requests.length = 0
  expect(await tablet.engine.cycle()).toMatchObject({ ok: true })
  expect(tablet.requests).toEqual([])
  expect(await getDevice(tablet.local)).toBeNull()
  tablet.session = await enrolAgain(world, tablet.local, world.chain.stores[0])
  expect(await tablet.engine.cycle()).toMatchObject({ ok: true })
})

test('what waits is shown at its own store again, and at no other in between', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  await settleDown([tablet])
  const { local } = tablet
  await tally(local, tablet.actor, 2)
  const [here, elsewhere] = world.chain.stores
  tablet.session = await enrolAgain(world, local, elsewhere)
  expect(await local.db.view.count()).toBe(0)
  tablet.session = await enrolAgain(world, local, here)
  expect(await local.db.view.count()).toBe(1)
  await expectRest(world, [tablet], 2)
})

test('two tabs that both find the fork go on under one name', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  await settleDown([tablet])
  const old = await copyOf(tablet.local)
  await tally(tablet.local, tablet.actor, 1)
  await settleDown([tablet])
  const restored = onDatabase(tablet, old, tablet.jar)
  const tab = openTab(restored)
  await tally(restored.local, restored.actor, 2)
  await Promise.all([restored.engine.cycle(), tab.engine.cycle()])
  await expectRest(world, [restored, tab], 3)
  expect(await outboxItems(restored.local)).toEqual([])
})
