// Who may see whose score, and who may say what counts.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 } from 'uuid'
import type { ScoreReport, ScoreTraceReport } from '#model/report-score.ts'
import { defaultWeights } from '#model/score/components.ts'
import { openWorld, problemOf, type World } from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const SCORE = '/api/desk/score?period=2026-10'
const read = (path: string, as = world.desk.hq) => world.ask('GET', path, { as })
const reportOf = async (answer: Response) => (await answer.json()) as ScoreReport
const draft = { ...defaultWeights(), retained_rate: 10, identified_rate: 20 }
const set = (weights: object, as = world.desk.hq) =>
  world.ask('POST', '/api/desk/score/weights', { as, body: { weights } })

test('a reader sees the stores of their scope, and how many there are besides', async () => {
  const { n1, n2, s1 } = world.stores
  const whole = await reportOf(await read(SCORE))
  expect(whole.rows.map(({ scope }) => scope).sort()).toEqual([n1, n2, s1].sort())
  // Nobody ever worked on any tablet: there is nothing to be ranked by, and it is said why.
  expect(whole.counts).toEqual({ ranked: 0, stale: 3, few_facts: 0 })
  const region = await reportOf(await read(SCORE, world.desk.regional))
  expect(region.rows.map(({ scope }) => scope).sort()).toEqual([n1, n2].sort())
  const own = await reportOf(await read(SCORE, world.desk.manager))
  expect(own.rows.map(({ scope }) => scope)).toEqual([n1])
  expect(own.counts).toEqual(whole.counts)
  expect((await read(SCORE, world.tablets.n1.cookie)).status).toBe(401)
})

test('a trace of another region’s store is not there', async () => {
  const trace = (store: string) => `/api/desk/score/${store}/trace?period=2026-10`
  const answer = await read(trace(world.stores.s1))
  const { row, lines } = (await answer.json()) as ScoreTraceReport
  expect([row.name, lines]).toEqual(['S1', []])
  expect((await read(trace(world.stores.s1), world.desk.regional)).status).toBe(404)
  expect((await read(trace(v7()))).status).toBe(404)
  expect((await read(trace('chain'))).status).toBe(404)
})

test('a query that names no period or no weights is answered with its name', async () => {
  expect(await problemOf(await read('/api/desk/score'))).toEqual([400, 'malformed', 'period'])
  for (const weights of ['100', '50-50-10', 'all', `${'1-'.repeat(200)}1`])
    expect((await reportOrProblem(`${SCORE}&weights=${weights}`)).slice(0, 2)).toEqual(
      weights === '100' ? [200, undefined] : [400, 'malformed'],
    )
})

async function reportOrProblem(path: string) {
  const answer = await read(path)
  return answer.status === 200 ? [200, undefined] : problemOf(answer)
}

test('weights are set by headquarters alone, and everybody is told who did', async () => {
  for (const as of [world.desk.regional, world.desk.manager]) {
    expect((await set(draft, as)).status).toBe(403)
    expect((await read(`${SCORE}&weights=10-15-20-10-10-10-10-5-5-5`, as)).status).toBe(403)
  }
  expect((await set({ ...draft, referrals: 90 })).status).toBe(400)
  expect((await reportOf(await read(SCORE))).weights.set).toBeNull()
  for (const weights of [draft, defaultWeights(), draft]) {
    const answer = await set(weights)
    expect(await answer.json()).toMatchObject([{ status: 'applied' }])
  }
  const { weights } = await reportOf(await read(SCORE, world.desk.manager))
  expect(weights.weights).toEqual(draft)
  expect(weights.set).toEqual({ weights: draft, at: world.time.now, by_name: 'A hq' })
  expect(weights.in_force).toMatchObject({ retained_rate: 20, identified_rate: 40, referrals: 0 })
})
