import { and, asc, eq, inArray, lt, ne, or } from 'drizzle-orm'
import { monthStart } from '#model/calendar.ts'
import { HOME } from '#model/figures.ts'
import { memoryOf } from './column-memory.ts'
import type { Db } from './engine.ts'
import { countUp, versionKey } from './figure-versions.ts'
import type { Ledger } from './ledger.ts'
import { addRows, selectByKeys } from './rows.ts'
import { type Amount, readRegions, type Regions, spread, tallied } from './spread.ts'

// Regions and the chain follow from the books a moment later, and only where those changed: each
// book's figure says how much of it the rollups tell, and the rest is added by whoever rolls up.
// No push ever writes a row of a region or the chain: that row would be hot. What a turn costs
// depends on what changed, not on how many stores or years there are; a rebuild counts it all.

type Kept = Ledger['t']['metricDay']['$inferSelect']
type Mark = Ledger['t']['dirtyDay']['$inferSelect']

/** Sums by key. */
type Sums = Map<string, number>

function add(sums: Sums, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value)
}

/** Takes dirty marks away first: a push that commits meanwhile marks its days anew. */
async function takeDirty(ledger: Ledger, db: Db, maxMarks: number): Promise<Mark[]> {
  const { dirtyDay } = ledger.t
  const marks = await db
    .select()
    .from(dirtyDay)
    .orderBy(asc(dirtyDay.day), asc(dirtyDay.table), asc(dirtyDay.store_id))
    .limit(maxMarks)
  for (const [, group] of byDay(marks))
    for (const { table, day } of group.slice(0, 1))
      await selectByKeys(
        group.map((mark) => mark.store_id),
        async (slice) => {
          const here = and(eq(dirtyDay.table, table), eq(dirtyDay.day, day))
          await db.delete(dirtyDay).where(and(inArray(dirtyDay.store_id, slice), here))
          return []
        },
      )
  return marks
}

function byDay(marks: readonly Mark[]): Map<string, Mark[]> {
  return Map.groupBy(marks, (mark) => `${mark.table} ${mark.day}`)
}

/** Figures of some stores' day that the rollups lack in part, and what the tallied ones need. */
function readChanged(
  ledger: Ledger,
  db: Db,
  { table, day }: Mark,
  stores: readonly string[],
): Promise<Kept[]> {
  const kept = table === 'd' ? ledger.t.metricDay : ledger.t.metricMonth
  const isNews = or(ne(kept.value, kept.rolled), inArray(kept.metric, ['identified', 'anonymous']))
  return selectByKeys(stores, (slice) =>
    db
      .select()
      .from(kept)
      .where(and(inArray(kept.store_id, slice), eq(kept.day, day), isNews)),
  )
}

/** What the rollups lack of some figures of one day. */
function lacking(rows: readonly Kept[], isDay: boolean): Amount[] {
  const amounts = rows.map((row): Amount => ({ ...row, value: row.value - row.rolled }))
  if (isDay)
    for (const [store_id, own] of Map.groupBy(rows, (row) => row.store_id)) {
      const value = tallied(own, 'value') - tallied(own, 'rolled')
      amounts.push({ store_id, scope: HOME, metric: 'identified_tallied', value })
    }
  return amounts.filter((amount) => amount.value !== 0)
}

/** What is to be added to the rollups, by day and by month. */
interface Additions {
  days: Sums
  months: Sums
}

async function rollDay(
  ledger: Ledger,
  db: Db,
  marks: readonly Mark[],
  regions: Regions,
  additions: Additions,
): Promise<void> {
  const [first] = marks
  if (!first) return
  const { table, day } = first
  const isDay = table === 'd'
  const stores = marks.map((mark) => mark.store_id)
  const rows = await readChanged(ledger, db, first, stores)
  const month = isDay ? monthStart(day) : day
  for (const amount of lacking(rows, isDay))
    spread(amount, regions, (scope, metric, value) => {
      if (isDay) add(additions.days, `${scope}|${day}|${metric}`, value)
      add(additions.months, `${scope}|${month}|${isDay ? 'sum' : 'open'}:${metric}`, value)
    })
  const told = rows
    .filter((row) => row.value !== row.rolled)
    .map((row) => ({ ...row, value: 0, rolled: row.value - row.rolled }))
  const kept = isDay ? ledger.t.metricDay : ledger.t.metricMonth
  await addRows(db, kept, ['store_id', 'scope', 'day', 'metric'], told)
}

function rowsOf(sums: Sums) {
  return [...sums]
    .filter(([, value]) => value !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => {
      const [scope = '', day, metric = ''] = key.split('|')
      return { scope, day: Number(day), metric, value }
    })
}

/** Whether the rollups lack something of the days before `day`. */
export async function isBehind(ledger: Ledger, day: number): Promise<boolean> {
  const { dirtyDay } = ledger.t
  const marks = await ledger.db.select().from(dirtyDay).where(lt(dirtyDay.day, day)).limit(1)
  return marks.length > 0
}

/** Dirty days and months that are left. */
export async function countDirty(ledger: Ledger): Promise<number> {
  const { dirtyDay } = ledger.t
  const rows = await ledger.db
    .selectDistinct({ table: dirtyDay.table, day: dirtyDay.day })
    .from(dirtyDay)
  return rows.length
}

/**
 * Adds to the rollups what they lack of up to `maxMarks` days of books, in one transaction. Returns
 * how many days are left; it may be interrupted and repeated at any point.
 */
export async function rollUp(ledger: Ledger, maxMarks = 5_000): Promise<number> {
  if ((await countDirty(ledger)) === 0) return 0
  const told = await ledger.tx(async (db) => {
    const regions = await readRegions(ledger, db)
    const additions: Additions = { days: new Map(), months: new Map() }
    for (const [, marks] of byDay(await takeDirty(ledger, db, maxMarks)))
      await rollDay(ledger, db, marks, regions, additions)
    const { rollupDay, rollupMonth } = ledger.t
    const days = rowsOf(additions.days)
    const months = rowsOf(additions.months)
    await addRows(db, rollupDay, ['scope', 'day', 'metric'], days)
    const named = months.map(({ day, ...row }) => ({ ...row, month: day }))
    await addRows(db, rollupMonth, ['scope', 'month', 'metric'], named)
    const growths = new Map([
      ...Map.groupBy(days, ({ day }) => versionKey('d', day)),
      ...Map.groupBy(months, ({ day }) => versionKey('m', day)),
    ])
    return { growths, versions: await countUp(ledger, db, growths.keys()) }
  })
  memoryOf(ledger).grow(told.versions, told.growths)
  return countDirty(ledger)
}
