// What is at stake: a refused entry that nobody hears of again, work that is said to be missing
// when it is not, and a person who asked to be forgotten and is not. Against the real ledger.
// The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { must } from '#model/assert.ts'
import type { DecisionMade } from '#model/decision.ts'
import type { Draft } from '#model/op.ts'
import { decide } from '#sql/decide.ts'
import { rebuild } from '#sql/rebuild.ts'
import { id, makeChain, MONDAY_10AM, openEmpty } from '#sql/test-ledger.ts'
import { writeDrafts } from '#sql/write.ts'
import type { Local } from '#web/local/database.ts'
import { lossesHere } from '#web/local/decisions.ts'
import { saveDraft } from '#web/local/drafts.ts'
import { unpack } from '#web/local/gzip.ts'
import {
  dismissRefused,
  exportOutbox,
  getCustomer,
  outboxItems,
  todayTally,
  touchRecent,
  whyAbsent,
} from '#web/local/read.ts'
import { pruneAcked } from '#web/local/skip.ts'
import { readStatus } from '#web/local/status.ts'
import { createCustomer, logVisit, setCustomer, tally } from '#web/local/write.ts'
import {
  enrolAgain,
  openTab,
  openTablet,
  settleDown,
  type TestTablet,
  type World,
} from './test-tablet.ts'

vi.setConfig({ testTimeout: 60_000 })

const DAY_MS = 86_400_000

async function openWorld(): Promise<World> {
  return { chain: await makeChain(await openEmpty('sqlite')), now: MONDAY_10AM }
}

type Verdict = DecisionMade['verdict']

async function decideOn(world: World, subjectId: string, verdict: Verdict): Promise<void> {
  const { ledger, admin, stores } = world.chain
  const subject = verdict === 'accept' ? ('loss' as const) : ('op' as const)
  const made = { subject, subject_id: subjectId, verdict, reason: 'Asked the clerk' }
  await decide(ledger, admin, { ...made, store_id: stores[0] }, world.now)
}

/** A customer whom somebody unknown enrolled: refused by the server. */
async function refusedCustomer(tablet: TestTablet, name: string): Promise<string> {
  const stranger = { ...tablet.actor, actor_id: id() }
  return createCustomer(tablet.local, stranger, { name })
}

async function refusedOp({ local }: TestTablet): Promise<string> {
  const [item] = await outboxItems(local)
  expect(item).toMatchObject({ state: 'refused', reason: 'unknown-actor' })
  return must(item, 'a refused op').op.op_id
}

test('a refused entry that a manager applies leaves the list and is there', async () => {
  const world = await openWorld()
  const [one, two] = [await openTablet(world, 0), await openTablet(world, 0)]
  await settleDown([one, two])
  const customer = await refusedCustomer(one, 'Ann Lee')
  await settleDown([one])
  expect(await getCustomer(one.local, customer)).toBeNull()
  await decideOn(world, await refusedOp(one), 'reapply')
  await settleDown([one, two])
  expect(await outboxItems(one.local)).toEqual([])
  expect(await readStatus(one.local)).toMatchObject({ refused: 0, decided: 0 })
  for (const { local } of [one, two])
    expect(await getCustomer(local, customer)).toMatchObject({ row: { name: 'Ann Lee' } })
  expect(await rebuild(world.chain.ledger, { write: false })).toEqual([])
})

test('one that a manager dismisses is shown with the reason until it was read', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  const { local } = tablet
  await settleDown([tablet])
  await refusedCustomer(tablet, 'Ann Lee')
  await settleDown([tablet])
  const [item] = await outboxItems(local)
  await dismissRefused(local, must(item, 'an item').op.n)
  await decideOn(world, must(item, 'an item').op.op_id, 'dismiss')
  await settleDown([tablet])
  const by = world.chain.admin.actor_id
  const decision = { reason: 'Asked the clerk', by, at: world.now }
  expect(await outboxItems(local)).toMatchObject([{ state: 'dismissed', decision }])
  expect(await readStatus(local)).toMatchObject({ refused: 0, decided: 1 })
  await dismissRefused(local, must(item, 'an item').op.n)
  expect(await outboxItems(local)).toEqual([])
  expect(await readStatus(local)).toMatchObject({ decided: 0 })
})

test('a decision that came before the answer to the entry counts as well', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  const { local } = tablet
  await settleDown([tablet])
  await refusedCustomer(tablet, 'Ann Lee')
  const [item] = await outboxItems(local)
  tablet.faultOf = (path) => (path.endsWith('push') ? 'unanswered' : null)
  await tablet.engine.cycle()
  await decideOn(world, must(item, 'an item').op.op_id, 'dismiss')
  await tablet.engine.cycle() // The decision arrives; the answer is lost again.
  expect(await outboxItems(local)).toMatchObject([{ state: 'waiting' }])
  await settleDown([tablet])
  expect(await outboxItems(local)).toMatchObject([{ state: 'dismissed' }])
})

/** Sets the server's count of the device back, as a backup without some of its ops would. */
async function forgetOps({ world, session }: TestTablet, lastN: number): Promise<void> {
  const { ledger } = world.chain
  const { op, deviceState } = ledger.t
  await ledger.tx(async (db) => {
    const ops = (await db.select().from(op)).filter((row) => row.device_id === session.device_id)
    const last = ops.find((row) => row.n === lastN)
    await db.delete(op)
    const kept = ops.filter((row) => row.n <= lastN)
    if (kept.length > 0) await db.insert(op).values(kept)
    const head = { last_n: lastN, last_op_id: last?.op_id ?? null, last_hash: last?.op.hash ?? '' }
    await db.update(deviceState).set({ ...head, epoch: id() })
  })
}

test('entries that nobody has any more are closed by a skip, and stand among the losses', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  const { local, actor } = tablet
  await settleDown([tablet])
  for (const count of [1, 2, 4]) await tally(local, actor, count)
  await settleDown([tablet])
  world.now += 40 * DAY_MS
  await pruneAcked(local)
  expect(await local.db.op.count()).toBe(0)
  await tally(local, actor, 8)
  await settleDown([tablet])
  world.now += 1
  await forgetOps(tablet, 1)
  await tally(local, actor, 16)
  await settleDown([tablet, tablet])
  expect(await readStatus(local)).toMatchObject({ waiting: 0, refused: 0, trouble: null, lost: 2 })
  expect(await outboxItems(local)).toEqual([])
  const [loss] = await lossesHere(local)
  expect(loss).toMatchObject({ cause: 'skipped', from_n: 2, to_n: 3, state: 'open' })
  const ops = await local.db.op.orderBy('n').toArray()
  expect(ops.map((row) => [row.n, row.op.type])).toEqual([
    [3, 'skip'],
    [4, 'visit'],
    [5, 'visit'],
  ])
  await decideOn(world, must(loss, 'a loss').id, 'accept')
  await settleDown([tablet])
  expect(await readStatus(local)).toMatchObject({ lost: 0 })
  expect(await lossesHere(local)).toMatchObject([{ state: 'accepted' }])
})

test('two tabs that find the same hole write one skip', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  const tab = openTab(tablet)
  const { local, actor } = tablet
  await settleDown([tablet])
  for (const count of [1, 2, 4]) await tally(local, actor, count)
  await settleDown([tablet])
  world.now += 40 * DAY_MS
  await pruneAcked(local)
  await tally(local, actor, 8)
  await settleDown([tablet])
  await forgetOps(tablet, 1)
  const name = tablet.session.device_id
  await Promise.all([tablet.engine.cycle(), tab.engine.cycle(), tablet.engine.cycle()])
  await settleDown([tablet, tab])
  expect(tablet.session.device_id).toBe(name)
  expect(await local.db.op.filter((row) => row.op.type === 'skip').count()).toBe(1)
  expect(await readStatus(local)).toMatchObject({ waiting: 0, trouble: null, lost: 2 })
})

test('when everything is gone on both sides the chain goes on behind one skip', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  const { local, actor } = tablet
  await settleDown([tablet])
  for (const count of [1, 2, 4]) await tally(local, actor, count)
  await settleDown([tablet])
  world.now += 40 * DAY_MS
  await pruneAcked(local)
  await forgetOps(tablet, 1)
  await settleDown([tablet])
  await tally(local, actor, 8)
  await settleDown([tablet])
  expect(await todayTally(local)).toBe(8)
  expect(await readStatus(local)).toMatchObject({ waiting: 0, trouble: null, lost: 2 })
})

async function erase(world: World, customer: string): Promise<void> {
  const { ledger, admin, stores } = world.chain
  const payload = { home_store_id: stores[0], cause: 'request' }
  const draft: Draft = {
    store_id: stores[0],
    kind: 'customer',
    record_id: customer,
    type: 'erase',
    payload,
  }
  const results = await writeDrafts(ledger, admin, [draft], world.now)
  expect(results).toMatchObject([{ status: 'applied' }])
}

/** Everything that lies in the database, parts unpacked, as one text. */
async function contentOf({ db }: Local): Promise<string> {
  const tables = await Promise.all(db.tables.map((table) => table.toArray()))
  const parts = await db.part.toArray()
  const unpacked = parts.flatMap((part) => [unpack(part.customers), unpack(part.past)])
  return JSON.stringify([tables, await Promise.all(unpacked)])
}

test('a person who was erased is in no table of any tablet, and nobody else is gone', async () => {
  const world = await openWorld()
  const [one, packed] = [await openTablet(world, 0), await openTablet(world, 0)]
  await settleDown([one])
  const { local, actor } = one
  const person = await createCustomer(local, actor, { name: 'Zoë Quist', phone: '13812345678' })
  const other = await createCustomer(local, actor, { name: 'Bo Chen', phone: '13987654321' })
  for (const customer of [person, other]) await logVisit(local, actor, customer, 'buy')
  await settleDown([one, packed]) // The second tablet has them in its parts.
  await logVisit(packed.local, packed.actor, person, 'browse')
  await touchRecent(packed.local, person)
  await saveDraft(packed.local, `clerk edit ${person}`, { note: 'Zoë is away' })
  await settleDown([packed])
  // What one tablet writes about the person while it is offline is still sent, and then emptied.
  await setCustomer(local, actor, person, { note: 'Zoë likes tea' })
  await erase(world, person)
  await settleDown([one, packed, one, packed])
  for (const tablet of [one, packed]) {
    const content = await contentOf(tablet.local)
    expect(content).not.toMatch(/Zoë|Quist|zoe|13812345678/)
    expect(content).toMatch(/Bo Chen/)
    expect(await exportOutbox(tablet.local)).not.toMatch(/Zoë|13812345678/)
    expect(await whyAbsent(tablet.local, person)).toBe('gone')
    expect(await getCustomer(tablet.local, other)).toMatchObject({ row: { name: 'Bo Chen' } })
  }
  expect(await outboxItems(local)).toMatchObject([{ state: 'refused', reason: 'erased' }])
  expect(await rebuild(world.chain.ledger, { write: false })).toEqual([])
})

test('a tablet that went to another store forgets whom its old store erased', async () => {
  const world = await openWorld()
  const [tablet, other] = [await openTablet(world, 0), await openTablet(world, 1)]
  await settleDown([tablet, other])
  const { local, actor } = tablet
  const person = await createCustomer(local, actor, { name: 'Zoë Quist', phone: '13812345678' })
  await settleDown([tablet])
  tablet.session = await enrolAgain(world, local, world.chain.stores[1])
  await settleDown([tablet])
  await erase(world, person)
  world.now += 7 * 3_600_000
  await settleDown([tablet, tablet])
  expect(await contentOf(local)).not.toMatch(/Zoë|Quist|zoe|13812345678/)
  expect(await local.db.op.filter((row) => row.redacted === true).count()).toBe(1)
})
