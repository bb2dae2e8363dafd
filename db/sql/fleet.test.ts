// The dashboard is where a lost tablet or a stuck store is seen first. What it says must be so on
// either engine, and nobody may read of another region through it.
import { expect } from 'vitest'
import type { Scope } from '#model/access.ts'
import { CHAIN } from '#model/id.ts'
import type { Health } from '#model/protocol.ts'
import { decide } from './decide.ts'
import { deviceReport } from './fleet-device.ts'
import { HOUR_MS } from './fleet-lag.ts'
import { syncHours } from './fleet-hours.ts'
import { lossRows } from './fleet-losses.ts'
import { refusedOps } from './fleet-refused.ts'
import { deviceStatuses } from './fleet.ts'
import { push } from './push.ts'
import { renewDevice } from './renew.ts'
import {
  enrolTablet,
  id,
  makeChain,
  MONDAY_10AM,
  onBothEngines,
  openEmpty,
  type Tablet,
  type TestChain,
} from './test-ledger.ts'
import { writeDrafts } from './write.ts'

const ALL: Scope = { all: true }
const MINUTE_MS = 60_000

const regionOf = (chain: TestChain, index: 0 | 1): Scope => ({
  all: false,
  region_id: chain.regions[index],
  store_ids: [],
})
const storeOf = (chain: TestChain, index: 0 | 1 | 2): Scope => ({
  all: false,
  region_id: null,
  store_ids: [chain.stores[index]],
})

/** A push that also says how the tablet is. */
function tell(
  tablet: Tablet,
  now: number,
  more: Partial<Health>,
  ops: Parameters<Tablet['push']>[0] = [],
) {
  const health = { ...tablet.health(), client_now: now, ...more }
  const { device_id } = tablet.session
  return push(tablet.ledger, tablet.session, { device_id, epoch: null, health, ops }, now)
}

onBothEngines('the strip tells the state, lag, unsent and refused of the scope', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger } = chain
  const [near, far] = [await enrolTablet(chain, 0), await enrolTablet(chain, 2)]
  await enrolTablet(chain, 1)
  const now = MONDAY_10AM + HOUR_MS
  const late = near.visit(null, null, now - 40 * MINUTE_MS, { count: 2 })
  const prompt = near.visit(null, null, now - 1_000, { count: 2 })
  const unsent = { unsent: 3, oldest_unsent_at: now - 5_000, max_n: 5 }
  await tell(near, now, unsent, [late, prompt])
  await far.push([far.visit(id(), chain.stores[0], now)], now) // A customer nobody knows.
  const report = await deviceStatuses(ledger, ALL, now)
  expect(report.devices.map((one) => one.state).sort()).toEqual(['fresh', 'fresh', 'never'])
  expect(report).toMatchObject({ quarantined: 1, losses: 0, restored_at: null })
  expect(report.oldest_unsent_at).toBe(now - 5_000)
  expect(report.lag.ops).toBe(3)
  const minutes = (report.lag.p99 ?? 0) / MINUTE_MS
  expect(minutes).toBeGreaterThanOrEqual(40)
  expect(minutes).toBeLessThan(48)
  for (const scope of [regionOf(chain, 1), storeOf(chain, 2)]) {
    const south = await deviceStatuses(ledger, scope, now)
    expect(south.devices.map((one) => one.store_id)).toEqual([chain.stores[2]])
    expect(south).toMatchObject({ quarantined: 1, oldest_unsent_at: null, lag: { ops: 1 } })
  }
  const none = await deviceStatuses(ledger, { all: false, region_id: null, store_ids: [] }, now)
  expect(none).toMatchObject({ devices: [], quarantined: 0, lag: { ops: 0, p50: null } })
  await ledger.close()
})

onBothEngines('hours are told as they were, kept or not, and none is nothing', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger } = chain
  const tablet = await enrolTablet(chain, 0)
  const hour = Math.floor(MONDAY_10AM / HOUR_MS)
  const visit = (at: number) => tablet.visit(null, null, at, { count: 1 })
  await tell(tablet, MONDAY_10AM, { unsent: 4 }, [visit(MONDAY_10AM - 10_000)])
  await tell(tablet, MONDAY_10AM + 1, { unsent: 1 })
  await tell(tablet, MONDAY_10AM + 2 * HOUR_MS, {}, [visit(MONDAY_10AM + 2 * HOUR_MS)])
  const span = { from: hour - 1, to: hour + 4 }
  const read = async (now: number) => {
    const { rows } = await syncHours(ledger, ALL, span, now)
    return rows.find((row) => row.store_id === chain.stores[0])?.hours
  }
  const first = await read(MONDAY_10AM + 2 * HOUR_MS + 1)
  expect(first?.map((one) => one && [one.contacts, one.ops, one.unsent_max])).toEqual([
    null,
    [2, 1, 4],
    null,
    [1, 1, 0],
    null,
  ])
  expect(first?.[1]?.lag_p95_ms).toBeGreaterThanOrEqual(10_000)
  expect(await read(MONDAY_10AM + 2 * HOUR_MS + 2)).toEqual(first)
  await tell(tablet, MONDAY_10AM + 3 * HOUR_MS, {})
  const later = await read(MONDAY_10AM + 30 * HOUR_MS)
  expect(later?.slice(0, 4)).toEqual(first?.slice(0, 4))
  expect(later?.[4]).toMatchObject({ contacts: 1, ops: 0, lag_p95_ms: null })
  const south = await syncHours(ledger, regionOf(chain, 1), span, MONDAY_10AM)
  expect(south.rows.map((row) => row.store_id)).toEqual([chain.stores[2]])
  const report = await deviceReport(
    ledger,
    ALL,
    tablet.session.device_id,
    MONDAY_10AM + 3 * HOUR_MS,
  )
  expect(report?.hours.slice(-5)).toEqual([null, ...(later ?? []).slice(1)])
  expect(report?.events.map((event) => event.kind)).toContain('first-push')
  const elsewhere = regionOf(chain, 1)
  expect(await deviceReport(ledger, elsewhere, tablet.session.device_id, MONDAY_10AM)).toBeNull()
  await ledger.close()
})

onBothEngines('a refused op is told with what it wanted and what stands there', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger, stores, admin } = chain
  const [home, other] = [await enrolTablet(chain, 0), await enrolTablet(chain, 2)]
  const customer = id()
  await home.push([home.customer(customer, { name: '王小明', tier: 'gold' })])
  const payload = { home_store_id: stores[0], tier: 'silver', phone: 'none' }
  const set = { kind: 'customer', record_id: customer, type: 'set' } as const
  await home.push([home.seal({ ...set, payload })], MONDAY_10AM + 5)
  await other.push([other.seal({ ...set, payload })], MONDAY_10AM + 6)
  const [south, north] = await refusedOps(ledger, ALL, 'open')
  expect(north).toMatchObject({
    device_id: home.session.device_id,
    device_name: 'T',
    store_name: 'Store 0',
    actor_name: 'Clerk 0',
    reason: 'malformed',
    customer_name: '王小明',
    after: { tier: 'silver', phone: 'none' },
    before: { tier: 'gold', phone: null },
    decision: null,
  })
  expect(south?.store_id).toBe(stores[2])
  // Whom another region's store keeps is not told, though the op that names them is.
  const [cut, ...others] = await refusedOps(ledger, regionOf(chain, 1), 'open')
  expect(others).toEqual([])
  expect(cut).toMatchObject({ customer_name: null, customer_id: null, before: null })
  const made = { subject: 'op', verdict: 'dismiss', reason: 'Typed twice' } as const
  const subject_id = north?.op_id ?? ''
  await decide(ledger, admin, { ...made, subject_id, store_id: stores[0] }, MONDAY_10AM + 9)
  expect(await refusedOps(ledger, storeOf(chain, 0), 'open')).toEqual([])
  const [decided] = await refusedOps(ledger, ALL, 'decided', home.session.device_id)
  expect(decided?.decision).toEqual({
    verdict: 'dismiss',
    reason: 'Typed twice',
    by_name: 'Admin',
    at: MONDAY_10AM + 9,
  })
  await ledger.close()
})

onBothEngines('a replaced tablet leaves the fleet unless work of it is missing', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger, stores, clerks } = chain
  const [empty, lost] = [await enrolTablet(chain, 0), await enrolTablet(chain, 0)]
  const now = MONDAY_10AM
  await empty.push([])
  const unsent = { max_n: 3, unsent: 3, oldest_unsent_at: now - 60_000, unsent_by: [clerks[0]] }
  await tell(lost, now, unsent)
  const body = { cause: 'evicted', head_n: 0, kept: null } as const
  for (const tablet of [empty, lost]) await renewDevice(ledger, tablet.session, body, id(), now + 1)
  const { devices, losses, lost_ops } = await deviceStatuses(ledger, ALL, now + 2)
  const ids = devices.map((one) => one.device_id)
  expect(ids).not.toContain(empty.session.device_id)
  expect(devices.find((one) => one.device_id === lost.session.device_id)?.lost).toBe(3)
  expect([losses, lost_ops]).toEqual([1, 3])
  const [row] = await lossRows(ledger, storeOf(chain, 0), 'open', now + 2)
  expect(row).toMatchObject({
    from_n: 1,
    to_n: 3,
    store_id: stores[0],
    store_name: 'Store 0',
    device_name: 'T',
    staff_names: ['Clerk 0'],
    cause: 'evicted',
  })
  expect(await lossRows(ledger, regionOf(chain, 1), 'open', now + 2)).toEqual([])
  await ledger.close()
})

onBothEngines(
  'a tablet that stays away with work counts as a loss, and ends as one',
  async (engine) => {
    const chain = await makeChain(await openEmpty(engine))
    const { ledger } = chain
    const tablet = await enrolTablet(chain, 1)
    const unsent = { max_n: 2, unsent: 2, oldest_unsent_at: MONDAY_10AM - 1 }
    await tell(tablet, MONDAY_10AM, unsent)
    const later = MONDAY_10AM + 96 * HOUR_MS
    const silent = await deviceStatuses(ledger, regionOf(chain, 0), later)
    expect(silent).toMatchObject({
      losses: 1,
      lost_ops: 2,
      devices: [{ state: 'missing', lost: 2 }],
    })
    await tell(tablet, later, { max_n: 2, unsent: 0 }, [
      tablet.visit(null, null, MONDAY_10AM - 1, { count: 1 }),
      tablet.visit(null, null, MONDAY_10AM - 1, { count: 1 }),
    ])
    expect(await deviceStatuses(ledger, ALL, later)).toMatchObject({ losses: 0, lost_ops: 0 })
    await ledger.close()
  },
)

onBothEngines('ops of the desk itself are headquarters’ to see', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger, admin } = chain
  const draft = {
    store_id: CHAIN,
    kind: 'tag',
    record_id: id(),
    type: 'create',
    payload: {},
  } as const
  await writeDrafts(ledger, admin, [draft], MONDAY_10AM)
  expect(await refusedOps(ledger, regionOf(chain, 0), 'open')).toEqual([])
  expect(await refusedOps(ledger, ALL, 'open')).toMatchObject([
    { store_id: CHAIN, store_name: '熟客', reason: 'malformed', actor_name: 'Admin' },
  ])
  await ledger.close()
})
