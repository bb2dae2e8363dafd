// What the desk and a tablet that is online read, from facts pushed through the same API.
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PullReply, PushReply } from '#model/protocol.ts'
import type {
  HistoryReport,
  MovementsReport,
  PlaceStatement,
  ReportRow,
  StatementReport,
  StoresReport,
} from '#model/report.ts'
import { rollUp } from '#sql/rollup.ts'
import {
  customerDraft,
  MORNING,
  openWorld,
  problemOf,
  pullBody,
  pushBody,
  sealAll,
  type World,
} from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  await pushVisits(world.tablets.n1.cookie)
  while ((await rollUp(world.ledger, 100)) > 0);
})
afterAll(() => world.close())

/** Two customers of N1, one of whom comes twice on one morning. */
async function pushVisits(as: string): Promise<void> {
  const { tablets, stores, staff, time } = world
  const people = [v7(), v7()]
  const store_id = stores.n1
  const visit = (customer_id: string | undefined) => ({
    store_id,
    kind: 'visit',
    record_id: v7(),
    type: 'visit' as const,
    payload: { customer_id, home_store_id: store_id, purpose: 'buy', spend_minor: 12_50 },
  })
  const created = people.map((id, n) => customerDraft(store_id, id, `Customer ${n}`))
  const drafts = [...created, visit(people[0]), visit(people[1])]
  const first = sealAll(tablets.n1, staff.clerk, drafts, MORNING)
  const last = first.at(-1)
  const head = { n: last?.n ?? 0, op_id: last?.op_id ?? null, hash: last?.hash ?? '' }
  const second = sealAll(tablets.n1, staff.clerk, [visit(people[0])], MORNING + 3_600_000, head)
  time.now = MORNING + 2 * 3_600_000
  const body = pushBody(tablets.n1, [...first, ...second], time.now)
  const answer = await world.ask('POST', '/api/sync/push', { as, body })
  const { results } = (await answer.json()) as PushReply
  expect(results.map((result) => result.status)).toEqual(Array.from({ length: 5 }, () => 'applied'))
}

const read = (path: string, as = world.desk.hq) => world.ask('GET', path, { as })

test('what a tablet pushed stands in the rows of its store, its region and the chain', async () => {
  const report = (await (await read('/api/desk/stores?period=2026-11')).json()) as StoresReport
  expect([report.period, report.before, report.dirty_days]).toEqual(['2026-11', '2026-10', 0])
  const rowOf = (scope: string) => report.rows.find((row) => row.scope === scope)
  for (const scope of [world.stores.n1, world.regions.north, 'chain'])
    expect(rowOf(scope)).toMatchObject({
      now: { visits: 3, visitors: 2, new: 2 },
      spend_now: 37_50,
    } satisfies { now: Partial<ReportRow['now']>; spend_now: number })
  expect(rowOf(world.stores.s1)?.now.visits ?? 0).toBe(0)
})

test('the statement of a store, its region and the chain leads to the customers behind it', async () => {
  const path = '/api/desk/statement?period=2026-11'
  const report = (await (await read(path)).json()) as StatementReport
  expect([report.faults, report.dirty_days]).toEqual([[], 0])
  for (const scope of [world.stores.n1, world.regions.north, 'chain']) {
    const row = report.rows.find((one) => one.scope === scope)
    expect(row?.customers).toMatchObject({ opening: 0, new: 2, lost: 0, closing: 2 })
    expect(row?.value).toMatchObject({ opening: 0, new: 37_50, expanded: 0, closing: 37_50 })
    const alone = await read(`/api/desk/statement/${scope}?period=2026-11`)
    expect(row).toMatchObject((await alone.json()) as PlaceStatement)
    const behind = `/api/desk/statement/${scope}/movements?kind=new&period=2026-11`
    const { rows, total } = (await (await read(behind)).json()) as MovementsReport
    expect(total).toBe(2)
    expect(rows.map(({ name, value_minor }) => [name, value_minor]).sort()).toEqual([
      ['Customer 0', 25_00],
      ['Customer 1', 12_50],
    ])
  }
  const counted = `/api/desk/statement/${world.stores.n1}/customers?line=closing&period=2026-11`
  expect(await (await read(counted)).json()).toMatchObject({ total: 2, sum_minor: 37_50 })
  const lost = `/api/desk/statement/chain/movements?kind=lost&period=2027`
  expect(((await (await read(lost)).json()) as MovementsReport).total).toBe(0) // Not yet.
})

test('the history of a scope has a point per period', async () => {
  const path = `/api/desk/stores/${world.stores.n1}/history?grain=month&from=2026-09-01&to=2026-11-30`
  const { points } = (await (await read(path)).json()) as HistoryReport
  expect(points.map((point) => point.period)).toEqual(['2026-09', '2026-10', '2026-11'])
  expect(points.at(-1)?.values.visits).toBe(3)
})

test('a query that names no period, grain, day or device is answered with its name', async () => {
  const history = `/api/desk/stores/${world.stores.n1}/history`
  const wrong: [string, string][] = [
    ['/api/desk/stores', 'period'],
    ['/api/desk/stores?period=2026-13', 'period'],
    ['/api/desk/statement?period=soon', 'period'],
    ['/api/desk/statement/chain/movements?kind=went&period=2026', 'kind'],
    [`/api/desk/statement/${world.stores.n1}/customers?line=new&period=2026`, 'line'],
    [`${history}?grain=day&from=2026-01-01&to=2026-02-01`, 'grain'],
    [`${history}?grain=week&from=2026-02-30&to=2026-03-01`, 'from'],
    [`${history}?grain=week&from=2026-03-01&to=2026-02-01`, 'to'],
    [`${history}?grain=week&from=1970-01-01&to=2026-02-01`, 'to'],
    ['/api/desk/refused?device=nonsense', 'device'],
  ]
  for (const [path, detail] of wrong)
    expect(await problemOf(await read(path))).toEqual([400, 'malformed', detail])
})

test('a pull brings the pushed rows back and confirms the ops', async () => {
  const { tablets, stores, time } = world
  const body = pullBody(tablets.n1, [stores.n1], time.now)
  const answer = await world.ask('POST', '/api/sync/pull', { as: tablets.n1.cookie, body })
  const { last_n, feeds } = (await answer.json()) as PullReply
  const kinds = feeds[stores.n1]?.rows.map((row) => row.kind) ?? []
  expect([last_n, kinds.filter((kind) => kind === 'visit').length]).toEqual([5, 3])
})

test('a tablet that copies the chain’s customers one by one is slowed down', async () => {
  const as = world.tablets.s1.cookie
  const statuses: number[] = []
  for (let n = 0; n < 61; n += 1)
    statuses.push((await read(`/api/customers/${world.stores.n1}/${v7()}`, as)).status)
  expect([statuses.at(59), statuses.at(60)]).toEqual([404, 429])
  world.time.now += 60_000
  const last = await read(`/api/customers/${world.stores.n1}/${v7()}`, as)
  expect(last.status).toBe(404)
})
