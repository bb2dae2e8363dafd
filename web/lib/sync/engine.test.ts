// What is at stake: a clerk's work lost or done twice, and a status that says otherwise. Tablets
// meet the real ledger here over a network that fails. What this cannot show: a real browser's
// database killed in mid-write, and two threads at once; the browser tests do.
// The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { CHAIN } from '#model/id.ts'
import { rebuild } from '#sql/rebuild.ts'
import { id, makeChain, MONDAY_10AM, openEmpty } from '#sql/test-ledger.ts'
import { writeDrafts } from '#sql/write.ts'
import { getDevice } from '#web/local/device.ts'
import { getPast } from '#web/local/past.ts'
import { getCustomer, getReference, outboxItems, todayTally } from '#web/local/read.ts'
import { readStatus } from '#web/local/status.ts'
import {
  addTag,
  createCustomer,
  logVisit,
  removeTag,
  setCustomer,
  tally,
  voidVisit,
} from '#web/local/write.ts'
import { keepVisitor } from '#web/local/visitors.ts'
import { Engine } from './engine.ts'
import { type Fault, openTablet, settleDown, type TestTablet, type World } from './test-tablet.ts'

vi.setConfig({ testTimeout: 30_000 })

async function openWorld(): Promise<World> {
  return { chain: await makeChain(await openEmpty('sqlite')), now: MONDAY_10AM }
}

/** Lets a fault happen to pushes (or pulls) only. */
function onlyTo(part: 'push' | 'pull', fault: Fault) {
  return (path: string) => (path.endsWith(part) ? fault : null)
}

async function visitsOf({ local }: TestTablet, customer: string): Promise<number> {
  return (await getPast(local, customer)).visits.length
}

test.each([-86_400_000, 86_400_000])(
  'a clock that is %i ms off dates neither what waits nor what came',
  async (skewMs) => {
    const world = await openWorld()
    const tablet = await openTablet(world, 0, skewMs)
    const { local, actor, engine } = tablet
    await engine.cycle()
    world.now += 60_000
    await tally(local, actor, 1)
    expect(await readStatus(local)).toMatchObject({ oldestWaitingAt: world.now })
    await engine.cycle()
    const { lastPushAt, lastPullAt } = await readStatus(local)
    expect([lastPushAt, lastPullAt]).toEqual([world.now, world.now])
  },
)

test('work done with no network arrives once, and is shown the same before and after', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  const { local, actor, engine } = tablet
  await engine.cycle()
  tablet.faultOf = () => 'lost'
  const customer = await createCustomer(local, actor, { name: '单小红', phone: '138 1234 5678' })
  await addTag(local, actor, customer, world.chain.tags[0])
  await logVisit(local, actor, customer, 'buy')
  await tally(local, actor, 3)
  expect(await engine.cycle()).toMatchObject({ ok: false })
  expect(await readStatus(local)).toMatchObject({ waiting: 4, trouble: 'offline' })
  const before = await getCustomer(local, customer)
  expect(before).toMatchObject({ unsent: true, row: { phone: '+8613812345678', initials: 'sxh' } })

  await settleDown([tablet])
  expect(await getCustomer(local, customer)).toEqual({ ...before, unsent: false })
  expect(await visitsOf(tablet, customer)).toBe(1)
  expect(await todayTally(local)).toBe(3)
  expect(await readStatus(local)).toMatchObject({ waiting: 0, trouble: null, refused: 0 })
  expect(await local.db.view.count()).toBe(0)
  expect(await rebuild(world.chain.ledger, { write: false })).toEqual([])
})

test.each(['lost', 'unanswered', 'cut', 'twice', 'portal', 'down'] as const)(
  'a push that is %s leaves each visit counted once',
  async (fault) => {
    const world = await openWorld()
    const tablet = await openTablet(world, 0)
    const { local, actor, engine } = tablet
    await engine.cycle()
    const customer = await createCustomer(local, actor, { name: 'Ann Lee' })
    for (let visit = 0; visit < 5; visit += 1) await logVisit(local, actor, customer, 'browse')
    tablet.faultOf = onlyTo('push', fault)
    await engine.cycle()
    await engine.cycle()
    await settleDown([tablet])
    expect(await visitsOf(tablet, customer)).toBe(5)
    expect(await local.db.row.where('customer_id').equals(customer).count()).toBe(5)
    expect(await rebuild(world.chain.ledger, { write: false })).toEqual([])
  },
)

test('a failing push does not stop the pull, and says so', async () => {
  const world = await openWorld()
  const [one, two] = [await openTablet(world, 0), await openTablet(world, 0)]
  await settleDown([one, two])
  const customer = await createCustomer(one.local, one.actor, { name: 'Ann Lee' })
  await settleDown([one])
  await tally(two.local, two.actor, 1)
  two.faultOf = onlyTo('push', 'down')
  expect(await two.engine.cycle()).toMatchObject({ ok: false })
  expect(await getCustomer(two.local, customer)).not.toBeNull()
  expect(await readStatus(two.local)).toMatchObject({ waiting: 1, trouble: 'server' })
})

test('a push that ends after the pull is confirmed by another pull of the same cycle', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  const { local, actor, engineDeps } = tablet
  await tablet.engine.cycle()
  await tally(local, actor, 1)
  const engine = new Engine({ ...engineDeps, sleep: () => Promise.resolve() })
  tablet.faultOf = onlyTo('push', 'late')
  tablet.requests.length = 0
  const pulled = new Promise<void>((resolve) => {
    local.changes.listen((change) => change.type === 'pulled' && resolve())
  })
  const cycle = engine.cycle()
  await pulled
  expect(await outboxItems(local)).toMatchObject([{ state: 'waiting' }])
  tablet.arrive()
  expect(await cycle).toMatchObject({ ok: true })
  expect(await outboxItems(local)).toEqual([])
  expect(tablet.requests.filter((path) => path.endsWith('pull'))).toHaveLength(2)
})

test('an answered op stays on the screen until a complete pull has brought it', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  const { local, actor, engine } = tablet
  await engine.cycle()
  const customer = await createCustomer(local, actor, { name: 'Ann Lee' })
  tablet.faultOf = onlyTo('pull', 'cut')
  await engine.cycle()
  expect(await readStatus(local)).toMatchObject({ waiting: 0, trouble: 'offline' })
  expect(await outboxItems(local)).toMatchObject([{ state: 'sent', customer_id: customer }])
  expect(await getCustomer(local, customer)).toMatchObject({ unsent: false })
  await settleDown([tablet])
  expect(await outboxItems(local)).toEqual([])
  expect(await getCustomer(local, customer)).toMatchObject({ row: { name: 'Ann Lee' } })
})

test('an op whose answer was lost is not taken as accepted by a pull', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  const { local, actor, engine } = tablet
  await engine.cycle()
  const stranger = { ...actor, actor_id: id() }
  const customer = await createCustomer(local, stranger, { name: 'Ann Lee' })
  tablet.faultOf = onlyTo('push', 'unanswered')
  await engine.cycle()
  expect(await readStatus(local)).toMatchObject({ waiting: 1 })
  tablet.faultOf = () => null
  await engine.cycle()
  expect(await outboxItems(local)).toMatchObject([{ state: 'refused', reason: 'unknown-actor' }])
  expect(await getCustomer(local, customer)).toBeNull()
  expect(await readStatus(local)).toMatchObject({ waiting: 0, refused: 1 })
})

test('edits of two tablets end at the same record on both, newest per field', async () => {
  const world = await openWorld()
  const [one, two] = [await openTablet(world, 0, -3_600_000), await openTablet(world, 0, 120_000)]
  await settleDown([one, two])
  const customer = await createCustomer(one.local, one.actor, { name: 'Ann Lee', card: 'A1' })
  await addTag(one.local, one.actor, customer, world.chain.tags[0])
  await settleDown([one, two])
  world.now += 1000
  await setCustomer(one.local, one.actor, customer, { name: 'Anna Lee', card: 'A2' })
  await removeTag(one.local, one.actor, customer, world.chain.tags[0])
  world.now += 1000
  await setCustomer(two.local, two.actor, customer, { card: 'A3' })
  await addTag(two.local, two.actor, customer, world.chain.tags[1])
  await settleDown([two, one, two])
  const [left, right] = [
    await getCustomer(one.local, customer),
    await getCustomer(two.local, customer),
  ]
  expect(left).toEqual(right)
  expect(left?.row).toMatchObject({ name: 'Anna Lee', card: 'A3' })
  expect(left?.row.taggings.map((tagging) => tagging.tag_id)).toEqual([world.chain.tags[1]])
})

test('a visit taken back after it was sent is gone everywhere', async () => {
  const world = await openWorld()
  const [one, two] = [await openTablet(world, 0), await openTablet(world, 0)]
  await settleDown([one, two])
  const customer = await createCustomer(one.local, one.actor, { name: 'Ann Lee' })
  const visit = await logVisit(one.local, one.actor, customer, 'buy')
  await settleDown([one, two])
  expect(await visitsOf(two, customer)).toBe(1)
  await voidVisit(one.local, one.actor, visit)
  await voidVisit(one.local, one.actor, visit)
  await settleDown([one, two])
  expect([await visitsOf(one, customer), await visitsOf(two, customer)]).toEqual([0, 0])
  expect((await getDevice(one.local))?.head.n).toBe(3)
})

test('a visitor of another store is served, and arrives in both stores', async () => {
  const world = await openWorld()
  const [home, away] = [await openTablet(world, 0), await openTablet(world, 2)]
  await settleDown([home, away])
  const fields = { name: 'Ann Lee', note: 'for the home store only' }
  const customer = await createCustomer(home.local, home.actor, fields)
  await logVisit(home.local, home.actor, customer, 'buy')
  await settleDown([home])
  const found = await getCustomer(home.local, customer)
  if (!found) throw new Error('the customer is at home')
  const { history } = await getPast(home.local, customer)
  await keepVisitor(away.local, { customer: { ...found.row, note: null }, history })
  await logVisit(away.local, away.actor, customer, 'consult')
  expect(await getPast(away.local, customer)).toMatchObject({ visits: [{ unsent: true }] })
  await settleDown([away, home, away])
  expect(await getCustomer(away.local, customer)).toMatchObject({ linked: true, unsent: false })
  for (const tablet of [home, away]) {
    const past = await getPast(tablet.local, customer)
    expect(past.visits).toHaveLength(1)
    expect(past.history).toHaveLength(2)
  }
  expect(await away.local.db.visiting.count()).toBe(0)
})

test('reference data of the chain arrives, and its changes', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  await tablet.engine.cycle()
  const { ledger, admin, tags, stores } = world.chain
  const draft = { store_id: CHAIN, kind: 'tag', record_id: tags[0], type: 'set' as const }
  await writeDrafts(ledger, admin, [{ ...draft, payload: { label: 'Dry' } }], world.now)
  await tablet.engine.cycle()
  const reference = await getReference(tablet.local)
  expect(reference.tags.get(tags[0])?.label).toBe('Dry')
  expect(reference.store?.id).toBe(stores[0])
})

test('more ops than one push may hold go in several', async () => {
  const world = await openWorld()
  const tablet = await openTablet(world, 0)
  const { local, actor, engine } = tablet
  await engine.cycle()
  for (let visit = 0; visit < 230; visit += 1) await tally(local, actor, 1)
  tablet.requests.length = 0
  expect(await engine.cycle()).toMatchObject({ ok: true })
  expect(tablet.requests.filter((path) => path.endsWith('push'))).toHaveLength(2)
  expect(await todayTally(local)).toBe(230)
  expect(await outboxItems(local)).toEqual([])
})
