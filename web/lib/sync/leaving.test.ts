// A revoked tablet must show nobody a customer any more, and must not take anybody's work with it.
// The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import { and, eq } from 'drizzle-orm'
import { expect, test, vi } from 'vitest'
import { revokeDevice } from '#sql/devices.ts'
import { makeChain, MONDAY_10AM, openEmpty } from '#sql/test-ledger.ts'
import { getDevice, wasEmptied } from '#web/local/device.ts'
import { entriesHere } from '#web/local/entries.ts'
import { exportOutbox } from '#web/local/read.ts'
import { readStatus } from '#web/local/status.ts'
import { createCustomer, tally } from '#web/local/write.ts'
import { enrolAgain, openTablet, settleDown, type TestTablet } from './test-tablet.ts'

vi.setConfig({ testTimeout: 60_000 })

async function openTabletAtWork(): Promise<TestTablet> {
  const world = { chain: await makeChain(await openEmpty('sqlite')), now: MONDAY_10AM }
  const tablet = await openTablet(world, 0)
  await settleDown([tablet])
  await createCustomer(tablet.local, tablet.actor, { name: 'Ann Lee', phone: '13800138000' })
  await settleDown([tablet])
  return tablet
}

async function revoke(tablet: TestTablet): Promise<void> {
  const { ledger, admin } = tablet.world.chain
  await revokeDevice(ledger, admin, tablet.session.device_id, tablet.world.now)
  tablet.session = { ...tablet.session, revoked: true }
}

/** Everything that lies in the tablet's database, as text. */
async function everything({ local }: TestTablet): Promise<string> {
  const tables = await Promise.all(local.db.tables.map((table) => table.toArray()))
  return JSON.stringify(tables)
}

async function opsAtServer({ world, session }: TestTablet) {
  const { ledger } = world.chain
  const { op } = ledger.t
  const rows = await ledger.db.select().from(op).where(eq(op.device_id, session.device_id))
  return rows.map(({ n, status, reason }) => [n, status, reason])
}

async function stateAtServer({ world, session }: TestTablet) {
  const { ledger } = world.chain
  const { deviceState: state, deviceEvent: event } = ledger.t
  const [row] = await ledger.db
    .select({ emptied_at: state.emptied_at })
    .from(state)
    .where(eq(state.device_id, session.device_id))
  const said = and(eq(event.device_id, session.device_id), eq(event.kind, 'emptied'))
  const events = await ledger.db.select().from(event).where(said)
  return { emptied_at: row?.emptied_at ?? null, events: events.length }
}

test('a revoked tablet hands in its work, forgets the store and says so', async () => {
  const tablet = await openTabletAtWork()
  expect(await everything(tablet)).toContain('Ann Lee')
  await tally(tablet.local, tablet.actor, 2)
  await revoke(tablet)
  await tablet.engine.cycle()
  expect(await everything(tablet)).not.toMatch(/Ann Lee|13800138000/)
  expect(await getDevice(tablet.local)).toBeNull()
  expect(await wasEmptied(tablet.local)).toBe(true)
  expect(await opsAtServer(tablet)).toEqual([
    [1, 'applied', null],
    [2, 'quarantined', 'revoked'],
  ])
  expect(await stateAtServer(tablet)).toEqual({ emptied_at: MONDAY_10AM, events: 1 })
  // It stays what it is: the cookie alone makes it no device again, and it goes on asking nothing.
  tablet.requests.length = 0
  await tablet.engine.cycle()
  expect(tablet.requests).toEqual([])
  expect(await stateAtServer(tablet)).toMatchObject({ events: 1 })
})

test('nothing is deleted while the server has not everything', async () => {
  const tablet = await openTabletAtWork()
  await tally(tablet.local, tablet.actor, 2)
  await revoke(tablet)
  tablet.faultOf = (path) => (path === '/api/sync/push' ? 'down' : null)
  await tablet.engine.cycle()
  expect(await readStatus(tablet.local)).toMatchObject({ waiting: 1, trouble: 'revoked' })
  expect(JSON.parse(await exportOutbox(tablet.local))).toMatchObject({
    items: [{ state: 'waiting', op: { kind: 'visit' } }],
  })
  tablet.faultOf = () => null
  await tablet.engine.cycle()
  expect(await wasEmptied(tablet.local)).toBe(true)
  expect(await opsAtServer(tablet)).toHaveLength(2)
})

test('work that is written while the tablet leaves is handed in first', async () => {
  const tablet = await openTabletAtWork()
  await revoke(tablet)
  let hasWritten = false
  tablet.answerOf = (path) => {
    if (path !== '/api/sync/push' || hasWritten) return null
    hasWritten = true
    void tally(tablet.local, tablet.actor, 1)
    return null
  }
  await tablet.engine.cycle()
  await tablet.engine.cycle()
  expect(await wasEmptied(tablet.local)).toBe(true)
  expect(await opsAtServer(tablet)).toEqual([
    [1, 'applied', null],
    [2, 'quarantined', 'revoked'],
  ])
})

test('a tablet whose cookie is gone is not revoked: it keeps all it has', async () => {
  const tablet = await openTabletAtWork()
  tablet.jar.session = null
  await tablet.engine.cycle()
  expect(await readStatus(tablet.local)).toMatchObject({ trouble: 'signed-out' })
  expect(await everything(tablet)).toContain('Ann Lee')
})

test('headquarters hears of it later where the word was lost', async () => {
  const tablet = await openTabletAtWork()
  await revoke(tablet)
  tablet.faultOf = (path) => (path === '/api/devices/emptied' ? 'lost' : null)
  await tablet.engine.cycle()
  expect(await wasEmptied(tablet.local)).toBe(true)
  expect(await stateAtServer(tablet)).toEqual({ emptied_at: null, events: 0 })
  tablet.faultOf = () => null
  await tablet.engine.cycle()
  expect(await stateAtServer(tablet)).toEqual({ emptied_at: MONDAY_10AM, events: 1 })
})

test('a new code makes the emptied tablet a device again', async () => {
  const tablet = await openTabletAtWork()
  await revoke(tablet)
  await tablet.engine.cycle()
  const { world, local } = tablet
  tablet.session = await enrolAgain(world, local, world.chain.stores[0])
  await settleDown([tablet])
  expect(await wasEmptied(local)).toBe(false)
  const names: string[] = []
  await entriesHere(local).all((slice) => names.push(...slice.map(({ entry }) => entry.name)))
  expect(names).toEqual(['Ann Lee'])
  expect(await readStatus(local)).toMatchObject({ hasSynced: true, trouble: null })
})
