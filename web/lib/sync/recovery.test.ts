// What is at stake: a first download that starts over on a bad line, and a server that came back
// from a backup while tablets hold what it forgot. Both against the real ledger.
// The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { expect, test, vi } from 'vitest'
import type { Draft } from '#model/op.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { rebuild } from '#sql/rebuild.ts'
import { id, makeChain, MONDAY_10AM, openEmpty, type TestChain } from '#sql/test-ledger.ts'
import { writeDrafts } from '#sql/write.ts'
import { getDevice, wasEmptied } from '#web/local/device.ts'
import { entriesHere } from '#web/local/entries.ts'
import type { PackedEntry } from '#web/local/entry.ts'
import { getPast } from '#web/local/past.ts'
import { getCustomer, outboxItems, todayTally, todayVisits } from '#web/local/read.ts'
import { readProgress, readStatus } from '#web/local/status.ts'
import { addTag, createCustomer, editVisit, logVisit, tally, voidVisit } from '#web/local/write.ts'
import { openTablet, settleDown, type TestTablet, type World } from './test-tablet.ts'

vi.setConfig({ testTimeout: 60_000 })

const DAY_MS = 86_400_000

/** Customers of the first store, each with a visit every tenth day and one today. */
async function fillStore(chain: TestChain, customers: number): Promise<string[]> {
  const store_id = chain.stores[0]
  const ids = Array.from({ length: customers }, () => id())
  const drafts = ids.flatMap((record_id, index) => {
    const create: Draft & { at: number } = {
      store_id,
      kind: 'customer',
      record_id,
      type: 'create',
      payload: { name: `Customer ${index}`, home_store_id: store_id },
      at: MONDAY_10AM - 40 * DAY_MS,
    }
    const visits = [30, 20, 10, 0].map((days) => {
      const payload = { customer_id: record_id, home_store_id: store_id, purpose: 'buy' }
      const at = MONDAY_10AM - days * DAY_MS - index
      return { store_id, kind: 'visit', record_id: id(), type: 'visit' as const, payload, at }
    })
    return [create, ...visits]
  })
  const results = await writeDrafts(chain.ledger, chain.admin, drafts, MONDAY_10AM)
  expect(results.every((result) => result.status === 'applied')).toBe(true)
  return ids
}

async function allEntries({ local }: TestTablet): Promise<PackedEntry[]> {
  const entries: PackedEntry[] = []
  await entriesHere(local).all((slice) => entries.push(...slice))
  return entries
}

function partsOf(tablet: TestTablet): string[] {
  return tablet.requests.filter((path) => path.includes('/part/'))
}

test('a first download goes on where it was cut, and answers from its first part on', async () => {
  const chain = await makeChain(await openEmpty('sqlite'))
  const customers = await fillStore(chain, 400)
  const tablet = await openTablet({ chain, now: MONDAY_10AM }, 0)
  const { local, engine } = tablet
  tablet.faultOf = (path) => (path.endsWith('/1') ? 'cut' : null)
  expect(await engine.cycle()).toMatchObject({ ok: false })
  expect(await getDevice(local)).toMatchObject({ first_download: 'partial' })
  expect(await readStatus(local)).toMatchObject({ hasSynced: false })
  expect(await readProgress(local)).toMatchObject({ done: 750, total: 2000 })
  const first = await allEntries(tablet)
  expect(first).toHaveLength(150)
  const customer = first[0]?.entry.id ?? ''
  await logVisit(local, tablet.actor, customer, 'consult')
  expect((await getPast(local, customer)).visits).toHaveLength(5)

  const before = partsOf(tablet).length
  await settleDown([tablet])
  expect(before).toBe(3)
  expect(await readStatus(local)).toMatchObject({ hasSynced: true })
  expect(await readProgress(local)).toBeNull()
  const entries = await allEntries(tablet)
  expect(new Set(entries.map(({ entry }) => entry.id))).toEqual(new Set(customers))
  expect(entries.every(({ entry }) => (entry.last_at ?? 0) > MONDAY_10AM - DAY_MS)).toBe(true)
  expect(await todayVisits(local)).toHaveLength(401)
  expect((await getPast(local, customer)).visits).toHaveLength(5)
})

test('parts that were stored are not fetched again', async () => {
  const chain = await makeChain(await openEmpty('sqlite'))
  await fillStore(chain, 400)
  const tablet = await openTablet({ chain, now: MONDAY_10AM }, 0)
  tablet.faultOf = (path) => (path.endsWith('/2') ? 'lost' : null)
  await tablet.engine.cycle()
  tablet.requests.length = 0
  tablet.faultOf = () => null
  await tablet.engine.cycle()
  expect(partsOf(tablet)).toHaveLength(1)
})

test('a packed customer is edited, tagged and their old visits mended or taken back', async () => {
  const chain = await makeChain(await openEmpty('sqlite'))
  const [customer = ''] = await fillStore(chain, 20)
  const [one, two] = [
    await openTablet({ chain, now: MONDAY_10AM }, 0),
    await openTablet({ chain, now: MONDAY_10AM }, 0),
  ]
  await settleDown([one, two])
  const [today, older] = (await getPast(one.local, customer)).visits
  await addTag(one.local, one.actor, customer, chain.tags[0])
  await editVisit(one.local, one.actor, today?.id ?? '', { spend_minor: 1200, note: ' tried on ' })
  await voidVisit(one.local, one.actor, older?.id ?? '')
  const shown = async ({ local }: TestTablet) => ({
    customer: (await getCustomer(local, customer))?.row,
    visits: (await getPast(local, customer)).visits.map(({ unsent: _, ...visit }) => visit),
    history: (await getPast(local, customer)).history,
  })
  const offline = await shown(one)
  expect(offline.visits).toHaveLength(3)
  expect(offline.visits[0]).toMatchObject({ spend_minor: 1200, note: 'tried on' })
  await settleDown([one, two])
  expect(await shown(one)).toEqual(offline)
  expect(await shown(two)).toEqual(offline)
})

async function openFileWorld(path: string): Promise<World> {
  return { chain: await makeChain(await openLedger(path, nodePorts)), now: MONDAY_10AM }
}

/** What a restore does besides putting the file back: every epoch is a new one. */
async function newEpochs({ chain: { ledger } }: World): Promise<void> {
  const { feedHead, deviceState } = ledger.t
  await ledger.tx(async (db) => {
    await db.update(feedHead).set({ epoch: id() })
    await db.update(deviceState).set({ epoch: id() })
  })
}

test('what a restored server forgot is offered again, and nothing is counted twice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-restore-'))
  const path = join(folder, 'ledger.sqlite')
  const world = await openFileWorld(path)
  const reopen = async () => {
    world.chain = { ...world.chain, ledger: await openLedger(path, nodePorts) }
  }
  const [one, two] = [await openTablet(world, 0), await openTablet(world, 0)]
  const kept = await createCustomer(one.local, one.actor, { name: 'Ann Lee' }).catch(() => null)
  expect(kept).toBeNull() // No store's record yet: a write has no business day to stand on.
  await settleDown([one, two])
  const early = await createCustomer(one.local, one.actor, { name: 'Ann Lee' })
  await logVisit(one.local, one.actor, early, 'buy')
  await settleDown([one, two])
  await world.chain.ledger.close()
  copyFileSync(path, `${path}.backup`)
  await reopen()
  const late = await createCustomer(two.local, two.actor, { name: 'Bo Chen' })
  await logVisit(two.local, two.actor, late, 'buy')
  await logVisit(one.local, one.actor, early, 'browse')
  await tally(one.local, one.actor, 5)
  await settleDown([one, two, one])
  expect(await outboxItems(one.local)).toEqual([])

  await world.chain.ledger.close()
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true })
  copyFileSync(`${path}.backup`, path)
  await reopen()
  await newEpochs(world)
  await settleDown([one, two, one])
  for (const tablet of [one, two]) {
    expect((await getPast(tablet.local, early)).visits).toHaveLength(2)
    expect((await getPast(tablet.local, late)).visits).toHaveLength(1)
    expect(await todayTally(tablet.local)).toBe(5)
    expect(await readStatus(tablet.local)).toMatchObject({ waiting: 0, refused: 0, trouble: null })
    expect((await allEntries(tablet)).map(({ entry }) => entry.name).sort()).toEqual([
      'Ann Lee',
      'Bo Chen',
    ])
  }
  expect(await rebuild(world.chain.ledger, { write: false })).toEqual([])
  await world.chain.ledger.close()
  rmSync(folder, { recursive: true })
})

test('a server that misses answered ops in between is given them again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-gap-'))
  const path = join(folder, 'ledger.sqlite')
  const world = await openFileWorld(path)
  const tablet = await openTablet(world, 0)
  const { local, actor, engine } = tablet
  await settleDown([tablet])
  await tally(local, actor, 1)
  await settleDown([tablet])
  await world.chain.ledger.close()
  copyFileSync(path, `${path}.backup`)
  world.chain = { ...world.chain, ledger: await openLedger(path, nodePorts) }
  await tally(local, actor, 2)
  await settleDown([tablet])
  await world.chain.ledger.close()
  copyFileSync(`${path}.backup`, path)
  // The operator forgot to change the epochs: only the missing number tells.
  world.chain = { ...world.chain, ledger: await openLedger(path, nodePorts) }
  await tally(local, actor, 4)
  await engine.cycle()
  await settleDown([tablet])
  expect(await todayTally(local)).toBe(7)
  expect(await readStatus(local)).toMatchObject({ waiting: 0, refused: 0, trouble: null })
  await world.chain.ledger.close()
  rmSync(folder, { recursive: true })
})

test('a revoked tablet offers a restored server its work again before it is emptied', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-revoked-'))
  const path = join(folder, 'ledger.sqlite')
  const world = await openFileWorld(path)
  const reopen = async () => {
    world.chain = { ...world.chain, ledger: await openLedger(path, nodePorts) }
  }
  const one = await openTablet(world, 0)
  await settleDown([one])
  await world.chain.ledger.close()
  copyFileSync(path, `${path}.backup`)
  await reopen()
  await tally(one.local, one.actor, 3)
  await settleDown([one])
  expect(await one.count('acked')).toBe(1)

  await world.chain.ledger.close()
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true })
  copyFileSync(`${path}.backup`, path)
  await reopen()
  await newEpochs(world)
  one.session = { ...one.session, revoked: true }
  await one.engine.cycle()
  expect(await wasEmptied(one.local)).toBe(false)
  expect(await one.count('waiting')).toBe(1)
  await one.engine.cycle()
  expect(await wasEmptied(one.local)).toBe(true)
  const { ledger } = world.chain
  const { device_id } = one.session
  const kept = await ledger.db
    .select()
    .from(ledger.t.op)
    .where(eq(ledger.t.op.device_id, device_id))
  expect(kept.map(({ n, status, reason }) => [n, status, reason])).toEqual([
    [1, 'quarantined', 'revoked'],
  ])
  await world.chain.ledger.close()
  rmSync(folder, { recursive: true })
})
