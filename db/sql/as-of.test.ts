// A manager who takes half a day for a whole one decides on wrong numbers. Each figure says up to
// when it is whole, and one tablet that is behind holds its store back.
import { expect, test } from 'vitest'
import { CHAIN } from '#model/id.ts'
import { parsePeriod } from '#model/period.ts'
import { must } from '#model/assert.ts'
import type { Health } from '#model/protocol.ts'
import { alertsReport } from './alerts.ts'
import { asOfStores, darkest } from './as-of.ts'
import { whereDevice } from './device-state.ts'
import { revokeDevice } from './devices.ts'
import { funnelReport } from './funnel-report.ts'
import { homeProposals } from './home-proposals.ts'
import { pull } from './pull.ts'
import { push } from './push.ts'
import { renewDevice } from './renew.ts'
import { readOrg, storesReport } from './reports.ts'
import { rollUp } from './rollup.ts'
import {
  enrolTablet,
  id,
  makeChain,
  MONDAY_10AM,
  onBothEngines,
  openEmpty,
  type Tablet,
} from './test-ledger.ts'

const MINUTE_MS = 60_000
const AT = (minutes: number) => MONDAY_10AM + minutes * MINUTE_MS

const word = {
  last_push_at: AT(10),
  last_pull_at: AT(12),
  unsent: 0,
  oldest_unsent_at: null,
  last_n: 7,
  max_n: 7,
}
const behind = { ...word, unsent: 2, max_n: 9 }

/** What a tablet said last, and up to when its work is here. */
const WORDS: [string, object, number | undefined][] = [
  ['nothing unsent: its last word', word, AT(12)],
  ['it never pulled', { ...word, last_pull_at: null }, AT(10)],
  ['it never pushed', { ...word, last_push_at: null }, AT(12)],
  ['it never came', { ...word, last_push_at: null, last_pull_at: null }, undefined],
  ['it never told', { ...word, unsent: null, max_n: null }, AT(12)],
  ['unsent: the oldest of it', { ...behind, oldest_unsent_at: AT(3) }, AT(3)],
  ['written after its last push', { ...behind, oldest_unsent_at: AT(11) }, AT(11)],
  ['by a clock that is ahead', { ...behind, oldest_unsent_at: AT(90) }, AT(12)],
  ['unsent, of no known time', behind, AT(10)],
  ['unsent, of no known time, and it never pushed', { ...behind, last_push_at: null }, AT(12)],
  ['unsent, of no known number', { ...behind, max_n: null, oldest_unsent_at: AT(3) }, AT(3)],
  ['called unsent, and it came with it', { ...word, unsent: 2, oldest_unsent_at: AT(3) }, AT(12)],
]

onBothEngines('a tablet is whole up to the oldest of what it holds', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger, stores } = chain
  const { session } = await enrolTablet(chain, 0)
  for (const [said, state, until] of WORDS) {
    await ledger.tx(async (db) => {
      await db.update(ledger.t.deviceState).set(state).where(whereDevice(ledger, session))
    })
    expect((await asOfStores(ledger)).get(stores[0]), said).toBe(until)
  }
  await ledger.close()
})

test('a sum is as dark as the darkest that is in it', () => {
  expect(darkest([AT(3), null, AT(1), AT(2)])).toBe(AT(1))
  expect(darkest([null, null])).toBeNull()
})

function say(tablet: Tablet, now: number, more: Partial<Health>) {
  const health = { ...tablet.health(), client_now: now, ...more }
  const { device_id } = tablet.session
  return push(tablet.ledger, tablet.session, { device_id, epoch: null, health, ops: [] }, now)
}

onBothEngines(
  'one tablet that is behind holds back its store, region and chain',
  async (engine) => {
    const chain = await makeChain(await openEmpty(engine))
    const { ledger, stores, regions, admin } = chain
    const [prompt, behind] = [await enrolTablet(chain, 0), await enrolTablet(chain, 0)]
    const [near, far] = [await enrolTablet(chain, 1), await enrolTablet(chain, 2)]
    const asOf = async () => {
      const period = must(parsePeriod('2026-11'), 'a month')
      const { rows } = await storesReport(ledger, { all: true }, period, AT(60))
      return (scope: string) => rows.find((row) => row.scope === scope)?.as_of
    }
    expect((await asOf())(stores[0])).toBeNull()
    await say(prompt, AT(30), {})
    await say(near, AT(20), {})
    expect((await asOf())(stores[0])).toBe(AT(30)) // The other one was never worked on.
    await say(behind, AT(31), { unsent: 3, oldest_unsent_at: AT(-90), max_n: 3 })
    await say(far, AT(5), {})
    const held = await asOf()
    expect([stores[0], stores[1], stores[2]].map(held)).toEqual([AT(-90), AT(20), AT(5)])
    expect([regions[0], regions[1], CHAIN].map(held)).toEqual([AT(-90), AT(5), AT(-90)])
    const { device_id } = behind.session
    const health = { ...behind.health(), max_n: 3, unsent: 0 }
    await pull(ledger, behind.session, { device_id, health, feeds: {}, limit: 1 }, AT(40))
    expect((await asOf())(stores[0])).toBe(AT(30))
    await say(behind, AT(41), { unsent: 1, oldest_unsent_at: AT(0), max_n: 4 })
    await revokeDevice(ledger, admin, device_id, AT(42))
    expect((await asOf())(stores[0])).toBe(AT(30))
    const body = { cause: 'evicted', head_n: 0, kept: null } as const
    await renewDevice(ledger, far.session, body, id(), AT(50))
    expect((await asOfStores(ledger)).has(stores[2])).toBe(false)
    await ledger.close()
  },
)

onBothEngines('lists of the desk are as dark as the darkest store in scope', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger, stores, regions } = chain
  for (const [store, at] of [30, 20, 5].entries()) {
    const tablet = await enrolTablet(chain, store as 0 | 1 | 2)
    await tablet.push([tablet.visit(null, null)], AT(at))
  }
  while ((await rollUp(ledger)) > 0);
  const period = must(parsePeriod('2026-11'), 'a month')
  const south = { all: false, region_id: regions[1], store_ids: [] } as const
  const north = { all: false, region_id: regions[0], store_ids: [] } as const
  const records = (await readOrg(ledger)).stores
  for (const [scope, at] of [
    [{ all: true } as const, AT(5)],
    [south, AT(5)],
    [north, AT(20)],
  ] as const) {
    const told = { as_of: at, computed_at: AT(60) }
    expect(await alertsReport(ledger, scope, 'all', AT(60))).toMatchObject(told)
    expect(await homeProposals(ledger, scope, records, 0, AT(60))).toMatchObject(told)
  }
  const asked = { period, rate: 'identified_rate', format: null } as const
  const { points } = await funnelReport(ledger, { all: true }, asked, AT(60))
  expect(new Map(points.map((point) => [point.scope, point.as_of]))).toEqual(
    new Map([30, 20, 5].map((at, store) => [stores[store], AT(at)])),
  )
  await ledger.close()
})
