// The dashboard is only as good as these rows: a contact that is not counted makes a store look
// dark, one that is counted twice makes it look well.
import { expect } from 'vitest'
import { bucketMs } from '#model/lag.ts'
import { OLDEST_SERVED_SCHEMA } from '#model/op.ts'
import type { Health } from '#model/protocol.ts'
import { compact } from './compact.ts'
import { eventsOf } from './events.ts'
import { Feeds, writeFeeds } from './feeds.ts'
import { endIdleLinks } from './links.ts'
import { pull } from './pull.ts'
import { push } from './push.ts'
import {
  enrolTablet,
  id,
  makeChain,
  MONDAY_10AM,
  onBothEngines,
  openEmpty,
  type Tablet,
} from './test-ledger.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

function pullOf(tablet: Tablet, cursor = 0, health: Partial<Health> = {}, now = MONDAY_10AM) {
  const { device_id, book } = tablet.session
  const feeds = { [book]: { cursor, epoch: null } }
  const body = { device_id, health: { ...tablet.health(), ...health }, feeds, limit: 2000 }
  return pull(tablet.ledger, tablet.session, body, now)
}

function report(tablet: Tablet, health: Partial<Health>, now: number, epoch: string | null = null) {
  const { device_id } = tablet.session
  const whole = { ...tablet.health(), client_now: now, ...health }
  return push(tablet.ledger, tablet.session, { device_id, epoch, health: whole, ops: [] }, now)
}

onBothEngines('contacts, ops and refusals add up per hour, the lag per bucket', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger, stores } = chain
  const tablet = await enrolTablet(chain, 0)
  const ops = [tablet.visit(null, null, MONDAY_10AM - 2000), tablet.visit(id(), stores[0])]
  await tablet.push(ops)
  await tablet.push(ops) // Said twice, counted once.
  await pullOf(tablet)
  await report(tablet, { unsent: 7, max_n: 9 }, MONDAY_10AM + 1)
  await report(tablet, { unsent: 2, max_n: 9 }, MONDAY_10AM + HOUR)
  const hours = await ledger.db.select().from(ledger.t.deviceHour).orderBy(ledger.t.deviceHour.hour)
  const hour = MONDAY_10AM / HOUR
  const place = { store_id: stores[0], device_id: tablet.session.device_id }
  expect(hours).toEqual([
    { ...place, hour, contacts: 4, ops: 2, refused: 1, unsent_max: 7 },
    { ...place, hour: hour + 1, contacts: 1, ops: 0, refused: 0, unsent_max: 2 },
  ])
  const lag = await ledger.db.select().from(ledger.t.lagHour).orderBy(ledger.t.lagHour.bucket)
  expect(lag.map((row) => [row.hour, row.ops])).toEqual([
    [hour, 1],
    [hour, 1],
  ])
  expect(bucketMs(lag[1]?.bucket ?? 0)).toBeGreaterThanOrEqual(2000)
  await ledger.close()
})

onBothEngines('what changes about a device is an event, what stays is none', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const tablet = await enrolTablet(chain, 0)
  const kinds = async (limit = 20) => {
    const { book, device_id } = tablet.session
    return (await eventsOf(chain.ledger, book, device_id, limit)).map((event) => event.kind)
  }
  await tablet.push([tablet.visit(id(), chain.stores[0])])
  expect((await kinds()).sort()).toEqual(['enrolled', 'first-push', 'refused'])
  const calm = { app_version: '2', persisted: true }
  await report(tablet, calm, MONDAY_10AM)
  expect((await kinds(2)).sort()).toEqual(['storage', 'version'])
  const silent = MONDAY_10AM + 2 * DAY
  await report(tablet, calm, silent)
  expect(await kinds(1)).toEqual(['back'])
  await report(tablet, { ...calm, client_now: silent - 6 * 60_000 }, silent + 1)
  await report(tablet, { ...calm, client_now: silent - 6 * 60_000 }, silent + 2)
  expect((await kinds(2))[1]).toBe('back')
  expect((await kinds(1))[0]).toBe('clock')
  await report(tablet, { ...calm, trouble: 'full', usage_bytes: 95, quota_bytes: 100 }, silent + 3)
  expect((await kinds(3)).sort()).toEqual(['clock', 'storage', 'trouble'])
  for (const at of [4, 5]) await report(tablet, { ...calm, trouble: 'full' }, silent + at, id())
  const all = await kinds()
  expect(all.filter((kind) => kind === 'reset')).toHaveLength(1)
  await chain.ledger.close()
})

onBothEngines('whatever a device says of itself can be kept', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const tablet = await enrolTablet(chain, 0)
  const odd = { app_version: 'a\u0000b', trouble: '\ud800', client_now: 1e300, usage_bytes: 1e300 }
  expect((await report(tablet, odd, MONDAY_10AM)).last_n).toBe(0)
  const [state] = await chain.ledger.db
    .select()
    .from(chain.ledger.t.deviceState)
    .where(undefined)
    .orderBy(chain.ledger.t.deviceState.last_n)
  expect(state).toMatchObject({ app_version: null, trouble: null })
  await chain.ledger.close()
})

onBothEngines('listeners hear of heads that moved, and of nothing rolled back', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger, stores } = chain
  const tablet = await enrolTablet(chain, 0)
  const heard: Record<string, number>[] = []
  const stop = ledger.onHeads((heads) => heard.push(heads))
  await tablet.push([tablet.visit(null, null), tablet.visit(null, null)])
  await pullOf(tablet)
  await tablet.push([tablet.visit(id(), stores[0])]) // Refused: no feed moves.
  expect(heard).toEqual([{ [stores[0]]: 2 }])
  const feeds = new Feeds()
  feeds.end(stores[0], id(), 'visit', 'gone')
  const cut = ledger.tx(async (db) => {
    await writeFeeds(ledger, db, feeds, MONDAY_10AM)
    throw new Error('cut')
  })
  await expect(cut).rejects.toThrow('cut')
  stop()
  await tablet.push([tablet.visit(null, null)])
  expect(heard).toHaveLength(1)
  await ledger.close()
})

onBothEngines('a device that is too old hands in its work and pulls nothing', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const tablet = await enrolTablet(chain, 0)
  const schema = OLDEST_SERVED_SCHEMA - 1
  expect((await tablet.push([tablet.visit(null, null)])).last_n).toBe(1)
  await expect(pullOf(tablet, 0, { schema })).rejects.toMatchObject({ code: 'update-needed' })
  await chain.ledger.close()
})

onBothEngines(
  'a device below the floor starts its feed anew, one above goes on',
  async (engine) => {
    const chain = await makeChain(await openEmpty(engine))
    const { ledger, stores } = chain
    const [home, other] = [await enrolTablet(chain, 0), await enrolTablet(chain, 2)]
    const customer = id()
    await home.push([home.customer(customer), home.visit(customer, stores[0], MONDAY_10AM - DAY)])
    await other.push([other.visit(customer, stores[0])])
    const before = (await pullOf(other)).feeds[stores[2]]
    const ended = MONDAY_10AM + 181 * DAY
    expect(await endIdleLinks(ledger, Math.floor(ended / DAY) + 1)).toBe(1)
    const seen = (await pullOf(other, before?.cursor)).feeds[stores[2]]
    expect(seen?.rows.map((row) => row.state)).toEqual(['leave', 'leave'])
    expect(await compact(ledger, ended + 59 * DAY)).toMatchObject({ tombstones: 0, hours: 2 })
    expect(await compact(ledger, ended + 62 * DAY)).toMatchObject({ tombstones: 2, hours: 0 })
    expect(await eventsOf(ledger, stores[2], other.session.device_id, 9)).toEqual([])
    const [below, above] = [await pullOf(other, before?.cursor), await pullOf(other, seen?.cursor)]
    expect(below.feeds[stores[2]]).toMatchObject({ reset: true, cursor: 0, rows: [] })
    expect(above.feeds[stores[2]]).toMatchObject({ rows: [], more: false, cursor: seen?.cursor })
    expect(above.feeds[stores[2]]).not.toHaveProperty('reset')
    // A device that starts anew ends above the floor, though the last numbers are gone.
    const fresh = (await pullOf(other)).feeds[stores[2]]
    expect(fresh).toMatchObject({ cursor: seen?.cursor, more: false })
    await ledger.close()
  },
)
