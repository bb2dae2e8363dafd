// What is refused or lost ends with a person's decision. Whoever decides must be in charge of the
// store, and what they read and move must end at the border of their scope.
import { gunzipSync } from 'node:zlib'
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SCHEMA } from '#model/op.ts'
import { type CustomersSegment, splitPart, unpackCustomers } from '#model/part.ts'
import type {
  ChainCustomerReply,
  Manifest,
  PushReply,
  RenewReply,
  SelfReply,
} from '#model/protocol.ts'
import type { DeviceReport, LossRow, RefusedOp, SyncHours } from '#model/report.ts'
import {
  cookiesOf,
  customerDraft,
  health,
  MORNING,
  openWorld,
  problemOf,
  pullBody,
  pushBody,
  sealAll,
  type Tablet,
  type World,
} from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const HOUR = Math.floor(MORNING / 3_600_000)
const get = (path: string, as: string) => world.ask('GET', path, { as })
const post = (path: string, as: string, body: object) => world.ask('POST', path, { as, body })
const read = async <T>(path: string, as: string) => (await (await get(path, as)).json()) as T

async function push(tablet: Tablet, actor: string, drafts: Parameters<typeof sealAll>[2]) {
  const ops = sealAll(tablet, actor, drafts, MORNING)
  const answer = await post('/api/sync/push', tablet.cookie, pushBody(tablet, ops, MORNING))
  return { ops, ...((await answer.json()) as PushReply) }
}

/** A customer that the north's tablet wrote in the name of somebody who does not work there. */
async function makeRefused(tablet: Tablet) {
  const customer = v7()
  const draft = customerDraft(tablet.store_id, customer, '王小明')
  const { ops } = await push(tablet, world.staff.southClerk, [draft])
  return { customer, op_id: ops[0]?.op_id ?? '' }
}

test('a manager applies what was refused at the own store, and the queue says so', async () => {
  const { stores, desk, enrol } = world
  const { op_id, customer } = await makeRefused(await enrol(stores.n1))
  const queue = () => read<RefusedOp[]>('/api/desk/refused', desk.manager)
  expect(await queue()).toMatchObject([
    { op_id, reason: 'not-assigned', currency: 'CNY', tag: null },
  ])
  const decision = { subject: 'op', subject_id: op_id, verdict: 'reapply', reason: 'It is right' }
  const answer = await post('/api/desk/decisions', desk.manager, {
    ...decision,
    store_id: stores.n1,
  })
  expect(answer.status).toBe(201)
  expect(await answer.json()).toEqual({ decision_id: expect.any(String) as string })
  expect(await queue()).toEqual([])
  const [decided] = await read<RefusedOp[]>('/api/desk/refused?state=decided', desk.manager)
  expect(decided?.decision).toMatchObject({ verdict: 'reapply', by_name: 'A store-manager' })
  const found = await get(`/api/customers/${stores.n1}/${customer}`, world.tablets.n1.cookie)
  expect(found.status).toBe(200)
  const again = await post('/api/desk/decisions', desk.manager, {
    ...decision,
    store_id: stores.n1,
  })
  expect(await problemOf(again)).toEqual([409, 'refused-again', 'decided'])
})

test('nobody decides for a store outside of their scope, and the op stays', async () => {
  const { stores, desk, tablets } = world
  const { op_id } = await makeRefused(await world.enrol(stores.n2))
  const body = { subject: 'op', subject_id: op_id, verdict: 'dismiss', reason: 'No' }
  const elsewhere = await post('/api/desk/decisions', desk.manager, {
    ...body,
    store_id: stores.n2,
  })
  expect(await problemOf(elsewhere)).toEqual([404, 'not-found'])
  // Naming the own store instead of the op's does not help.
  const disguised = await post('/api/desk/decisions', desk.manager, {
    ...body,
    store_id: stores.n1,
  })
  expect((await problemOf(disguised)).slice(0, 2)).toEqual([409, 'refused-again'])
  const chain = await post('/api/desk/decisions', desk.regional, { ...body, store_id: 'chain' })
  expect(await problemOf(chain)).toEqual([404, 'not-found'])
  const accept = { ...body, verdict: 'accept', store_id: stores.n2 }
  const odd = await post('/api/desk/decisions', desk.hq, accept)
  expect(await problemOf(odd)).toEqual([400, 'malformed', 'verdict'])
  const open = await read<RefusedOp[]>('/api/desk/refused', desk.regional)
  expect(open.map((op) => op.op_id)).toContain(op_id)
  expect((await post('/api/desk/decisions', tablets.n1.cookie, body)).status).toBe(401)
})

test('hours and the page of a device end at the border of the region', async () => {
  const { stores, desk, tablets } = world
  const path = `/api/desk/sync/hours?from=${HOUR - 23}&to=${HOUR + 1}`
  const { rows } = await read<SyncHours>(path, desk.regional)
  expect(rows.map((row) => row.store_id).sort()).toEqual([stores.n1, stores.n2].sort())
  const page = `/api/desk/sync/devices/${tablets.s1.device_id}`
  const absent = await problemOf(await get(`/api/desk/sync/devices/${v7()}`, desk.regional))
  expect(await problemOf(await get(page, desk.regional))).toEqual(absent)
  expect(absent).toEqual([404, 'not-found'])
  const { device, hours } = await read<DeviceReport>(page, desk.hq)
  expect([device.store_id, hours.length]).toEqual([stores.s1, 168])
})

test('a query that names no span or state is answered with its name', async () => {
  const wrong = [
    ['/api/desk/sync/hours', 'from'],
    ['/api/desk/sync/hours?from=1&to=x', 'to'],
    ['/api/desk/sync/hours?from=5&to=5', 'to'],
    ['/api/desk/sync/hours?from=1&to=170', 'to'],
    ['/api/desk/refused?state=closed', 'state'],
    ['/api/desk/losses?state=decided', 'state'],
  ]
  for (const [path, detail] of wrong)
    expect(await problemOf(await get(path ?? '', world.desk.hq))).toEqual([
      400,
      'malformed',
      detail,
    ])
})

test('an emptied tablet learns who it was, goes on, and its loss is accepted by a person', async () => {
  const { stores, desk, staff } = world
  const tablet = await world.enrol(stores.n1)
  const told = { ...health(MORNING), max_n: 2, unsent: 2, unsent_by: [staff.clerk] }
  await post('/api/sync/push', tablet.cookie, { ...pushBody(tablet, [], MORNING), health: told })
  const self = await read<SelfReply>('/api/devices/self', tablet.cookie)
  expect(self).toMatchObject({ device_id: tablet.device_id, last_n: 0, max_n: 2 })
  const body = { cause: 'evicted', head_n: 0, kept: null }
  const answer = await post('/api/devices/renew', tablet.cookie, body)
  const renewed = (await answer.json()) as RenewReply
  expect([answer.status, renewed.old_device_id]).toEqual([201, tablet.device_id])
  expect(renewed.device_id).not.toBe(tablet.device_id)
  const { device_id } = await read<SelfReply>('/api/devices/self', cookiesOf(answer))
  expect(device_id).toBe(renewed.device_id)
  const losses = (as: string, state = 'open') =>
    read<LossRow[]>(`/api/desk/losses?state=${state}`, as)
  const [loss] = await losses(desk.manager)
  expect(loss).toMatchObject({ from_n: 1, to_n: 2, staff_names: ['A clerk'], cause: 'evicted' })
  const accept = {
    subject: 'loss',
    subject_id: loss?.id,
    verdict: 'accept',
    reason: 'Written anew',
  }
  const made = await post('/api/desk/decisions', desk.manager, { ...accept, store_id: stores.n1 })
  expect(made.status).toBe(201)
  expect([(await losses(desk.manager)).length, (await losses(desk.hq, 'closed')).length]).toEqual([
    0, 1,
  ])
})

test('a tablet that asks for new names on and on is slowed down', async () => {
  const tablet = await world.enrol(world.stores.n2)
  const body = { cause: 'copied', head_n: 0, kept: null }
  const statuses: number[] = []
  for (let n = 0; n < 21; n += 1)
    statuses.push((await post('/api/devices/renew', tablet.cookie, body)).status)
  expect([statuses[0], statuses[19], statuses[20]]).toEqual([201, 201, 429])
})

test('a tablet of an app that is no longer served hands in its work and is told to update', async () => {
  const { stores, staff } = world
  const tablet = await world.enrol(stores.n1)
  const old = { ...health(MORNING), schema: 0 }
  const ops = sealAll(tablet, staff.clerk, [customerDraft(stores.n1, v7(), 'Old')], MORNING)
  const pushed = await post('/api/sync/push', tablet.cookie, {
    ...pushBody(tablet, ops, MORNING),
    health: old,
  })
  expect(((await pushed.json()) as PushReply).results).toMatchObject([{ status: 'applied' }])
  const body = { ...pullBody(tablet, ['chain'], MORNING), health: old }
  const pulled = await post('/api/sync/pull', tablet.cookie, body)
  expect((await problemOf(pulled)).slice(0, 2)).toEqual([426, 'update-needed'])
  const headers = { 'x-regulars-schema': '0' }
  const asked = await world.ask('GET', '/api/sync/snapshot', { as: tablet.cookie, headers })
  expect(asked.status).toBe(426)
  expect((await get('/api/sync/snapshot', tablet.cookie)).status).toBe(200)
})

test('a device of the first schema fetches parts that it can read, as does every later one', async () => {
  const { stores, staff } = world
  const tablet = await world.enrol(stores.n1)
  const ops = sealAll(tablet, staff.clerk, [customerDraft(stores.n1, v7(), 'Parted')], MORNING)
  await post('/api/sync/push', tablet.cookie, pushBody(tablet, ops, MORNING))
  const segmentOf = async (schema: number | null): Promise<unknown> => {
    const headers = schema === null ? {} : { 'x-regulars-schema': String(schema) }
    const ask = (path: string) => world.ask('GET', path, { as: tablet.cookie, headers })
    const { seq } = (await (await ask('/api/sync/snapshot')).json()) as Manifest
    const part = await (await ask(`/api/sync/part/${seq}/0`)).arrayBuffer()
    const { customers } = splitPart(new Uint8Array(part))
    return JSON.parse(gunzipSync(customers).toString())
  }
  const listed = expect.arrayContaining([expect.objectContaining({ name: 'Parted' })]) as unknown
  for (const schema of [null, 1]) expect(await segmentOf(schema)).toEqual(listed)
  const packed = await segmentOf(SCHEMA)
  expect(packed).not.toBeInstanceOf(Array)
  expect(unpackCustomers(packed as CustomersSegment)).toEqual(listed)
})

test('a customer moves where the manager is in charge of both homes, and nowhere else', async () => {
  const { stores, desk, staff } = world
  const customer = v7()
  const tablet = await world.enrol(stores.n1)
  await push(tablet, staff.clerk, [customerDraft(stores.n1, customer, 'Mover')])
  const path = (home: string) => `/api/desk/customers/${home}/${customer}/transfer`
  const to = (to_store_id: string) => ({ to_store_id })
  expect((await post(path(stores.n1), desk.manager, to(stores.n2))).status).toBe(404)
  expect((await post(path(stores.n1), desk.regional, to(stores.s1))).status).toBe(404)
  expect((await post(path(stores.n1), desk.regional, to(stores.n2))).status).toBe(200)
  const found = await get(`/api/customers/${stores.n1}/${customer}`, tablet.cookie)
  const { customer: moved } = (await found.json()) as ChainCustomerReply
  expect(moved.home_store_id).toBe(stores.n2)
  // Who only knows the former home is led to the present one.
  expect((await post(path(stores.n1), desk.hq, to(stores.s1))).status).toBe(200)
  expect((await post(path(stores.n2), desk.regional, to(stores.n1))).status).toBe(404)
})

test('a customer is forgotten by headquarters alone, once, wherever they live', async () => {
  const { stores, desk, staff } = world
  const customer = v7()
  const tablet = await world.enrol(stores.n1)
  await push(tablet, staff.clerk, [customerDraft(stores.n1, customer, 'Forget me')])
  const path = `/api/admin/customers/${stores.n1}/${customer}/erase`
  const body = { cause: 'request' }
  expect((await post(path, desk.regional, body)).status).toBe(403)
  expect(await problemOf(await post(path, desk.hq, {}))).toEqual([400, 'malformed', 'cause'])
  expect((await post(path, desk.hq, body)).status).toBe(200)
  const found = await get(`/api/customers/${stores.n1}/${customer}`, tablet.cookie)
  expect(found.status).toBe(404)
  expect((await post(path, desk.hq, body)).status).toBe(404)
})

test('a revoked tablet hears that it is, and says once that it is empty; one in use may not', async () => {
  const tablet = await world.enrol(world.stores.n2)
  const { desk } = world
  const hello = async () => (await push(tablet, world.staff.clerk, [])).revoked
  const empty = () => post('/api/devices/emptied', tablet.cookie, {})
  expect(await hello()).toBeUndefined()
  expect(await problemOf(await empty())).toEqual([403, 'forbidden'])
  await post(`/api/admin/devices/${tablet.device_id}/revoke`, desk.admin, {})
  expect(await hello()).toBe(true)
  expect((await empty()).status).toBe(200)
  expect((await empty()).status).toBe(200)
  const page = await read<DeviceReport>(`/api/desk/sync/devices/${tablet.device_id}`, desk.hq)
  expect(page.device.emptied_at).not.toBeNull()
  expect(page.events.filter((event) => event.kind === 'emptied')).toHaveLength(1)
})
