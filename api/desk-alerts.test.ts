// What the alerts' routes take and refuse; what they answer from figures stands beside db/sql.
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testRule } from '#model/alerts/test-chain.ts'
import type { AlertsReport, MondayReport, RulesReport } from '#model/report-alerts.ts'
import { openWorld, problemOf, type World } from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const RULE = testRule({ metric: 'visits', test: 'xmr' })
const post = (path: string, body: unknown, as = world.desk.hq) =>
  world.ask('POST', path, { as, body })
const read = async <T>(path: string, as = world.desk.hq): Promise<T> => {
  const answer = await world.ask('GET', path, { as })
  expect(answer.status).toBe(200)
  return (await answer.json()) as T
}

test('headquarters writes a rule and changes it; everybody at the desk reads it', async () => {
  const id = v7()
  expect((await post('/api/desk/alert-rules', { id, rule: RULE })).status).toBe(200)
  const on = { ...RULE, state: 'on' as const, since: 1 }
  expect((await post('/api/desk/alert-rules', { id, rule: on })).status).toBe(200)
  const { rules, stores } = await read<RulesReport>('/api/desk/alert-rules', world.desk.manager)
  expect(rules).toMatchObject([{ id, state: 'on', decided: 0, is_automatic: false }])
  expect(rules[0]?.since).toBeGreaterThan(20_000) // The server's day, whatever the body says.
  expect(stores.map(({ store_id }) => store_id)).toEqual([world.stores.n1])
  const report = await read<AlertsReport>('/api/desk/alerts')
  expect(report).toMatchObject({ alerts: [], rules_on: 1 })
})

test('managers neither write rules nor meet what is not theirs', async () => {
  const { manager, regional } = world.desk
  const body = { id: v7(), rule: RULE }
  for (const as of [manager, regional])
    expect((await post('/api/desk/alert-rules', body, as)).status).toBe(403)
  expect(
    (await post('/api/desk/alert-rules/replay', { id: null, rule: RULE }, manager)).status,
  ).toBe(200)
  const monday = (store: string) => `/api/desk/monday/${store}?week=2026-W45`
  const own = await read<MondayReport>(monday(world.stores.n1), manager)
  expect(own).toMatchObject({ improved: [], slipping: [], saves: [], practice: null })
  const other = await world.ask('GET', monday(world.stores.s1), { as: manager })
  expect(other.status).toBe(404)
})

test('what is no rule, no step, no week or no alert is answered with its name', async () => {
  const rules = '/api/desk/alert-rules'
  const wrongTest = { ...RULE, test: 'funnel-95' }
  expect(await problemOf(await post(rules, { id: v7(), rule: wrongTest }))).toEqual([
    ...[400, 'malformed', 'test'],
  ])
  const replay = await post(`${rules}/replay`, { id: null, rule: { ...RULE, min_n: -1 } })
  expect(await problemOf(replay)).toEqual([400, 'malformed', 'rule.min_n'])
  const state = (alert: string, body: object) => post(`/api/desk/alerts/${alert}/state`, body)
  const step = { state: 'acknowledged', note: '', task: null }
  expect((await state(v7(), step)).status).toBe(404)
  expect((await state('nonsense', step)).status).toBe(404)
  expect(await problemOf(await state(v7(), { ...step, state: 'open' }))).toEqual([
    ...[400, 'malformed', 'state'],
  ])
  for (const [path, detail] of [
    ['/api/desk/alerts?state=loud', 'state'],
    [`/api/desk/monday/${world.stores.n1}?week=2026-11`, 'week'],
  ] as const)
    expect(await problemOf(await world.ask('GET', path, { as: world.desk.hq }))).toEqual([
      ...[400, 'malformed', detail],
    ])
  for (const path of ['/api/desk/alerts/nonsense', `/api/desk/monday/${v7()}`])
    expect((await world.ask('GET', path, { as: world.desk.hq })).status).toBe(404)
  const ahead = `/api/desk/monday/${world.stores.n1}?week=2030-W01`
  expect((await world.ask('GET', ahead, { as: world.desk.hq })).status).toBe(404)
})
