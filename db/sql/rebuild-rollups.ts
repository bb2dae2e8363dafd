import { eq, ne, sql } from 'drizzle-orm'
import { addFigure, figureKey, type Figures, parseFigureKey } from '#model/figures.ts'
import { monthStart } from '#model/calendar.ts'
import { HOME } from '#model/fold.ts'
import { compareFigures, type Difference } from './difference.ts'
import { countUp, versionKey } from './figure-versions.ts'
import type { Ledger } from './ledger.ts'
import { upsertRows } from './rows.ts'
import { type Amount, readRegions, spread, tallied } from './spread.ts'

// Regions and the chain, counted from all books at once.

async function readRollups(ledger: Ledger): Promise<Figures> {
  const { rollupDay, rollupMonth } = ledger.t
  const kept: Figures = new Map()
  for (const row of await ledger.db.select().from(rollupDay))
    addFigure(kept, figureKey('d', row.scope, row.day, row.metric), row.value)
  for (const row of await ledger.db.select().from(rollupMonth))
    addFigure(kept, figureKey('m', row.scope, row.month, row.metric), row.value)
  return kept
}

async function countRollups(ledger: Ledger): Promise<Figures> {
  const { metricDay, metricMonth, store } = ledger.t
  const regions = await readRegions(ledger, ledger.db)
  const sums: Figures = new Map()
  for (const { id } of await ledger.db.select({ id: store.id }).from(store)) {
    const rows = await ledger.db.select().from(metricDay).where(eq(metricDay.store_id, id))
    for (const [day, own] of Map.groupBy(rows, (row) => row.day)) {
      const value = tallied(own, 'value')
      const metric = 'identified_tallied'
      const amounts: Amount[] = [...own, { store_id: id, scope: HOME, metric, value }]
      for (const amount of amounts)
        spread(amount, regions, (scope, name, added) => {
          addFigure(sums, figureKey('d', scope, day, name), added)
          addFigure(sums, figureKey('m', scope, monthStart(day), `sum:${name}`), added)
        })
    }
    const openings = await ledger.db.select().from(metricMonth).where(eq(metricMonth.store_id, id))
    for (const row of openings)
      spread(row, regions, (scope, name, added) =>
        addFigure(sums, figureKey('m', scope, row.day, `open:${name}`), added),
      )
  }
  return sums
}

/** Writes what a recount found, and notes that the books are told in full. */
async function writeRollups(ledger: Ledger, wrong: readonly Difference[]): Promise<void> {
  const { dirtyDay, metricDay, metricMonth, rollupDay, rollupMonth, store } = ledger.t
  const rows = wrong.map(({ key, recounted }) => ({
    ...parseFigureKey(key),
    value: Number(recounted ?? 0),
  }))
  const days = rows.filter((row) => row.table === 'd')
  const months = rows.filter((row) => row.table === 'm')
  await ledger.tx(async (db) => {
    await upsertRows(
      db,
      rollupDay,
      ['scope', 'day', 'metric'],
      days.map(({ scope, day, metric, value }) => ({ scope, day, metric, value })),
    )
    await upsertRows(
      db,
      rollupMonth,
      ['scope', 'month', 'metric'],
      months.map(({ scope, day, metric, value }) => ({ scope, month: day, metric, value })),
    )
    const changed = rows.map(({ table, day }) => versionKey(table, day))
    await countUp(ledger, db, changed)
    for (const { id } of await db.select({ id: store.id }).from(store)) {
      for (const kept of [metricDay, metricMonth])
        await db
          .update(kept)
          .set({ rolled: sql`${kept.value}` })
          .where(sql`${eq(kept.store_id, id)} and ${ne(kept.value, kept.rolled)}`)
      await db.delete(dirtyDay).where(eq(dirtyDay.store_id, id))
    }
  })
}

/** Differences between the rollups and a count of all books; written away when `write` says so. */
export async function recountRollups(ledger: Ledger, write: boolean): Promise<Difference[]> {
  const wrong = compareFigures(
    'rollup',
    'chain',
    await readRollups(ledger),
    await countRollups(ledger),
  )
  if (write) await writeRollups(ledger, wrong)
  return wrong
}
