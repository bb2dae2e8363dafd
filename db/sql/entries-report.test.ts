// What a manager is told about the way her store records: it must name what is there, on either
// engine, and never a store that is none of the reader's business.
import { expect } from 'vitest'
import type { Scope } from '#model/access.ts'
import { must } from '#model/assert.ts'
import { parsePeriod } from '#model/period.ts'
import { entriesReport } from './entries-report.ts'
import { enrolTablet, id, makeChain, MONDAY_10AM, onBothEngines, openEmpty } from './test-ledger.ts'
import { type TimedDraft, writeDrafts } from './write.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const NOVEMBER = must(parsePeriod('2026-11'), 'a month')
const ALL: Scope = { all: true }

async function openShop(engine: 'sqlite' | 'postgres') {
  const ledger = await openEmpty(engine)
  const chain = await makeChain(ledger)
  const [here, there] = [await enrolTablet(chain, 0), await enrolTablet(chain, 1)]
  const [store, other] = chain.stores
  const people = Array.from({ length: 9 }, id)
  const born = people.map((one, nth) => here.customer(one, { name: `Guest ${nth}` }))
  await here.push(born, MONDAY_10AM)
  return { ledger, chain, here, there, store, other, people }
}

onBothEngines('a store’s burst, its late records and its equal notes are told', async (engine) => {
  const { ledger, here, store, people } = await openShop(engine)
  const rush = people
    .slice(0, 7)
    .map((one, nth) => here.visit(one, store, MONDAY_10AM + nth * 5 * SECOND, { note: 'ok ' }))
  const voided = people.map((one) => here.visit(one, store, MONDAY_10AM + 9 * SECOND))
  await here.push([...rush, ...voided], MONDAY_10AM + MINUTE)
  const back = voided.map(({ record_id }) =>
    here.seal({ kind: 'visit', record_id, type: 'void', payload: {} }, MONDAY_10AM + 2 * MINUTE),
  )
  await here.push(back, MONDAY_10AM + 2 * MINUTE)
  const yesterday = here.visit(must(people[8], 'a guest'), store, MONDAY_10AM - 30 * HOUR)
  await here.push([yesterday], MONDAY_10AM + 3 * MINUTE)
  const report = must(await entriesReport(ledger, ALL, store, NOVEMBER), 'a report')
  expect(report.entries).toBe(8)
  expect(report.bursts).toMatchObject([{ at: MONDAY_10AM, visits: 7, name: 'Clerk 0' }])
  expect(report.same_notes).toEqual([{ note: 'ok', visits: 7 }])
  expect(report.received?.late).toBe(1)
  expect(report.received?.records).toBeGreaterThan(8)
  expect(report.enrolled).toEqual({ customers: 9, merged: 0 })
  expect(report.after_hours).toBeNull()
  expect(report.two_places).toEqual([])
  await ledger.close()
})

onBothEngines('a customer in two stores within half an hour is told with both', async (engine) => {
  const { ledger, here, there, store, other, people } = await openShop(engine)
  const [fast, slow] = [must(people[0], 'a guest'), must(people[1], 'a guest')]
  await here.push([here.visit(fast, store, MONDAY_10AM), here.visit(slow, store, MONDAY_10AM)])
  const later = [
    there.visit(fast, store, MONDAY_10AM + 29 * MINUTE),
    there.visit(slow, store, MONDAY_10AM + 30 * MINUTE),
  ]
  await there.push(later, MONDAY_10AM + HOUR)
  const told = async (one: string) => (await entriesReport(ledger, ALL, one, NOVEMBER))?.two_places
  const both = { customer_id: fast, name: 'Guest 0', minutes: 29 }
  expect(await told(store)).toMatchObject([{ ...both, at: MONDAY_10AM, other_store_id: other }])
  expect(await told(other)).toMatchObject([{ ...both, other_store_id: store }])
  await ledger.close()
})

onBothEngines('somebody at home in another region is told without a name', async (engine) => {
  const { ledger, here, there, store, other, people } = await openShop(engine)
  const guest = must(people[0], 'a guest')
  await here.push([here.visit(guest, store, MONDAY_10AM)])
  await there.push([there.visit(guest, store, MONDAY_10AM + 5 * MINUTE)], MONDAY_10AM + HOUR)
  const home: Scope = { all: false, region_id: null, store_ids: [store] }
  const away: Scope = { all: false, region_id: null, store_ids: [other] }
  const told = async (scope: Scope, one: string) =>
    (await entriesReport(ledger, scope, one, NOVEMBER))?.two_places
  expect(await told(home, store)).toMatchObject([{ customer_id: guest, name: 'Guest 0' }])
  expect(await told(away, other)).toMatchObject([{ customer_id: guest, name: '', minutes: 5 }])
  await ledger.close()
})

onBothEngines(
  'hours count where they are known, and merged records as entered twice',
  async (engine) => {
    const { ledger, chain, here, store, people } = await openShop(engine)
    const hours = Array.from({ length: 7 }, () => [600, 1260])
    const [one, two] = [must(people[0], 'a guest'), must(people[1], 'a guest')]
    const set = { store_id: 'chain', kind: 'store', record_id: store, type: 'set' as const }
    const payload = { home_store_id: store, into_id: one, into_home_store_id: store }
    const merge: TimedDraft = {
      ...{ store_id: store, kind: 'customer', record_id: two, type: 'merge', payload },
      at: MONDAY_10AM,
    }
    const drafts: TimedDraft[] = [{ ...set, payload: { hours }, at: MONDAY_10AM }, merge]
    const results = await writeDrafts(ledger, chain.admin, drafts, MONDAY_10AM)
    expect(results.map(({ status }) => status)).toEqual(['applied', 'applied'])
    await here.push([
      here.visit(one, store, MONDAY_10AM - 2 * MINUTE), // Two minutes before it opens.
      here.visit(must(people[2], 'a guest'), store, MONDAY_10AM),
    ])
    const report = must(await entriesReport(ledger, ALL, store, NOVEMBER), 'a report')
    expect(report).toMatchObject({ entries: 2, after_hours: 1 })
    expect(report.enrolled).toEqual({ customers: 9, merged: 1 })
    await ledger.close()
  },
)

onBothEngines('who may not read a store is told nothing of it', async (engine) => {
  const { ledger, chain, other, store } = await openShop(engine)
  const south: Scope = { all: false, region_id: chain.regions[1], store_ids: [] }
  expect(await entriesReport(ledger, south, store, NOVEMBER)).toBeNull()
  expect(await entriesReport(ledger, ALL, id(), NOVEMBER)).toBeNull()
  const quiet = must(await entriesReport(ledger, ALL, other, NOVEMBER), 'a report')
  expect(quiet).toMatchObject({ entries: 0, received: null, enrolled: { customers: 0 } })
  await ledger.close()
})
