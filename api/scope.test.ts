// A regional manager answers for one region, a tablet belongs to one store. What stands in a path
// or a body must never widen that: these tests ask for the neighbours' things in every way.
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type {
  ChainCustomerReply,
  Manifest,
  Problem,
  PullReply,
  PushReply,
} from '#model/protocol.ts'
import type { RefusedOp, StatementReport, StoresReport, SyncReport } from '#model/report.ts'
import {
  customerDraft,
  MORNING,
  openWorld,
  pullBody,
  pushBody,
  sealAll,
  type World,
} from './test-world.ts'

let world: World
const northCustomer = v7()
beforeAll(async () => {
  world = await openWorld()
  const { tablets, stores, staff } = world
  const draft = customerDraft(stores.n1, northCustomer, '王小明')
  const ops = sealAll(tablets.n1, staff.clerk, [draft], MORNING)
  const answer = await push(tablets.n1.cookie, pushBody(tablets.n1, ops, MORNING))
  expect(((await answer.json()) as PushReply).results).toMatchObject([{ status: 'applied' }])
})
afterAll(() => world.close())

const push = (as: string, body: object) => world.ask('POST', '/api/sync/push', { as, body })
const pull = (as: string, body: object) => world.ask('POST', '/api/sync/pull', { as, body })

async function problemOf(answer: Response): Promise<[number, string]> {
  return [answer.status, ((await answer.json()) as Problem).code]
}

test('a regional manager sees the rows of the own region and its stores only', async () => {
  const { regions, stores, desk } = world
  const path = '/api/desk/stores?period=2026-11'
  const scopesOf = async (as: string) => {
    const answer = await world.ask('GET', path, { as })
    return ((await answer.json()) as StoresReport).rows.map((row) => row.scope).sort()
  }
  expect(await scopesOf(desk.regional)).toEqual([regions.north, stores.n1, stores.n2].sort())
  expect(await scopesOf(desk.manager)).toEqual([stores.n1])
  expect(await scopesOf(desk.hq)).toEqual(expect.arrayContaining(['chain', stores.s1]))
})

test('the history of another region is answered as one that does not exist', async () => {
  const { regions, stores, desk } = world
  const ask = (scope: string) =>
    world.ask(
      'GET',
      `/api/desk/stores/${scope}/history?grain=month&from=2026-09-01&to=2026-11-30`,
      {
        as: desk.regional,
      },
    )
  const absent = await problemOf(await ask(v7()))
  expect(absent).toEqual([404, 'not-found'])
  for (const scope of [stores.s1, regions.south, 'chain'])
    expect(await problemOf(await ask(scope))).toEqual(absent)
  expect((await ask(stores.n1)).status).toBe(200)
  expect((await ask(regions.north)).status).toBe(200)
})

test('statements and the customers behind them end at the border of the region', async () => {
  const { regions, stores, desk } = world
  const ask = (path: string, as: string) => world.ask('GET', `/api/desk/statement${path}`, { as })
  const scopesOf = async (as: string) =>
    ((await (await ask('?period=2026-11', as)).json()) as StatementReport).rows
      .map((row) => row.scope)
      .sort()
  expect(await scopesOf(desk.regional)).toEqual([regions.north, stores.n1, stores.n2].sort())
  expect(await scopesOf(desk.manager)).toEqual([stores.n1])
  expect(await scopesOf(desk.hq)).toEqual(expect.arrayContaining(['chain', stores.s1]))
  const behind = (scope: string) => ask(`/${scope}/movements?kind=new&period=2026`, desk.regional)
  for (const scope of [stores.s1, regions.south, 'chain', v7()])
    expect(await problemOf(await behind(scope))).toEqual([404, 'not-found'])
  for (const scope of [stores.n1, regions.north]) expect((await behind(scope)).status).toBe(200)
  const counted = (scope: string) =>
    ask(`/${scope}/customers?line=closing&period=2026`, desk.regional)
  for (const scope of [stores.s1, regions.north, regions.south, 'chain', v7()])
    expect(await problemOf(await counted(scope))).toEqual([404, 'not-found'])
  expect((await counted(stores.n1)).status).toBe(200)
  const alone = (scope: string) => ask(`/${scope}?period=2026-11`, desk.regional)
  for (const scope of [stores.s1, regions.south, 'chain', v7()])
    expect(await problemOf(await alone(scope))).toEqual([404, 'not-found'])
  for (const scope of [stores.n1, regions.north]) expect((await alone(scope)).status).toBe(200)
})

test('the state of devices and what they were refused end at the border of the region', async () => {
  const { tablets, stores, staff, desk } = world
  const visit = { customer_id: v7(), home_store_id: stores.s1, purpose: 'buy' }
  const store_id = stores.s1
  const draft = { store_id, kind: 'visit', record_id: v7(), type: 'visit', payload: visit } as const
  const ops = sealAll(tablets.s1, staff.southClerk, [draft], MORNING)
  await push(tablets.s1.cookie, pushBody(tablets.s1, ops, MORNING))
  const read = async <T>(path: string, as: string) =>
    (await (await world.ask('GET', path, { as })).json()) as T
  const seen = await read<SyncReport>('/api/desk/sync', desk.regional)
  expect(seen.devices.map((device) => device.store_id)).not.toContain(stores.s1)
  expect(seen.quarantined).toBe(0)
  const query = `/api/desk/refused?device=${tablets.s1.device_id}`
  expect(await read<RefusedOp[]>(query, desk.regional)).toEqual([])
  expect(await read<RefusedOp[]>(query, desk.hq)).toMatchObject([{ reason: 'unknown-customer' }])
})

test('a tablet gets the feeds of its store and the chain, and no other', async () => {
  const { tablets, stores } = world
  const own = pullBody(tablets.s1, [stores.s1, 'chain'], MORNING)
  const { feeds } = (await (await pull(tablets.s1.cookie, own)).json()) as PullReply
  expect(Object.keys(feeds).sort()).toEqual([stores.s1, 'chain'].sort())
  const foreign = pullBody(tablets.s1, [stores.n1], MORNING)
  const refused = await problemOf(await pull(tablets.s1.cookie, foreign))
  expect(refused).toEqual([403, 'not-your-store'])
  const absent = pullBody(tablets.s1, [v7()], MORNING)
  expect(await problemOf(await pull(tablets.s1.cookie, absent))).toEqual(refused)
})

test('a tablet cannot fetch the parts of another store', async () => {
  const { tablets } = world
  const get = (path: string, as: string) => world.ask('GET', path, { as })
  const snapshot = await get('/api/sync/snapshot', tablets.n1.cookie)
  const { feed, seq, parts } = (await snapshot.json()) as Manifest
  expect([feed, parts.length]).toEqual([world.stores.n1, 1])
  const path = `/api/sync/part/${seq}/${parts[0]?.no}`
  expect((await get(path, tablets.n1.cookie)).status).toBe(200)
  expect(await problemOf(await get(path, tablets.s1.cookie))).toEqual([404, 'not-found'])
})

test('a push or pull that names another device is refused whole', async () => {
  const { tablets, stores, staff } = world
  const draft = customerDraft(stores.n1, v7(), 'Nobody')
  const ops = sealAll(tablets.n1, staff.clerk, [draft], MORNING)
  const mismatch = [403, 'device-mismatch']
  const pushed = await push(tablets.s1.cookie, pushBody(tablets.n1, ops, MORNING))
  expect(await problemOf(pushed)).toEqual(mismatch)
  const pulled = await pull(tablets.s1.cookie, pullBody(tablets.n1, ['chain'], MORNING))
  expect(await problemOf(pulled)).toEqual(mismatch)
})

test('an op for another store, or in the name of its clerk, is refused and kept', async () => {
  const { stores, staff } = world
  const tablet = await world.enrol(stores.n2)
  const drafts = [customerDraft(stores.n1, v7(), 'A'), customerDraft(stores.n2, v7(), 'B')]
  const ops = sealAll(tablet, staff.southClerk, drafts, MORNING)
  const answer = await push(tablet.cookie, pushBody(tablet, ops, MORNING))
  const { results, last_n } = (await answer.json()) as PushReply
  expect(results.map(({ status, reason }) => [status, reason])).toEqual([
    ['quarantined', 'not-your-store'],
    ['quarantined', 'not-assigned'],
  ])
  expect(last_n).toBe(2)
})

test('what a revoked tablet hands over is kept for a person to decide, never applied', async () => {
  const { stores, staff, desk } = world
  const tablet = await world.enrol(stores.n1)
  await world.ask('POST', `/api/admin/devices/${tablet.device_id}/revoke`, { as: desk.admin })
  const ops = sealAll(tablet, staff.clerk, [customerDraft(stores.n1, v7(), 'Late')], MORNING)
  const answer = await push(tablet.cookie, pushBody(tablet, ops, MORNING))
  const { results } = (await answer.json()) as PushReply
  expect(results).toMatchObject([{ status: 'quarantined', reason: 'revoked' }])
})

test('a customer of another store is found, without what their store noted', async () => {
  const { tablets, stores } = world
  const path = `/api/customers/${stores.n1}/${northCustomer}`
  const answer = await world.ask('GET', path, { as: tablets.s1.cookie })
  const { customer } = (await answer.json()) as ChainCustomerReply
  expect([customer.name, customer.note]).toEqual(['王小明', null])
  const wrongHome = `/api/customers/${stores.n2}/${northCustomer}`
  expect((await world.ask('GET', wrongHome, { as: tablets.s1.cookie })).status).toBe(404)
  const search = await world.ask('GET', '/api/customers?q=8000', { as: tablets.s1.cookie })
  expect(await search.json()).toMatchObject({ customers: [{ id: northCustomer, note: null }] })
})
