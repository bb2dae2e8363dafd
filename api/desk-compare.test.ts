// Stores beside each other as a manager reads them: whose names she sees, what stands for no data,
// and that one question is one answer however many stores it names.
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Problem, PushReply } from '#model/protocol.ts'
import type {
  CompareReport,
  FunnelReport,
  StaffReport,
  TagMixReport,
} from '#model/report-compare.ts'
import type { StoresReport } from '#model/report.ts'
import { rollUp } from '#sql/rollup.ts'
import {
  customerDraft,
  MORNING,
  openWorld,
  pushBody,
  sealAll,
  type Tablet,
  type World,
} from './test-world.ts'

const DAY = 86_400_000

let world: World
beforeAll(async () => {
  world = await openWorld()
  const { n1, s1 } = world.tablets
  await pushVisits(n1, world.staff.clerk, 3)
  await pushVisits(s1, world.staff.southClerk, 2)
  while ((await rollUp(world.ledger, 100)) > 0);
})
afterAll(() => world.close())

/** Some customers of the tablet's store, each here once this month, and one tally. */
async function pushVisits(tablet: Tablet, clerk: string, people: number): Promise<void> {
  const { store_id } = tablet
  const visit = (customer_id: string | null, more: object) => ({
    store_id,
    kind: 'visit',
    record_id: v7(),
    type: 'visit' as const,
    payload: { customer_id, home_store_id: customer_id && store_id, purpose: 'buy', ...more },
  })
  const ids = Array.from({ length: people }, () => v7())
  const drafts = [
    ...ids.map((id, n) => customerDraft(store_id, id, `Customer ${n}`)),
    ...ids.map((id) => visit(id, { spend_minor: 10_00 })),
    visit(null, { count: 1 }),
  ]
  await pushDrafts(tablet, clerk, drafts)
}

async function pushDrafts(tablet: Tablet, clerk: string, drafts: Parameters<typeof sealAll>[2]) {
  const ops = sealAll(tablet, clerk, drafts, MORNING - 3_600_000)
  const answer = await world.ask('POST', '/api/sync/push', {
    as: tablet.cookie,
    body: pushBody(tablet, ops, MORNING),
  })
  const { results } = (await answer.json()) as PushReply
  expect(results.filter((result) => result.status !== 'applied')).toEqual([])
}

const read = (path: string, as = world.desk.hq) => world.ask('GET', path, { as })
async function compare(query: string, as = world.desk.hq): Promise<CompareReport> {
  const answer = await read(`/api/desk/compare?${query}`, as)
  expect(answer.status).toBe(200)
  return (await answer.json()) as CompareReport
}

test('places come with thirteen periods, and those before the first record have no data', async () => {
  const { stores } = world
  const report = await compare(`period=2026-11&s=${stores.n1}&s=${stores.s1}`)
  expect(report.periods).toHaveLength(13)
  expect([report.periods[0], report.periods[12]]).toEqual(['2025-11', '2026-11'])
  expect([report.before, report.over]).toEqual(['2026-10', false])
  const visits = report.places.map(({ scope, lines }) => [scope, lines.visits.values])
  const nothing = Array.from({ length: 12 }, () => null)
  expect(visits.sort()).toEqual(
    [
      [stores.n1, [...nothing, 4]],
      [stores.s1, [...nothing, 3]],
    ].sort(),
  )
  expect(report.places.map((place) => place.before.visits)).toEqual([null, null])
})

test('the newest period holds what the table of the same period holds', async () => {
  const { places, coverage } = await compare('period=2026-11&vs=year')
  const table = (await (await read('/api/desk/stores?period=2026-11')).json()) as StoresReport
  for (const row of table.rows.filter((one) => (one.now.visits ?? 0) > 0))
    expect(places.find((place) => place.scope === row.scope)?.now).toEqual(row.now)
  expect(coverage).toEqual({ fresh: 2, stores: 2 }) // Nothing is awaited of N2.
})

test('a region sees its own stores by name, and peers of the chain as numbers only', async () => {
  const report = await compare('period=2026-11', world.desk.regional)
  const text = JSON.stringify(report)
  expect(report.places.map((place) => place.name).sort()).toEqual(['N1', 'N2', 'North'])
  expect(text).not.toContain(world.stores.s1)
  expect(report.groups.map(({ key, stores }) => [key, stores])).toEqual([['all', 3]])
  const outside = `/api/desk/compare?period=2026-11&s=${world.stores.n1}&s=${world.stores.s1}`
  expect((await read(outside, world.desk.regional)).status).toBe(404)
})

test('a store whose tablet has been silent for days inside the period is stale', async () => {
  const { time, stores } = world
  time.now += 4 * DAY
  const report = await compare('period=2026-11')
  time.now -= 4 * DAY
  const stale = report.places.filter((place) => place.stale).map((place) => place.scope)
  expect(stale.sort()).toEqual([stores.n1, stores.s1].sort())
  expect(report.coverage).toEqual({ fresh: 0, stores: 2 })
})

test('in days that have just begun, a store that nobody has visited yet is no less fresh', async () => {
  const { time } = world
  time.now += DAY
  const report = await compare('period=2026-11-17..2026-11-20')
  time.now -= DAY
  expect(report.over).toBe(false)
  expect(report.places.map(({ now }) => now.visits)).toEqual(report.places.map(() => null))
  expect(report.coverage).toEqual({ fresh: 2, stores: 2 })
})

test('a funnel is that of the chain, its points are those of the reader', async () => {
  const path = '/api/desk/funnel?period=2026-11&rate=identified_rate'
  const report = (await (await read(path, world.desk.regional)).json()) as FunnelReport
  expect(report.funnel).toMatchObject({ mean: 5 / 7, stores: 2 })
  expect(report.points.map(({ name, x, n }) => [name, x, n])).toEqual([['N1', 3, 4]])
  expect(report.left_out.map((store) => store.name)).toEqual(['N2'])
})

test('tags of a store are told to whom may read it', async () => {
  const path = `/api/desk/stores/${world.stores.n1}/tags`
  const mix = (await (await read(path)).json()) as TagMixReport
  expect(mix.customers).toBe(3)
  const other = `/api/desk/stores/${world.stores.s1}/tags`
  expect((await read(other, world.desk.regional)).status).toBe(404)
})

test('who recorded what at a store is told to whom may read it, without what was taken back', async () => {
  const { n1 } = world.tablets
  const { store_id } = n1
  const record_id = v7()
  const visit = { store_id, kind: 'visit', record_id }
  const payload = { customer_id: null, home_store_id: null, purpose: 'browse', count: 40 }
  await pushDrafts(n1, world.staff.clerk, [
    { ...visit, type: 'visit', payload },
    { ...visit, type: 'void', payload: {} },
  ])
  const path = `/api/desk/stores/${world.stores.n1}/staff?period=`
  const staffIn = async (period: string, as = world.desk.regional) =>
    ((await (await read(path + period, as)).json()) as StaffReport).staff
  const { clerk } = world.staff
  const [person, ...others] = await staffIn('2026-11')
  expect(others).toEqual([])
  expect(person).toMatchObject({ staff_id: clerk, days: 1, visits: 3, tallied: 1, enrolled: 3 })
  expect(person?.name).not.toBe('')
  expect(await staffIn('2026-10')).toEqual([])
  const other = `/api/desk/stores/${world.stores.s1}/staff?period=2026-11`
  expect((await read(other, world.desk.regional)).status).toBe(404)
  expect((await read(path)).status).toBe(400)
})

test('a query that makes no sense is answered with what is wrong in it', async () => {
  const { n1 } = world.stores
  const many = Array.from({ length: 9 }, () => `s=${v7()}`).join('&')
  const wrong: [string, string][] = [
    ['/api/desk/compare', 'period'],
    ['/api/desk/compare?period=2026-11&periods=1', 'periods'],
    ['/api/desk/compare?period=2026-11&vs=best', 'vs'],
    [`/api/desk/compare?period=2026-11&${many}`, 's'],
    [`/api/desk/compare?period=2026-11&s=${n1}&s=n2`, 's'],
    ['/api/desk/funnel?period=2026-11&rate=luck', 'rate'],
  ]
  for (const [path, detail] of wrong) {
    const answer = await read(path)
    const problem = (await answer.json()) as Problem
    expect([answer.status, problem.code, problem.detail]).toEqual([400, 'malformed', detail])
  }
})
