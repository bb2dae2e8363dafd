// What the routes of duplicates take and refuse; what a merge does stands beside db/sql.
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DuplicatesReport } from '#model/report-duplicates.ts'
import {
  customerDraft,
  MORNING,
  openWorld,
  pushBody,
  sealAll,
  type Tablet,
  type World,
} from './test-world.ts'

let world: World
const [north, south] = [v7(), v7()]

beforeAll(async () => {
  world = await openWorld()
  const { stores, staff, tablets } = world
  await enrolAt(tablets.n1, staff.clerk, customerDraft(stores.n1, north, '王芳'))
  const draft = customerDraft(stores.s1, south, '王芳芳')
  const more = { ...draft, payload: { ...draft.payload, email: 'wang@example.com' } }
  await enrolAt(tablets.s1, staff.southClerk, more)
})
afterAll(() => world.close())

async function enrolAt(tablet: Tablet, actor: string, draft: ReturnType<typeof customerDraft>) {
  const body = pushBody(tablet, sealAll(tablet, actor, [draft], MORNING), MORNING)
  const answer = await world.ask('POST', '/api/sync/push', { as: tablet.cookie, body })
  expect(answer.status).toBe(200)
}

async function list(as = world.desk.hq): Promise<DuplicatesReport> {
  const answer = await world.ask('GET', '/api/desk/duplicates', { as })
  expect(answer.status).toBe(200)
  return (await answer.json()) as DuplicatesReport
}

async function post(path: string, body: object, as = world.desk.hq) {
  const answer = await world.ask('POST', `/api/desk/duplicates/${path}`, { as, body })
  return [answer.status, ((await answer.json()) as { reason?: string | null }).reason]
}

const merge = () => ({
  customer_id: south,
  home_store_id: world.stores.s1,
  into_id: north,
  into_home_store_id: world.stores.n1,
})

test('a region sees whom it may see, and a manager merges no stranger', async () => {
  expect((await list()).groups.map((group) => group.map((one) => one.customer_id))).toEqual([
    [north, south],
  ])
  expect((await list(world.desk.regional)).groups).toEqual([])
  for (const as of [world.desk.regional, world.desk.manager])
    expect(await post('merge', merge(), as)).toEqual([404, undefined])
  expect(await post('merge', { ...merge(), into_id: v7() })).toEqual([200, 'unknown-customer'])
  expect(await post('unmerge', { customer_id: south, home_store_id: world.stores.s1 })).toEqual([
    200,
    'merged',
  ])
})

test('made one, what was missing is taken over; undone, both are listed again', async () => {
  expect(await post('merge', merge())).toEqual([200, null])
  const { groups, merged } = await list()
  expect(groups).toEqual([])
  expect(merged).toMatchObject([{ customer_id: south, into_id: north, into_name: '王芳' }])
  const path = `/api/customers/${world.stores.s1}/${south}`
  const answer = await world.ask('GET', path, { as: world.tablets.s1.cookie })
  const { customer } = (await answer.json()) as { customer: { id: string; email: string } }
  expect([customer.id, customer.email]).toEqual([north, 'wang@example.com'])
  const part = { customer_id: south, home_store_id: world.stores.s1 }
  expect(await post('unmerge', part)).toEqual([200, null])
  expect((await list()).groups).toHaveLength(1)
  expect((await list()).merged).toEqual([])
})

test('a record is merged into nobody whom the manager has no say about', async () => {
  const { stores, staff, desk } = world
  const [stays, moved] = [v7(), v7()]
  const drafts = [stays, moved].map((one) => customerDraft(stores.n1, one, '李'))
  const tablet = await world.enrol(stores.n1)
  const body = pushBody(tablet, sealAll(tablet, staff.clerk, drafts, MORNING), MORNING)
  await world.ask('POST', '/api/sync/push', { as: tablet.cookie, body })
  const path = `/api/desk/customers/${stores.n1}/${moved}/transfer`
  const move = { as: desk.admin, body: { to_store_id: stores.s1 } }
  expect((await world.ask('POST', path, move)).status).toBe(200)
  const asked = { customer_id: stays, home_store_id: stores.n1, into_id: moved }
  const into = { ...asked, into_home_store_id: stores.n1 } // Where it lived once.
  expect(await post('merge', into, desk.manager)).toEqual([200, 'not-assigned'])
  expect(await post('merge', into, desk.admin)).toEqual([200, null])
})
