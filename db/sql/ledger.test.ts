// What is at stake: a fact counted twice or not at all. Every test runs on SQLite and PostgreSQL
// through the real door (sealed ops, push), and most end with a recount that must find nothing.
import { expect } from 'vitest'
import { parsePeriod } from '#model/period.ts'
import { pull } from './pull.ts'
import { storesReport } from './reports.ts'
import { rollUp } from './rollup.ts'
import { endIdleLinks } from './links.ts'
import { stateHash } from './state-hash.ts'
import {
  enrolTablet,
  id,
  makeChain,
  MONDAY_10AM,
  onBothEngines,
  openEmpty,
  recounted,
  type EngineName,
  type Tablet,
} from './test-ledger.ts'

const MINUTE = 60_000
const DAY = 86_400_000

async function fresh(engine: EngineName) {
  const ledger = await openEmpty(engine)
  return makeChain(ledger)
}

async function report(ledger: Parameters<typeof storesReport>[0], text = '2026-11') {
  while ((await rollUp(ledger)) > 0);
  const period = parsePeriod(text)
  if (!period) throw new Error('no such period')
  const { rows } = await storesReport(ledger, { all: true }, period, MONDAY_10AM)
  return (scope: string) => {
    const row = rows.find((one) => one.scope === scope)
    if (!row) throw new Error(`no row of ${scope}`)
    return row
  }
}

async function feed(tablet: Tablet) {
  const { book, device_id } = tablet.session
  const start = { cursor: 0, epoch: null }
  const feeds = { [book]: start, chain: start }
  const body = { device_id, health: tablet.health(), feeds, limit: 2000 }
  return pull(tablet.ledger, tablet.session, body, MONDAY_10AM)
}

onBothEngines('a first visit counts at its store, its region and the chain', async (engine) => {
  const chain = await fresh(engine)
  const tablet = await enrolTablet(chain, 0)
  const customer = id()
  const reply = await tablet.push([
    tablet.customer(customer),
    tablet.visit(customer, chain.stores[0], MONDAY_10AM, { spend_minor: 8800 }),
    tablet.visit(null, null, MONDAY_10AM, { count: 3 }),
  ])
  expect(reply.results.map((result) => result.status)).toEqual(['applied', 'applied', 'applied'])
  const rowOf = await report(chain.ledger)
  for (const scope of [chain.stores[0], chain.regions[0], 'chain'])
    expect(rowOf(scope).now).toEqual({
      visits: 4,
      identified_rate: 0.25,
      visitors: 1,
      new: 1,
      returning: 0,
      active: 1,
      tag_coverage: 0,
      spend_per_visit: 8800,
      returning_here: 0,
      repeat_visits: 0,
      spend_per_identified: 8800,
      tallied: 4,
      sales: 1,
      identified: 1,
    })
  // Of the other region nothing was recorded, and a zero would say otherwise.
  expect(Object.values(rowOf(chain.regions[1]).now)).toEqual(Array(14).fill(null))
  expect(await recounted(chain.ledger)).toEqual([])
  await chain.ledger.close()
})

onBothEngines('a push repeated, cut short or answered late is applied once', async (engine) => {
  const chain = await fresh(engine)
  const tablet = await enrolTablet(chain, 0)
  const customer = id()
  const ops = [tablet.customer(customer)]
  while (ops.length < 50)
    ops.push(tablet.visit(customer, chain.stores[0], MONDAY_10AM - ops.length * DAY))
  await tablet.push(ops.slice(0, 20)) // Its answer was lost,
  const first = await tablet.push(ops) // so all are sent, three times.
  const hash = await stateHash(chain.ledger)
  const again = await tablet.push(ops)
  await tablet.push(ops.slice(10, 40))
  expect(first.last_n).toBe(50)
  expect(first.results.filter((result) => result.status === 'dup')).toHaveLength(20)
  expect(again.results.every((result) => result.first === 'applied')).toBe(true)
  expect(await stateHash(chain.ledger)).toBe(hash)
  expect((await report(chain.ledger, '2026'))(chain.stores[0]).now.visits).toBe(49)
  expect(await recounted(chain.ledger)).toEqual([])
  await chain.ledger.close()
})

onBothEngines('a bad op goes to quarantine and the rest goes on', async (engine) => {
  const chain = await fresh(engine)
  const tablet = await enrolTablet(chain, 0)
  const customer = id()
  const ops = [
    tablet.customer(customer),
    tablet.visit(id(), chain.stores[0]),
    tablet.seal({ kind: 'unheard', record_id: id(), type: 'create', payload: {} }),
    tablet.customer(id(), { name: '' }),
    tablet.seal({ kind: 'region', record_id: id(), type: 'create', payload: { name: 'X' } }),
    { ...tablet.visit(customer, chain.stores[0]), ts_wall: MONDAY_10AM - 5 },
    tablet.visit(customer, chain.stores[0]),
  ]
  const { results, last_n } = await tablet.push(ops)
  expect(last_n).toBe(7)
  expect(results.map((result) => result.reason ?? result.status)).toEqual([
    'applied',
    'unknown-customer',
    'unknown-kind',
    'malformed',
    'not-your-store',
    'damaged',
    'applied',
  ])
  expect(results[3]?.detail).toBe('name: empty')
  await chain.ledger.close()
})

onBothEngines('ops of one group apply all or none', async (engine) => {
  const chain = await fresh(engine)
  const tablet = await enrolTablet(chain, 0)
  const [customer, tx] = [id(), id()]
  const grouped = { kind: 'customer', record_id: customer, type: 'create', tx } as const
  const payload = { name: 'Li', home_store_id: chain.stores[0] }
  const bad = { kind: 'visit', record_id: id(), type: 'visit', tx, payload: {} } as const
  const ops = [tablet.seal({ ...grouped, payload }), tablet.seal(bad)]
  const { results } = await tablet.push([...ops, tablet.visit(customer, chain.stores[0])])
  expect(results.map((result) => result.reason)).toEqual(['tx', 'malformed', 'unknown-customer'])
  await chain.ledger.close()
})

onBothEngines('a gap and a fork stop the push without losing what came before', async (engine) => {
  const chain = await fresh(engine)
  const tablet = await enrolTablet(chain, 0)
  const ops = [tablet.visit(null, null), tablet.visit(null, null), tablet.visit(null, null)]
  const gap = await tablet.push(ops.slice(0, 1).concat(ops.slice(2)))
  expect([gap.stop, gap.last_n]).toEqual(['gap', 1])
  const twin = { ...ops[0]!, op_id: id() }
  expect((await tablet.push([twin])).stop).toBe('fork')
  expect((await tablet.push(ops)).last_n).toBe(3)
  tablet.epoch = id()
  expect((await tablet.push(ops)).stop).toBe('reset')
  await chain.ledger.close()
})

onBothEngines('visits within 30 minutes of the first are one, receipts never', async (engine) => {
  const chain = await fresh(engine)
  const tablet = await enrolTablet(chain, 0)
  const customer = id()
  const at = (minutes: number, more = {}) =>
    tablet.visit(customer, chain.stores[0], MONDAY_10AM + minutes * MINUTE, more)
  const ops = [tablet.customer(customer), at(0), at(25), at(50)]
  await tablet.push(ops, MONDAY_10AM + DAY)
  expect((await report(chain.ledger))(chain.stores[0]).now.visits).toBe(2)
  await tablet.push([at(1, { receipt: 'a' }), at(2, { receipt: 'b' })], MONDAY_10AM + DAY)
  expect((await report(chain.ledger))(chain.stores[0]).now.visits).toBe(4)
  expect(await recounted(chain.ledger)).toEqual([])
  await chain.ledger.close()
})

onBothEngines('an undone visit leaves no trace in the figures', async (engine) => {
  const chain = await fresh(engine)
  const tablet = await enrolTablet(chain, 0)
  const customer = id()
  await tablet.push([tablet.customer(customer)])
  await report(chain.ledger)
  const clean = (await report(chain.ledger))('chain').now
  const visit = tablet.visit(customer, chain.stores[0])
  const tally = tablet.visit(null, null, MONDAY_10AM, { count: 2 })
  await tablet.push([visit, tally])
  const undo = (record_id: string) =>
    tablet.seal({ kind: 'visit', record_id, type: 'void', payload: {} })
  await tablet.push([undo(visit.record_id), undo(tally.record_id), undo(visit.record_id)])
  expect((await report(chain.ledger))('chain').now).toEqual(clean)
  expect(await recounted(chain.ledger)).toEqual([])
  await chain.ledger.close()
})

onBothEngines('a store that serves another home gets a linked copy and history', async (engine) => {
  const chain = await fresh(engine)
  const [home, other] = [await enrolTablet(chain, 0), await enrolTablet(chain, 2)]
  const customer = id()
  await home.push([
    home.customer(customer, { note: 'likes jasmine' }),
    home.visit(customer, chain.stores[0], MONDAY_10AM - 3 * DAY),
  ])
  await other.push([other.visit(customer, chain.stores[0])])
  const rows = (await feed(other)).feeds[chain.stores[2]]?.rows ?? []
  const kinds = rows.map((row) => row.kind).sort()
  expect(kinds).toEqual(['customer', 'history', 'visit'])
  expect(rows.find((row) => row.kind === 'customer')?.body).toMatchObject({ note: null })
  const atHome = (await feed(home)).feeds[chain.stores[0]]?.rows ?? []
  expect(atHome.filter((row) => row.kind === 'history')).toHaveLength(1)
  const rowOf = await report(chain.ledger)
  expect(rowOf(chain.stores[0]).now).toMatchObject({ visitors: 0, new: 0, active: 1 })
  expect(rowOf(chain.stores[2]).now).toMatchObject({ visitors: 1, new: 0, active: 0 })
  expect(rowOf('chain').now).toMatchObject({ visitors: 1, visits: 1, returning: 1 })
  const today = Math.floor(MONDAY_10AM / DAY)
  expect(await endIdleLinks(chain.ledger, today + 181)).toBe(1)
  const after = (await feed(other)).feeds[chain.stores[2]]?.rows ?? []
  expect(after.filter((row) => row.state === 'leave')).toHaveLength(2)
  await chain.ledger.close()
})

onBothEngines(
  'a tag that was added elsewhere survives a removal that did not see it',
  async (engine) => {
    const chain = await fresh(engine)
    const [one, two] = [await enrolTablet(chain, 0), await enrolTablet(chain, 0)]
    const [customer, home_store_id, tag_id] = [id(), chain.stores[0], chain.tags[0]]
    const on = (tablet: Tablet) =>
      tablet.seal({
        kind: 'tagging',
        record_id: customer,
        type: 'tag+',
        payload: { tag_id, source: 'staff', home_store_id },
      })
    const off = (tablet: Tablet, observed: string[]) =>
      tablet.seal({
        kind: 'tagging',
        record_id: customer,
        type: 'tag-',
        payload: { tag_id, observed, home_store_id },
      })
    const first = on(one)
    // A tablet's own numbers start with its first op, so the customer is made by the other one.
    await two.push([two.customer(customer), two.visit(customer, home_store_id)])
    await one.push([first])
    expect((await report(chain.ledger))('chain').now.tag_coverage).toBe(1)
    const [again, removal] = [on(two), off(one, [first.op_id])]
    await two.push([again])
    await one.push([removal])
    expect((await report(chain.ledger))('chain').now.tag_coverage).toBe(1)
    await one.push([off(one, [again.op_id])])
    expect((await report(chain.ledger))('chain').now.tag_coverage).toBe(0)
    expect(await recounted(chain.ledger)).toEqual([])
    await chain.ledger.close()
  },
)

onBothEngines('in a period that is not over nobody is lost in advance', async (engine) => {
  const chain = await fresh(engine)
  const tablet = await enrolTablet(chain, 0)
  const customer = id()
  const created = tablet.customer(customer, {}, MONDAY_10AM - 80 * DAY)
  await tablet.push([created, tablet.visit(customer, chain.stores[0], MONDAY_10AM - 80 * DAY)])
  expect((await report(chain.ledger, '2026-11'))('chain').now.active).toBe(1)
  const later = await storesReport(
    chain.ledger,
    { all: true },
    parsePeriod('2026-11')!,
    MONDAY_10AM + 30 * DAY,
  )
  expect(later.rows.find((row) => row.scope === 'chain')?.now.active).toBe(0)
  await chain.ledger.close()
})
