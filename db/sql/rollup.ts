import { and, asc, eq, gte, inArray, lt } from 'drizzle-orm'
import { dayFromCivil, civilFromDay, monthStart } from '#model/calendar.ts'
import { HOME } from '#model/fold.ts'
import { CHAIN } from '#model/id.ts'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { chunksOf, upsertRows } from './rows.ts'

// Region and chain figures are derived from the books, per dirty day, and written only where they
// changed. Nothing is ever incremented across stores: that row would be hot, and a fault in it
// would stay.

type FigureRow = Ledger['t']['metricDay']['$inferSelect']

/** The region of each store. */
type Regions = ReadonlyMap<string, string | null>

/** Sums by `scope|metric`. */
type Sums = Map<string, number>

function add(sums: Sums, scope: string, metric: string, value: number): void {
  const key = `${scope}|${metric}`
  sums.set(key, (sums.get(key) ?? 0) + value)
}

/**
 * The scopes that a book's row counts for. Figures of the home add up over stores, regions and the
 * chain. Visitors have a row per scope; the chain's, read per book, are also the customers of that
 * home who were seen anywhere.
 */
function spread(sums: Sums, row: FigureRow, regions: Regions): void {
  const { store_id, scope, metric, value } = row
  const region = regions.get(store_id) ?? null
  const move = /^((?:value_)?transfer_(?:in|out)):(.+)$/.exec(metric)
  if (move) {
    // Within a region nobody came or went, and never within the chain.
    const [, flow = '', other = ''] = move
    add(sums, store_id, flow, value)
    if (region !== null && regions.get(other) !== region) add(sums, region, flow, value)
    return
  }
  if (scope === HOME) {
    add(sums, store_id, metric, value)
    if (region !== null) add(sums, region, metric, value)
    add(sums, CHAIN, metric, value)
    return
  }
  add(sums, scope, metric, value)
  if (scope !== CHAIN) return
  const seen = metric.replace('visitors', 'customers')
  add(sums, store_id, seen, value)
  if (region !== null) add(sums, region, seen, value)
  add(sums, CHAIN, seen, value)
}

/** Identified visits of a store's day count for the rate only where there was a tally that day. */
function tallied(rows: readonly FigureRow[]): FigureRow[] {
  const withTally = new Set(
    rows
      .filter((row) => row.metric === 'anonymous' && row.value > 0)
      .map((row) => `${row.store_id}|${row.day}`),
  )
  return rows
    .filter((row) => row.metric === 'identified' && withTally.has(`${row.store_id}|${row.day}`))
    .map((row) => ({ ...row, metric: 'identified_tallied' }))
}

async function regionsOfStores(ledger: Ledger, db: Db): Promise<Regions> {
  const { store } = ledger.t
  const rows = await db.select({ id: store.id, region: store.region_id }).from(store)
  return new Map(rows.map((row) => [row.id, row.region]))
}

async function rollDays(ledger: Ledger, db: Db, days: number[], regions: Regions) {
  const { metricDay, rollupDay } = ledger.t
  const rows = await db.select().from(metricDay).where(inArray(metricDay.day, days))
  const byDay = Map.groupBy([...rows, ...tallied(rows)], (row) => row.day)
  const known = await db.select().from(rollupDay).where(inArray(rollupDay.day, days))
  const standing = new Map(known.map((row) => [`${row.day}|${row.scope}|${row.metric}`, row.value]))
  const changed = []
  for (const day of days) {
    const sums: Sums = new Map()
    for (const row of byDay.get(day) ?? []) spread(sums, row, regions)
    for (const [key, value] of sums) {
      const was = standing.get(`${day}|${key}`)
      standing.delete(`${day}|${key}`)
      if (was === value || (was === undefined && value === 0)) continue
      const [scope = '', metric = ''] = key.split('|')
      changed.push({ scope, day, metric, value })
    }
  }
  for (const [key, value] of standing) {
    const [day, scope = '', metric = ''] = key.split('|')
    if (value !== 0) changed.push({ scope, day: Number(day), metric, value: 0 })
  }
  await upsertRows(db, rollupDay, ['scope', 'day', 'metric'], changed.sort(byScope))
}

function byScope<T extends { scope: string; metric: string }>(a: T, b: T): number {
  return a.scope === b.scope ? (a.metric < b.metric ? -1 : 1) : a.scope < b.scope ? -1 : 1
}

function monthEnd(first: number): number {
  const { year, month } = civilFromDay(first)
  return dayFromCivil(year, month + 1, 1)
}

/** Openings of stocks from the books (`open:`), and sums of the month's days (`sum:`). */
async function rollMonth(ledger: Ledger, db: Db, month: number, regions: Regions) {
  const { metricMonth, rollupDay, rollupMonth } = ledger.t
  const sums: Sums = new Map()
  const openings = await db.select().from(metricMonth).where(eq(metricMonth.day, month))
  for (const row of openings) spread(sums, { ...row, metric: `open:${row.metric}` }, regions)
  const days = await db
    .select()
    .from(rollupDay)
    .where(and(gte(rollupDay.day, month), lt(rollupDay.day, monthEnd(month))))
  for (const { scope, metric, value } of days) add(sums, scope, `sum:${metric}`, value)
  const known = await db.select().from(rollupMonth).where(eq(rollupMonth.month, month))
  const standing = new Map(known.map((row) => [`${row.scope}|${row.metric}`, row.value]))
  for (const key of standing.keys()) if (!sums.has(key)) sums.set(key, 0)
  const changed = [...sums]
    .filter(([key, value]) => (standing.get(key) ?? 0) !== value)
    .map(([key, value]) => {
      const [scope = '', metric = ''] = key.split('|')
      return { scope, month, metric, value }
    })
  await upsertRows(db, rollupMonth, ['scope', 'month', 'metric'], changed.sort(byScope))
}

const DAYS_AT_ONCE = 31

/** Takes dirty marks away first: a push that commits meanwhile marks its days anew. */
async function takeDirty(ledger: Ledger, db: Db, maxDays: number) {
  const { dirtyDay } = ledger.t
  const marked = await db
    .selectDistinct({ table: dirtyDay.table, day: dirtyDay.day })
    .from(dirtyDay)
    .orderBy(asc(dirtyDay.day), asc(dirtyDay.table))
    .limit(maxDays)
  for (const table of ['d', 'm'] as const) {
    const days = marked.filter((row) => row.table === table).map((row) => row.day)
    for (const slice of chunksOf(days, 500))
      await db.delete(dirtyDay).where(and(eq(dirtyDay.table, table), inArray(dirtyDay.day, slice)))
  }
  return marked
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
 * Computes the rollups of up to `maxDays` dirty days anew, in one transaction. Returns how many
 * are left; idempotent, so it may be interrupted and repeated at any point.
 */
export async function rollUp(ledger: Ledger, maxDays = 62): Promise<number> {
  if ((await countDirty(ledger)) === 0) return 0
  await ledger.tx(async (db) => {
    const marked = await takeDirty(ledger, db, maxDays)
    const regions = await regionsOfStores(ledger, db)
    const days = marked.filter((row) => row.table === 'd').map((row) => row.day)
    for (const slice of chunksOf(days, DAYS_AT_ONCE)) await rollDays(ledger, db, slice, regions)
    const months = new Set(marked.map((row) => monthStart(row.day)))
    for (const month of [...months].sort((a, b) => a - b))
      await rollMonth(ledger, db, month, regions)
  })
  return countDirty(ledger)
}
