// The tables of headquarters are answered from memory. What is at stake: a figure that changed in
// the ledger, by a visit, a late one, one taken back or a repair, and stays as it was on the page.
import fc from 'fast-check'
import { and, gte, inArray, lt, sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { must } from '#model/assert.ts'
import { monthStart } from '#model/calendar.ts'
import { CHAIN } from '#model/id.ts'
import type { Op } from '#model/op.ts'
import { parsePeriod } from '#model/period.ts'
import { memoryOf } from './column-memory.ts'
import { compareReport } from './compare.ts'
import { FigureColumns } from './figure-columns.ts'
import { readVersions, versionKey } from './figure-versions.ts'
import type { Ledger } from './ledger.ts'
import { rebuild } from './rebuild.ts'
import { readOrg, storesReport } from './reports.ts'
import { rollUp } from './rollup.ts'
import { statementOf, statements } from './statement.ts'
import { flowRows, levelRows, type SumRow } from './sums.ts'
import { enrolTablet, id, makeChain, MONDAY_10AM, onBothEngines, openEmpty } from './test-ledger.ts'
import { writeDrafts } from './write.ts'

const DAY = 86_400_000
const TODAY = Math.floor(MONDAY_10AM / DAY)
const OCTOBER = must(parsePeriod('2026-10'), 'a month')
const METRICS = ['identified', 'anonymous', 'spend', 'active', 'lost', 'visitors_m', 'visitors_28d']

/** Sums per scope and metric of rows that are read one by one. */
async function plainSums(ledger: Ledger, from: number, to: number): Promise<SumRow[]> {
  const { rollupDay: kept } = ledger.t
  const rows = await ledger.db
    .select({
      scope: kept.scope,
      metric: kept.metric,
      value: sql<number>`sum(${kept.value})`.mapWith(Number),
    })
    .from(kept)
    .where(and(gte(kept.day, from), lt(kept.day, to), inArray(kept.metric, METRICS)))
    .groupBy(kept.scope, kept.metric)
  return inOrder(rows)
}

/** Levels from the beginning of all days. */
async function plainLevels(ledger: Ledger, day: number, metrics: string[]): Promise<SumRow[]> {
  const rows = await plainSums(ledger, 0, day + 1)
  return rows.filter(({ metric }) => metrics.includes(metric))
}

/** A figure of nothing may stand as a nought or not at all. */
function inOrder(rows: readonly SumRow[]): SumRow[] {
  const key = ({ scope, metric }: SumRow) => `${scope}|${metric}`
  return rows.filter((row) => row.value !== 0).toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}

type Deed = 'visit' | 'late visit' | 'tally' | 'void' | 'roll up' | 'spoil and repair' | 'ask'

/** The pages of a process that keeps nothing in memory yet. */
async function pagesOf(ledger: Ledger) {
  const period = must(parsePeriod('2026-11'), 'a month')
  const asked = { period: OCTOBER, periods: 6, vs: 'prev' as const, scopes: null }
  return {
    stores: await storesReport(ledger, { all: true }, period, MONDAY_10AM),
    statements: await statements(ledger, OCTOBER, TODAY),
    compared: await compareReport(ledger, { all: true }, asked, MONDAY_10AM),
  }
}

/** What is kept equals what is read one by one; and one scope alone what it is among all. */
async function check(ledger: Ledger): Promise<void> {
  const pages = await pagesOf(ledger)
  expect(pages).toEqual(await pagesOf({ ...ledger }))
  for (const one of pages.statements)
    expect(await statementOf(ledger, one.scope, OCTOBER, TODAY)).toEqual(one)
  for (const [from, to] of [
    [TODAY - 27, TODAY + 1],
    [monthStart(TODAY) - 92, monthStart(TODAY)],
    [TODAY - 150, TODAY + 120],
  ] as const)
    expect(inOrder(await flowRows(ledger, { from, to }, METRICS))).toEqual(
      await plainSums(ledger, from, to),
    )
  for (const day of [TODAY, monthStart(TODAY) - 1, TODAY - 40])
    expect(inOrder(await levelRows(ledger, day, ['active', 'visitors_28d']))).toEqual(
      await plainLevels(ledger, day, ['active', 'visitors_28d']),
    )
}

const deed = fc.record({
  what: fc.constantFrom<Deed>(
    'visit',
    'visit',
    'late visit',
    'tally',
    'void',
    'roll up',
    'roll up',
    'spoil and repair',
    'ask',
  ),
  who: fc.nat(5),
  ago: fc.nat(120),
})

onBothEngines(
  'what is kept in memory is what the ledger holds, whatever happened',
  async (engine) => {
    const ledger = await openEmpty(engine)
    const chain = await makeChain(ledger)
    const tablet = await enrolTablet(chain, 0)
    const people = Array.from({ length: 6 }, id)
    await tablet.push(people.map((one) => tablet.customer(one, {}, MONDAY_10AM - 200 * DAY)))
    const logged: string[] = []
    const run = async ({ what, who, ago }: { what: Deed; who: number; ago: number }) => {
      const at = MONDAY_10AM - (what === 'late visit' ? 30 + ago : ago % 20) * DAY
      const push = async (op: Op) => {
        const { results } = await tablet.push([op])
        expect(results[0]?.status).toBe('applied')
      }
      if (what === 'tally') await push(tablet.visit(null, null, at, { count: 3 }))
      if (what === 'visit' || what === 'late visit') {
        const op = tablet.visit(must(people[who], 'one'), chain.stores[0], at, { spend_minor: 700 })
        logged.push(op.record_id)
        await push(op)
      }
      const gone = what === 'void' ? logged.pop() : undefined
      if (gone !== undefined)
        await push(tablet.seal({ kind: 'visit', record_id: gone, type: 'void', payload: {} }, at))
      if (what === 'spoil and repair') {
        const { metricDay } = ledger.t
        await ledger.tx((db) => db.update(metricDay).set({ value: 5 }))
        await rebuild(ledger, { write: true })
      }
      if (what !== 'ask') while ((await rollUp(ledger)) > 0);
    }
    const [deeds] = fc.sample(fc.array(deed, { minLength: 60, maxLength: 60 }), {
      seed: 7,
      numRuns: 1,
    })
    for (const one of deeds ?? []) {
      await run(one)
      await check(ledger)
    }
    const counted = (await flowRows(ledger, { from: TODAY - 200, to: TODAY + 1 }, ['identified']))
      .filter(({ scope }) => scope === CHAIN)
      .reduce((sum, { value }) => sum + value, 0)
    expect(counted).toBe(logged.length)
    expect(await rebuild(ledger, { write: false })).toEqual([])
    await ledger.close()
  },
)

onBothEngines('two processes on one database see what either of them changed', async (engine) => {
  const ledger = await openEmpty(engine)
  const chain = await makeChain(ledger)
  const tablet = await enrolTablet(chain, 0)
  const period = must(parsePeriod('2026-11'), 'a month')
  const visitsOf = async () => {
    const { rows } = await storesReport(ledger, { all: true }, period, MONDAY_10AM)
    return rows.find((row) => row.scope === CHAIN)?.now.visits
  }
  expect(await visitsOf()).toBeNull()
  for (const expected of [2, 4, 6]) {
    await tablet.push([tablet.visit(null, null, MONDAY_10AM, { count: 2 })])
    // The other process: it knows nothing of what this one keeps in memory.
    const other = { ...ledger }
    while ((await rollUp(other)) > 0);
    expect(await visitsOf()).toBe(expected)
  }
  const name = '外滩店'
  const set = { store_id: CHAIN, kind: 'store', record_id: chain.stores[0], type: 'set' as const }
  await writeDrafts(ledger, chain.admin, [{ ...set, payload: { name } }], MONDAY_10AM + 1)
  const { stores } = await readOrg(ledger)
  expect(stores.find((store) => store.id === chain.stores[0])?.name).toBe(name)
  await ledger.close()
})

onBothEngines('one answer shows a figure once, though it changes meanwhile', async (engine) => {
  const ledger = await openEmpty(engine)
  const chain = await makeChain(ledger)
  const tablet = await enrolTablet(chain, 0)
  const asking = new FigureColumns(ledger)
  await asking.load('d', [TODAY], ['anonymous'])
  await tablet.push([tablet.visit(null, null, MONDAY_10AM, { count: 2 })])
  while ((await rollUp(ledger)) > 0);
  await asking.load('d', [TODAY], ['anonymous'])
  expect([...asking.of('d', TODAY, 'anonymous')]).toEqual([])
  const later = new FigureColumns(ledger)
  await later.load('d', [TODAY], ['anonymous'])
  const number = must(later.numberOf(CHAIN), 'the chain has a figure')
  expect(later.of('d', TODAY, 'anonymous')[number]).toBe(2)
  const today = [versionKey('d', TODAY)]
  expect(await later.stampOf(today)).not.toBe(await asking.stampOf(today))
  expect(await readVersions(ledger, [versionKey('d', TODAY)])).toEqual(
    new Map([[versionKey('d', TODAY), 1]]),
  )
  await ledger.close()
})

onBothEngines('what this process rolled up is not read again', async (engine) => {
  const ledger = await openEmpty(engine)
  const tablet = await enrolTablet(await makeChain(ledger), 0)
  const today = versionKey('d', TODAY)
  const before = new FigureColumns(ledger)
  await before.load('d', [TODAY], ['anonymous', 'spend'])
  await tablet.push([tablet.visit(null, null, MONDAY_10AM, { count: 2 })])
  while ((await rollUp(ledger)) > 0);
  const memory = memoryOf(ledger)
  const grown = must(memory.find(today, 'anonymous', 1), 'a column that was grown')
  expect(grown[must(memory.numberOf(CHAIN), 'the chain has a figure')]).toBe(2)
  expect(memory.find(today, 'spend', 1)).toEqual(new Float64Array(0))
  expect([...before.of('d', TODAY, 'anonymous')]).toEqual([])
  await ledger.close()
})

onBothEngines('a column that was read while it changed is not grown twice', async (engine) => {
  const ledger = await openEmpty(engine)
  const tablet = await enrolTablet(await makeChain(ledger), 0)
  const today = versionKey('d', TODAY)
  const early = new FigureColumns(ledger)
  await early.stampOf([today])
  await tablet.push([tablet.visit(null, null, MONDAY_10AM, { count: 2 })])
  while ((await rollUp({ ...ledger })) > 0);
  await early.load('d', [TODAY], ['anonymous']) // The new figure, under the number of before.
  const growth = { scope: CHAIN, metric: 'anonymous', value: 2 }
  memoryOf(ledger).grow(new Map([[today, 1]]), new Map([[today, [growth]]]))
  const later = new FigureColumns(ledger)
  await later.load('d', [TODAY], ['anonymous'])
  const number = must(later.numberOf(CHAIN), 'the chain has a figure')
  expect(later.of('d', TODAY, 'anonymous')[number]).toBe(2)
  await ledger.close()
})
