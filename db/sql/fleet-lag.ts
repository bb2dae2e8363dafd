import { setImmediate } from 'node:timers/promises'
import { and, count, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import { mayReadStore, type Scope } from '#model/access.ts'
import { lagPercentile } from '#model/lag.ts'
import type { Lag } from '#model/report.ts'
import type { Ledger } from './ledger.ts'

// The lag of a chain's day is summed from more rows than a dashboard that is read every few
// seconds could afford. An hour that is over never changes, so its sums are kept in memory.

export const HOUR_MS = 3_600_000
const HOURS = 24
/** Pushes carry the time of their beginning: an hour is settled when none can be under way. */
export const SETTLED_AFTER_MS = 5 * 60_000
/** How old what is kept of a running hour may be, where reading it anew takes its time. */
export const FRESH_MS = 60_000
const MANY_ROWS = 5_000

/** Ops by bucket. */
type Counts = Map<number, number>

interface HourSums {
  byRegion: Map<string, Counts>
  readAt: number
  rows: number
}

const kept = new WeakMap<Ledger, Map<number, HourSums>>()

function add(counts: Counts, bucket: number, ops: number): void {
  counts.set(bucket, (counts.get(bucket) ?? 0) + ops)
}

/** Sums of one hour by region; stores without one count under ''. */
async function readHour(ledger: Ledger, hour: number, readAt: number): Promise<HourSums> {
  await setImmediate() // SQLite answers at once; others want their turn between two hours.
  const { lagHour, store } = ledger.t
  const region = sql<string>`coalesce(${store.region_id}, '')`
  const ops = sql<number>`sum(${lagHour.ops})`.mapWith(Number)
  const rows = await ledger.db
    .select({ region, bucket: lagHour.bucket, ops, rows: count() })
    .from(lagHour)
    .innerJoin(store, eq(store.id, lagHour.store_id))
    .where(eq(lagHour.hour, hour))
    .groupBy(store.region_id, lagHour.bucket)
  const byRegion = new Map<string, Counts>()
  for (const row of rows) {
    let counts = byRegion.get(row.region)
    if (!counts) byRegion.set(row.region, (counts = new Map<number, number>()))
    add(counts, row.bucket, row.ops)
  }
  return { byRegion, readAt, rows: rows.reduce((sum, row) => sum + Number(row.rows), 0) }
}

async function sumsOfHour(ledger: Ledger, hour: number, now: number): Promise<HourSums> {
  let hours = kept.get(ledger)
  if (!hours) kept.set(ledger, (hours = new Map<number, HourSums>()))
  const known = hours.get(hour)
  const isSettled = known && known.readAt >= (hour + 1) * HOUR_MS + SETTLED_AFTER_MS
  const isFresh = known && known.rows > MANY_ROWS && Math.abs(now - known.readAt) < FRESH_MS
  if (known && (isSettled || isFresh)) return known
  const sums = await readHour(ledger, hour, now)
  hours.set(hour, sums)
  for (const old of hours.keys()) if (old < hour - 2 * HOURS) hours.delete(old)
  return sums
}

/** Sums of the stores themselves, where a scope names few of them. */
async function addStores(
  ledger: Ledger,
  counts: Counts,
  storeIds: readonly string[],
  from: number,
  to: number,
): Promise<void> {
  if (storeIds.length === 0) return
  const { lagHour } = ledger.t
  const { store_id, hour, bucket } = lagHour
  const rows = await ledger.db
    .select({ bucket, ops: sql<number>`sum(${lagHour.ops})`.mapWith(Number) })
    .from(lagHour)
    .where(and(inArray(store_id, [...storeIds]), gte(hour, from), lt(hour, to)))
    .groupBy(bucket)
  for (const row of rows) add(counts, row.bucket, row.ops)
}

/** Stores that the scope names beside its region. */
async function storesBeside(ledger: Ledger, scope: Scope & { all: false }): Promise<string[]> {
  if (scope.store_ids.length === 0) return []
  const { id, region_id } = ledger.t.store
  const rows = await ledger.db
    .select({ id, region_id })
    .from(ledger.t.store)
    .where(inArray(id, [...scope.store_ids]))
  const region = { ...scope, store_ids: [] }
  return rows.filter((row) => !mayReadStore(region, row.id, row.region_id)).map((row) => row.id)
}

/** Percentiles of sensing lag over what the scope's stores handed in within 24 hours. */
export async function lagOfDay(ledger: Ledger, scope: Scope, now: number): Promise<Lag> {
  const to = Math.floor(now / HOUR_MS) + 1
  const counts: Counts = new Map()
  if (!scope.all) await addStores(ledger, counts, await storesBeside(ledger, scope), to - HOURS, to)
  if (scope.all || scope.region_id !== null)
    for (let hour = to - HOURS; hour < to; hour += 1) {
      const { byRegion } = await sumsOfHour(ledger, hour, now)
      for (const [region, sums] of byRegion)
        if (scope.all || region === scope.region_id)
          for (const [bucket, ops] of sums) add(counts, bucket, ops)
    }
  const ops = [...counts.values()].reduce((sum, one) => sum + one, 0)
  const percentile = (share: number) => lagPercentile(counts, share)
  return { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99), ops }
}
