// What the routes of sites and of definitions take, answer and refuse. What a quarter comes to
// stands beside db/sql.
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FIGURES_VERSION } from '#model/fold.ts'
import type { DefinitionsReport } from '#model/report.ts'
import type { SitesReport } from '#model/report-sites.ts'
import { openWorld, problemOf, type World } from './test-world.ts'

const HOUR = 3_600_000

let world: World
let now: number
let quarter: string
beforeAll(async () => {
  world = await openWorld()
  now = world.time.now
  const day = new Date(now)
  quarter = `${day.getUTCFullYear()}-Q${Math.floor(day.getUTCMonth() / 3) + 1}`
})
afterAll(() => world.close())

const DOWNTIMES = '/api/desk/sites/downtimes'
const WITHDRAWALS = '/api/desk/sites/downtimes/withdrawals'

const post = (path: string, body: unknown, as = world.desk.manager) =>
  world.ask('POST', path, { as, body })
async function siteOf(store: string, as = world.desk.manager) {
  const answer = await world.ask('GET', `/api/desk/sites?quarter=${quarter}`, { as })
  expect(answer.status).toBe(200)
  const report = (await answer.json()) as SitesReport
  return report.rows.find((row) => row.store_id === store)
}

test('a fault is told, taken back with a reason, and stands again when told again', async () => {
  const store_id = world.stores.n1
  const fault = { store_id, from: now - 3 * HOUR, to: now - 2 * HOUR, reason: 'No power' }
  expect((await post(DOWNTIMES, fault)).status).toBe(200)
  expect((await post(DOWNTIMES, fault)).status).toBe(200) // A tap that is repeated tells nothing new.
  const told = (await siteOf(store_id))?.downtimes
  expect(told).toMatchObject([{ from: fault.from, to: fault.to, withdrawn: null }])
  const id = told?.[0]?.id ?? ''
  expect((await post(WITHDRAWALS, { id, reason: ' It was the other store ' })).status).toBe(200)
  const withdrawn = (await siteOf(store_id))?.downtimes
  expect(withdrawn).toMatchObject([{ id, withdrawn: { reason: 'It was the other store' } }])
  expect((await post(DOWNTIMES, fault)).status).toBe(200)
  expect((await siteOf(store_id))?.downtimes).toMatchObject([{ id, withdrawn: null }])
})

test('without a reason nothing is taken back, and nobody takes back what is not theirs', async () => {
  const { manager, hq } = world.desk
  const fault = { store_id: world.stores.s1, from: now - 2 * HOUR, to: now - HOUR, reason: 'Lift' }
  expect((await post(DOWNTIMES, fault, manager)).status).toBe(404)
  expect((await post(DOWNTIMES, fault, hq)).status).toBe(200)
  const id = (await siteOf(world.stores.s1, hq))?.downtimes[0]?.id ?? ''
  const reason = 'Told in error'
  expect((await post(WITHDRAWALS, { id, reason }, manager)).status).toBe(404)
  expect((await post(WITHDRAWALS, { id: v7(), reason }, hq)).status).toBe(404)
  expect(await problemOf(await post(WITHDRAWALS, { id, reason: '  ' }, hq))).toEqual([
    ...[400, 'malformed', 'reason'],
  ])
  expect(await problemOf(await post(WITHDRAWALS, { id, reason, by: 'me' }, hq))).toEqual([
    ...[400, 'malformed', 'by'],
  ])
  const own = { ...fault, withdrawn: 'never was' } // Not by way of telling it.
  expect(await problemOf(await post(DOWNTIMES, own, hq))).toEqual([400, 'malformed', 'withdrawn'])
  expect((await siteOf(world.stores.s1, hq))?.downtimes).toMatchObject([{ id, withdrawn: null }])
})

test('a fault ends after it began, and no later than a quarter from now', async () => {
  const fault = { store_id: world.stores.n1, from: now - HOUR, to: now, reason: 'Flood' }
  const wrong = [
    { ...fault, to: fault.from },
    { ...fault, from: now + HOUR, to: now + 2 * HOUR },
    { ...fault, to: now + 93 * 24 * HOUR },
  ]
  for (const body of wrong)
    expect(await problemOf(await post(DOWNTIMES, body))).toEqual([400, 'malformed', 'to'])
})

test('everybody at the desk reads by which definitions is counted; nobody else does', async () => {
  const path = '/api/desk/definitions'
  for (const as of [world.desk.hq, world.desk.regional, world.desk.manager]) {
    const answer = await world.ask('GET', path, { as })
    expect(answer.status).toBe(200)
    const { version, restatements } = (await answer.json()) as DefinitionsReport
    expect(version).toBe(FIGURES_VERSION)
    expect(restatements).toEqual([]) // Nothing was counted before by other ones.
  }
  expect((await world.ask('GET', path, {})).status).toBe(401)
})
