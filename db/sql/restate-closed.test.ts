// What is at stake: a change of definitions that is read as news of customers. A closed month
// stands, and what new definitions made of it stands apart from what arrived late.
import { and, eq } from 'drizzle-orm'
import { expect } from 'vitest'
import { must } from '#model/assert.ts'
import { DAY_MS } from '#model/calendar.ts'
import { HOME } from '#model/figures.ts'
import { FIGURES_VERSION } from '#model/fold.ts'
import { monthOf } from '#model/period.ts'
import type { StatementReport } from '#model/report.ts'
import { closeMonth } from './close.ts'
import type { Ledger } from './ledger.ts'
import { rebuild } from './rebuild.ts'
import { restate } from './restate.ts'
import { readRestatements } from './restatements.ts'
import { rollUp } from './rollup.ts'
import { movementsReport, statementReport } from './statement-report.ts'
import { enrolTablet, id, makeChain, MONDAY_10AM, onBothEngines, openEmpty } from './test-ledger.ts'

const TODAY = Math.floor(MONDAY_10AM / DAY_MS)
const NOVEMBER = monthOf(TODAY)
const OCTOBER = monthOf(NOVEMBER.from - 1)
const [CLOSED_AT, LATER, RESTATED_AT] = [1, 2, 3].map((n) => MONDAY_10AM + n * 60_000) as [
  number,
  number,
  number,
]
const HEADQUARTERS = { all: true } as const
const OLD = FIGURES_VERSION - 1

/** Adds to a kept figure of a book, as an older definition of it would have. */
async function shift(
  ledger: Ledger,
  store_id: string,
  table: 'd' | 'm',
  day: number,
  metric: string,
) {
  const { metricDay, metricMonth, dirtyDay } = ledger.t
  const figures = table === 'd' ? metricDay : metricMonth
  await ledger.tx(async (db) => {
    const key = { store_id, scope: HOME, day, metric }
    const isIt = and(
      ...[eq(figures.store_id, store_id), eq(figures.scope, HOME)],
      ...[eq(figures.day, day), eq(figures.metric, metric)],
    )
    const [known] = await db.select().from(figures).where(isIt)
    if (known)
      await db
        .update(figures)
        .set({ value: known.value + 2 })
        .where(isIt)
    else await db.insert(figures).values({ ...key, value: 2, rolled: 0 })
    await db.insert(dirtyDay).values({ store_id, table, day })
  })
  while ((await rollUp(ledger)) > 0);
}

/**
 * A chain whose October was closed by definitions that knew two new customers more in the first
 * store than there are by today's; nothing was late.
 */
async function makeOlder(engine: 'sqlite' | 'postgres') {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger, stores } = chain
  const tablets = [await enrolTablet(chain, 0), await enrolTablet(chain, 2)] as const
  const come = async (which: 0 | 1, day: number, sentAt: number) => {
    const customer = id()
    const at = MONDAY_10AM - (TODAY - day) * DAY_MS
    const created = tablets[which].customer(customer, { name: 'Li' }, at)
    const visit = tablets[which].visit(customer, stores[which === 0 ? 0 : 2], at, {
      spend_minor: 500,
    })
    await tablets[which].push([created, visit], sentAt)
    while ((await rollUp(ledger)) > 0);
    return customer
  }
  await come(0, OCTOBER.from + 2, MONDAY_10AM)
  await come(1, OCTOBER.from + 5, MONDAY_10AM)
  for (const metric of ['new', 'active'])
    await shift(ledger, stores[0], 'd', OCTOBER.from + 4, metric)
  await shift(ledger, stores[0], 'm', NOVEMBER.from, 'active')
  while ((await rollUp(ledger)) > 0);
  expect(await closeMonth(ledger, chain.admin, OCTOBER, TODAY, () => CLOSED_AT)).toBeNull()
  const { figuresState } = ledger.t
  await ledger.tx((db) =>
    db.update(figuresState).set({ version: OLD }).where(eq(figuresState.id, 'chain')),
  )
  const read = (period: typeof OCTOBER, view: 'closed' | 'restated' = 'closed') =>
    statementReport(ledger, HEADQUARTERS, period, view, MONDAY_10AM)
  return { ...chain, come, read }
}

function customersOf(report: StatementReport, scope: string) {
  return must(report.rows.find((row) => row.scope === scope) ?? null, scope).customers
}

onBothEngines('what definitions change is told apart from late data', async (engine) => {
  const { ledger, stores, regions, come, read } = await makeOlder(engine)
  expect(customersOf(await read(OCTOBER), 'chain')).toMatchObject({ new: 4, closing: 4 })
  const done = await restate(ledger, () => RESTATED_AT)
  expect(done).toMatchObject({ from_version: OLD, to_version: FIGURES_VERSION, stores: 1 })
  expect(done?.figures).toBeGreaterThan(0)

  expect(customersOf(await read(OCTOBER), 'chain')).toMatchObject({ new: 4, late: 0, closing: 4 })
  expect(customersOf(await read(OCTOBER, 'restated'), 'chain')).toMatchObject({
    ...{ new: 2, late: 0, redefined: 0, closing: 2 },
  })
  const open = await read(NOVEMBER)
  expect(open.faults).toEqual([])
  for (const scope of ['chain', regions[0], stores[0]])
    expect(customersOf(open, scope), scope).toMatchObject({ late: 0, redefined: -2 })
  expect(customersOf(open, stores[2])).toMatchObject({ late: 0, redefined: 0 })
  expect(open.rows.map((row) => row.value?.late)).toEqual(open.rows.map(() => 0))
  const late = await movementsReport(ledger, HEADQUARTERS, 'chain', 'late', NOVEMBER, MONDAY_10AM)
  expect(late?.rows).toEqual([])

  await come(0, OCTOBER.from + 20, LATER)
  const after = await read(NOVEMBER)
  expect(after.faults).toEqual([])
  expect(customersOf(after, 'chain')).toMatchObject({
    ...{ opening: 4, late: 1, redefined: -2, closing: 3 },
  })
  await ledger.close()
})

onBothEngines('a restatement is kept, and noted on the periods that it changed', async (engine) => {
  const { ledger, read } = await makeOlder(engine)
  expect((await read(OCTOBER)).restatements).toEqual([])
  const done = await restate(ledger, () => RESTATED_AT)
  const kept = [{ ...done, at: RESTATED_AT, day: TODAY }]
  expect(await readRestatements(ledger)).toEqual(kept)
  for (const view of ['closed', 'restated'] as const)
    expect((await read(OCTOBER, view)).restatements).toEqual(kept)
  expect((await read(monthOf(NOVEMBER.to))).restatements).toEqual([])
  expect(await restate(ledger, () => RESTATED_AT + 1)).toBeNull()
  expect(await readRestatements(ledger)).toEqual(kept)
  expect(await rebuild(ledger, { write: false })).toEqual([])
  await ledger.close()
})

onBothEngines('a restatement that was interrupted is told from where it began', async (engine) => {
  const { ledger, stores, read } = await makeOlder(engine)
  const stood = { customers: 4, value: 1000 }
  const begun = {
    ...{ id: id(), from_version: OLD, to_version: FIGURES_VERSION, started_at: LATER },
    ...{ finished_at: null, figures: 0, stores: 0, month: OCTOBER.from, effects: {} },
    before: { chain: stood, [stores[0]]: { customers: 3, value: 500 } },
  }
  await ledger.tx((db) => db.insert(ledger.t.restatement).values(begun))
  await rebuild(ledger, { write: true }) // All was written but the end.
  expect(await readRestatements(ledger)).toEqual([])
  expect(await restate(ledger, () => RESTATED_AT)).toMatchObject({ figures: 0, stores: 0 })
  expect(await readRestatements(ledger)).toHaveLength(1)
  const open = await read(NOVEMBER)
  for (const scope of ['chain', stores[0]])
    expect(customersOf(open, scope), scope).toMatchObject({ late: 0, redefined: -2 })
  await ledger.close()
})

onBothEngines('who was heard of late stays so when definitions change', async (engine) => {
  const { ledger, come } = await makeOlder(engine)
  const late = await come(0, OCTOBER.from + 20, LATER)
  const { movement } = ledger.t
  await ledger.tx((db) => db.update(movement).set({ value_minor: 7 }))
  await restate(ledger, () => RESTATED_AT)
  const found = await movementsReport(ledger, HEADQUARTERS, 'chain', 'late', NOVEMBER, MONDAY_10AM)
  expect(found?.rows.map((row) => [row.customer_id, row.kind])).toEqual([[late, 'new']])
  await ledger.close()
})
