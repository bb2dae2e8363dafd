// One open route is enough to lose every customer's number. So no route is tested by name here:
// the tests walk whatever routes there are, and a new one is in them before it is finished.
import type { Hono } from 'hono'
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '#model/staff.ts'
import { createApp, routesOf } from './app.ts'
import type { PublicEnv } from './request.ts'
import type { Route } from './route.ts'
import { openWorld, type World } from './test-world.ts'

let world: World
let routes: Route[]
beforeAll(async () => {
  world = await openWorld()
  routes = routesOf(world.deps)
})
afterAll(() => world.close())

const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`
const addressOf = ({ path }: Route) => path.replace('*', '').replaceAll(/:\w+/g, () => v7())

/** What the router would answer and no route declares. `ALL` is what runs around every route. */
function undeclared(app: Hono<PublicEnv>): string[] {
  const declared = new Set(routes.map(nameOf))
  return app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(nameOf)
    .filter((name) => !declared.has(name))
}

async function statusOf(route: Route, as?: string): Promise<number> {
  const asked = as === undefined ? {} : { as }
  return (await world.ask(route.method, addressOf(route), asked)).status
}

async function answering(kind: Route['who'], statuses: readonly number[], as?: string) {
  const wrong: string[] = []
  for (const route of routes.filter(({ who }) => who === kind)) {
    const status = await statusOf(route, as)
    if (!statuses.includes(status)) wrong.push(`${nameOf(route)} answered ${status}`)
  }
  return wrong
}

test('every route of the app says who may call it, and a planted one is found', () => {
  const app = createApp(world.deps, routes)
  expect(undeclared(app)).toEqual([])
  app.get('/api/back-door', (c) => c.text('in'))
  expect(undeclared(app)).toEqual(['GET /api/back-door'])
})

test('only health, first run, sign-in, enrolment and the pages are open to everybody', () => {
  const open = routes.filter(({ who }) => who === 'public').map(nameOf)
  expect(open.sort()).toEqual([
    'GET /*',
    'GET /api/setup',
    'GET /healthz',
    'GET /readyz',
    'POST /api/auth/sign-in',
    'POST /api/auth/sign-out',
    'POST /api/devices/enrol',
    'POST /api/setup',
  ])
})

test('without a session every other route answers 401', async () => {
  expect(await answering('device', [401])).toEqual([])
  expect(await answering('desk', [401])).toEqual([])
})

test('a made-up session is no session', async () => {
  const forged = `regulars_device=${'A'.repeat(43)}; regulars.session_token=abc.def`
  expect(await answering('device', [401], forged)).toEqual([])
  expect(await answering('desk', [401], forged)).toEqual([])
})

test('a tablet is nobody at the desk, and an administrator is no tablet', async () => {
  expect(await answering('desk', [401], world.tablets.n1.cookie)).toEqual([])
  expect(await answering('device', [401], world.desk.admin)).toEqual([])
})

test('each role at the desk is let in where it belongs, and nowhere else', async () => {
  const people: [Role, string][] = [
    ['admin', world.desk.admin],
    ['hq', world.desk.hq],
    ['regional', world.desk.regional],
    ['store-manager', world.desk.manager],
    ['clerk', await world.enter(await world.hire('clerk', [world.stores.n1]))],
  ]
  for (const [role, cookie] of people)
    for (const route of routes) {
      if (route.who !== 'desk') continue
      const isRefused = [401, 403].includes(await statusOf(route, cookie))
      expect(isRefused, `${role} at ${nameOf(route)}`).toBe(!route.roles.includes(role))
    }
})

test('a revoked tablet may hand over what it holds, and nothing else', async () => {
  const tablet = await world.enrol(world.stores.n2)
  const revoked = await world.ask('POST', `/api/admin/devices/${tablet.device_id}/revoke`, {
    as: world.desk.admin,
  })
  expect(revoked.status).toBe(200)
  for (const route of routes) {
    if (route.who !== 'device') continue
    const takes = route.takesRevoked ?? false
    expect(await statusOf(route, tablet.cookie), nameOf(route)).toBe(takes ? 415 : 403)
  }
})

test('whoever leaves the chain is out at the next request', async () => {
  const staff_id = await world.hire('hq', [])
  const cookie = await world.enter(staff_id)
  const me = () => world.ask('GET', '/api/desk/me', { as: cookie })
  expect((await me()).status).toBe(200)
  const left = { kind: 'staff', record_id: staff_id, type: 'set', payload: { state: 'left' } }
  await world.ask('POST', '/api/admin/write', { as: world.desk.admin, body: { drafts: [left] } })
  expect((await me()).status).toBe(401)
  const body = { email: `${staff_id}@example.com`, password: 'a long enough password' }
  expect((await world.ask('POST', '/api/auth/sign-in', { body })).status).toBe(401)
})
