// What is at stake: two tabs of one tablet that work and sync at the same time, with no lock to
// keep them apart (it is thrift, not safety), and answers that arrive after newer ones.
// The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { must } from '#model/assert.ts'
import { CHAIN } from '#model/id.ts'
import { rebuild } from '#sql/rebuild.ts'
import { id, makeChain, MONDAY_10AM, openEmpty } from '#sql/test-ledger.ts'
import { setPin } from '#sql/people.ts'
import { writeDrafts } from '#sql/write.ts'
import { applyPage, readFeeds } from '#web/local/apply-page.ts'
import { getPast } from '#web/local/past.ts'
import { outboxItems, todayTally } from '#web/local/read.ts'
import { readStatus } from '#web/local/status.ts'
import { clerksOf } from '#web/local/unlock.ts'
import { createCustomer, logVisit, tally } from '#web/local/write.ts'
import { openTab, openTablet, settleDown, type World } from './test-tablet.ts'

vi.setConfig({ testTimeout: 30_000 })

async function openWorld(): Promise<World> {
  return { chain: await makeChain(await openEmpty('sqlite')), now: MONDAY_10AM }
}

test('two tabs that download, write and sync at once do no harm', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  const tab = openTab(tablet)
  const { local, actor } = tablet
  await Promise.all([tablet.engine.cycle(), tab.engine.cycle()])
  const customer = await createCustomer(local, actor, { name: 'Ann Lee' })
  const work = Array.from({ length: 20 }, (_, index) =>
    index % 2 === 0 ? logVisit(local, actor, customer, 'buy') : tally(local, actor, 1),
  )
  await Promise.all([...work, tablet.engine.cycle(), tab.engine.cycle(), tablet.engine.cycle()])
  await Promise.all([tablet.engine.cycle(), tab.engine.cycle()])
  await settleDown([tablet, tab])
  expect((await getPast(local, customer)).visits).toHaveLength(10)
  expect(await todayTally(local)).toBe(10)
  const ops = await local.db.op.orderBy('n').toArray()
  expect(ops.map((row) => row.n)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1))
  expect(await rebuild(world.chain.ledger, { write: false })).toEqual([])
})

test('an answer that arrives after newer ones takes nothing back', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  const tab = openTab(tablet)
  const { local, actor } = tablet
  await settleDown([tablet])
  await tally(local, actor, 1)
  tablet.faultOf = () => 'late'
  const late = tablet.engine.cycle()
  await vi.waitFor(() => expect(tablet.requests.at(-1)).toMatch(/push$/))
  await tally(local, actor, 2)
  await settleDown([tab])
  expect(await outboxItems(local)).toEqual([])
  tablet.arrive()
  await late
  expect(await outboxItems(local)).toEqual([])
  expect(await readStatus(local)).toMatchObject({ waiting: 0, trouble: null })
  expect(await todayTally(local)).toBe(3)
  expect(await local.db.op.where('state').equals('acked').count()).toBe(2)
})

test('an answer without news ends nothing where another tab began the feed anew', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  const { db } = tablet.local
  await settleDown([tablet])
  const before = must((await readFeeds(db))[CHAIN], 'the feed of the chain')
  tablet.faultOf = (path) => (path.endsWith('/pull') ? 'late' : null)
  tablet.requests.length = 0
  const late = tablet.engine.cycle()
  await vi.waitFor(() => expect(tablet.requests.at(-1)).toMatch(/pull$/))
  tablet.faultOf = () => null
  const { cursor } = before
  const anew = { from: cursor, cursor: 0, head: 0, floor: 0, rows: [], more: true, reset: true }
  expect(await applyPage(tablet.local, CHAIN, { ...anew, epoch: 'another' })).toBe('reset')
  tablet.arrive()
  await late
  const after = { ...before, gen: before.gen + 1 }
  expect((await readFeeds(db))[CHAIN]).toEqual(after)
  expect(tablet.requests.filter((path) => path.endsWith('/pull'))).toHaveLength(2)
})

test('a clerk who was added at the desk can unlock the tablet after the next sync', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  await settleDown([tablet])
  const { ledger, admin, stores } = world.chain
  const clerk = id()
  const payload = { name: 'New Clerk', role: 'clerk', store_ids: [stores[0]] }
  const draft = { store_id: CHAIN, kind: 'staff', record_id: clerk, type: 'create' as const }
  await writeDrafts(ledger, admin, [{ ...draft, payload }], world.now)
  await setPin(ledger, clerk, { salt: 'aa', iterations: 1, hash: 'bb' }, world.now)
  await tablet.engine.cycle()
  expect(await clerksOf(tablet.local)).toEqual([{ id: clerk, name: 'New Clerk', role: 'clerk' }])
})
