import { and, eq, gte, lt, max, min, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { addFigure, figureKey, type Figures, parseFigureKey } from '#model/figures.ts'
import { LONGEST_MONTH_DAYS, monthStart, monthStartsWithin } from '#model/calendar.ts'
import { HOME } from '#model/figures.ts'
import { compareFigures, type Difference } from './difference.ts'
import type { Db } from './engine.ts'
import { countUp, versionKey } from './figure-versions.ts'
import type { Ledger } from './ledger.ts'
import { upsertRows } from './rows.ts'
import { type Amount, readRegions, type Regions, spread, tallied } from './spread.ts'

// Stores, regions and the chain, counted from all books at once, month by month.

/** Days [from, to) of a month. */
interface Month {
  from: number
  to: number
}

function within(column: SQLiteColumn, { from, to }: Month) {
  return and(gte(column, from), lt(column, to))
}

/** Every month from the first to the last that a figure stands in. */
async function monthsOf(ledger: Ledger): Promise<Month[]> {
  const { metricDay, metricMonth, rollupDay, rollupMonth } = ledger.t
  const ends: number[] = []
  for (const [table, day] of [
    [metricDay, metricDay.day],
    [metricMonth, metricMonth.day],
    [rollupDay, rollupDay.day],
    [rollupMonth, rollupMonth.month],
  ] as const) {
    const [row] = await ledger.db.select({ first: min(day), last: max(day) }).from(table)
    for (const end of [row?.first, row?.last]) if (typeof end === 'number') ends.push(end)
  }
  if (ends.length === 0) return []
  const first = monthStart(Math.min(...ends))
  const starts = monthStartsWithin(first - 1, Math.max(...ends))
  return starts.map((from) => ({ from, to: monthStart(from + LONGEST_MONTH_DAYS) }))
}

async function readRollups(ledger: Ledger, db: Db, month: Month): Promise<Figures> {
  const { rollupDay, rollupMonth } = ledger.t
  const kept: Figures = new Map()
  const days = await db.select().from(rollupDay).where(within(rollupDay.day, month))
  for (const row of days) addFigure(kept, figureKey('d', row.scope, row.day, row.metric), row.value)
  const months = await db.select().from(rollupMonth).where(within(rollupMonth.month, month))
  for (const row of months)
    addFigure(kept, figureKey('m', row.scope, row.month, row.metric), row.value)
  return kept
}

interface Counted {
  sums: Figures
  /** Stores of which the rollups were told something else than the books say. */
  untold: Set<string>
}

async function countRollups(
  ledger: Ledger,
  db: Db,
  month: Month,
  regions: Regions,
): Promise<Counted> {
  const { metricDay, metricMonth } = ledger.t
  const sums: Figures = new Map()
  const days = await db.select().from(metricDay).where(within(metricDay.day, month))
  for (const [, own] of Map.groupBy(days, (row) => `${row.day} ${row.store_id}`)) {
    const [{ store_id, day } = { store_id: '', day: 0 }] = own
    const value = tallied(own, 'value')
    const metric = 'identified_tallied'
    const amounts: Amount[] = [...own, { store_id, scope: HOME, metric, value }]
    for (const amount of amounts)
      spread(amount, regions, (scope, name, added) => {
        addFigure(sums, figureKey('d', scope, day, name), added)
        addFigure(sums, figureKey('m', scope, month.from, `sum:${name}`), added)
      })
  }
  const openings = await db.select().from(metricMonth).where(within(metricMonth.day, month))
  for (const row of openings)
    spread(row, regions, (scope, name, added) =>
      addFigure(sums, figureKey('m', scope, row.day, `open:${name}`), added),
    )
  const news = [...days, ...openings].filter(({ value, rolled }) => value !== rolled)
  return { sums, untold: new Set(news.map(({ store_id }) => store_id)) }
}

/** Writes what a recount found. */
async function writeRollups(ledger: Ledger, db: Db, wrong: readonly Difference[]) {
  const { rollupDay, rollupMonth } = ledger.t
  const rows = wrong.map(({ key, recounted }) => ({
    ...parseFigureKey(key),
    value: Number(recounted ?? 0),
  }))
  const days = rows.filter((row) => row.table === 'd')
  const months = rows.filter((row) => row.table === 'm')
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
  await countUp(
    ledger,
    db,
    rows.map(({ table, day }) => versionKey(table, day)),
  )
}

/** Notes that the rollups of a month tell the books of some stores in full. */
async function noteTold(ledger: Ledger, db: Db, month: Month, untold: ReadonlySet<string>) {
  const { dirtyDay, metricDay, metricMonth } = ledger.t
  for (const id of untold)
    for (const kept of [metricDay, metricMonth])
      await db
        .update(kept)
        .set({ rolled: sql`${kept.value}` })
        .where(and(eq(kept.store_id, id), within(kept.day, month)))
  const marks = await db.select().from(dirtyDay).where(within(dirtyDay.day, month))
  for (const id of new Set(marks.map(({ store_id }) => store_id)))
    await db.delete(dirtyDay).where(and(eq(dirtyDay.store_id, id), within(dirtyDay.day, month)))
}

/** Tells the differences between the rollups and a count of all books; written away if asked. */
export async function recountRollups(
  ledger: Ledger,
  write: boolean,
  found: (difference: Difference) => void,
): Promise<void> {
  const regions = await readRegions(ledger, ledger.db)
  for (const month of await monthsOf(ledger)) {
    const check = async (db: Db) => {
      const { sums, untold } = await countRollups(ledger, db, month, regions)
      return {
        wrong: compareFigures('rollup', 'chain', await readRollups(ledger, db, month), sums),
        untold,
      }
    }
    // Counted by the transaction that writes: on SQLite no push comes in between.
    const recounted = async (db: Db) => {
      const { wrong, untold } = await check(db)
      await writeRollups(ledger, db, wrong)
      await noteTold(ledger, db, month, untold)
      return { wrong }
    }
    const { wrong } = write ? await ledger.tx(recounted) : await check(ledger.db)
    wrong.forEach(found)
  }
}
