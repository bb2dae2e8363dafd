import { setImmediate } from 'node:timers/promises'
import { and, asc, eq, gte, inArray, lt, max, sql } from 'drizzle-orm'
import type { Scope } from '#model/access.ts'
import { lagPercentile } from '#model/lag.ts'
import type { SyncHour, SyncHours } from '#model/report.ts'
import { Cells, type HourRow } from './fleet-cells.ts'
import { FRESH_MS, HOUR_MS, SETTLED_AFTER_MS } from './fleet-lag.ts'
import { inScope } from './fleet-scope.ts'
import type { Ledger } from './ledger.ts'
import { chunksOf } from './rows.ts'

/** Hours of all stores in one answer at most: a larger chain gets fewer, the newest ones. */
const CELLS_MAX = 200_000
/** Stores per statement: SQLite answers at once, and others want their turn in between. */
const STORES_PER_READ = 40
const MANY_STORES = 100
const LAG_SHARE = 0.95

const kept = new WeakMap<Ledger, Cells>()

function cellsOf(ledger: Ledger): Cells {
  let cells = kept.get(ledger)
  if (!cells) kept.set(ledger, (cells = new Cells()))
  return cells
}

interface Span {
  from: number
  to: number
}

async function readContacts(ledger: Ledger, stores: readonly string[], { from, to }: Span) {
  const { deviceHour: t } = ledger.t
  const total = (column: typeof t.ops) => sql<number>`sum(${column})`.mapWith(Number)
  return ledger.db
    .select({
      store_id: t.store_id,
      hour: t.hour,
      contacts: total(t.contacts),
      ops: total(t.ops),
      refused: total(t.refused),
      unsent_max: max(t.unsent_max).mapWith(Number),
    })
    .from(t)
    .where(and(inArray(t.store_id, [...stores]), gte(t.hour, from), lt(t.hour, to)))
    .groupBy(t.store_id, t.hour)
}

/** The 95th percentile of lag by store and hour, as `store hour`. */
async function readLags(ledger: Ledger, stores: readonly string[], { from, to }: Span) {
  const { store_id, hour, bucket, ops } = ledger.t.lagHour
  const rows = await ledger.db
    .select({ store_id, hour, bucket, ops })
    .from(ledger.t.lagHour)
    .where(and(inArray(store_id, [...stores]), gte(hour, from), lt(hour, to)))
  const counts = new Map<string, Map<number, number>>()
  for (const row of rows) {
    const key = `${row.store_id} ${row.hour}`
    const known = counts.get(key)
    if (known) known.set(row.bucket, row.ops)
    else counts.set(key, new Map([[row.bucket, row.ops]]))
  }
  return new Map([...counts].map(([key, ops]) => [key, lagPercentile(ops, LAG_SHARE)]))
}

async function readHours(
  ledger: Ledger,
  stores: readonly string[],
  span: Span,
): Promise<HourRow[]> {
  const found: HourRow[] = []
  for (const slice of chunksOf(stores, STORES_PER_READ)) {
    await setImmediate()
    const contacts = await readContacts(ledger, slice, span)
    const lags = await readLags(ledger, slice, span)
    for (const row of contacts)
      found.push({ ...row, lag_p95_ms: lags.get(`${row.store_id} ${row.hour}`) ?? null })
  }
  return found
}

/** Brings what is kept of these stores up to the end of the last settled hour. */
async function settle(ledger: Ledger, stores: readonly string[], span: Span): Promise<void> {
  const cells = cellsOf(ledger)
  const missing = Map.groupBy(stores, (store) =>
    Math.max(span.from, cells.settledTo(store, span.from)),
  )
  for (const [from, group] of missing) {
    if (from >= span.to) continue
    const rows = await readHours(ledger, group, { from, to: span.to })
    cells.put(group, { from, to: span.to }, rows)
  }
}

/** Hours [from, to) of the given stores, each store's in order; null where nothing was heard. */
export async function hoursOf(
  ledger: Ledger,
  stores: readonly string[],
  { from, to }: Span,
  now: number,
): Promise<Map<string, (SyncHour | null)[]>> {
  const settledTo = Math.min(to, Math.floor((now - SETTLED_AFTER_MS) / HOUR_MS))
  await settle(ledger, stores, { from, to: settledTo })
  const cells = cellsOf(ledger)
  const hours = new Map(
    stores.map((id) => [id, cells.read(id, { from, to: Math.max(from, settledTo) })]),
  )
  const rest = { from: Math.max(from, settledTo), to }
  for (const list of hours.values()) while (list.length < to - from) list.push(null)
  for (const { store_id, hour, ...row } of await readRunning(ledger, stores, rest, now)) {
    const list = hours.get(store_id)
    if (list) list[hour - from] = row
  }
  return hours
}

/** Hours that are not over: of many stores as of a minute ago, of a few as of this moment. */
async function readRunning(
  ledger: Ledger,
  stores: readonly string[],
  span: Span,
  now: number,
): Promise<HourRow[]> {
  if (span.from >= span.to) return []
  const cells = cellsOf(ledger)
  const since = stores.length > MANY_STORES ? now - FRESH_MS : Infinity
  const stale = stores.filter((id) => cells.running(id, since, span) === null)
  cells.putRunning(stale, span, await readHours(ledger, stale, span), now)
  return stores.flatMap((id) => cells.running(id, -Infinity, span) ?? [])
}

/** Hours of one tablet. Lag is kept by store, so its is that of all tablets there. */
export async function deviceHours(
  ledger: Ledger,
  { store_id, device_id }: { store_id: string; device_id: string },
  { from, to }: Span,
): Promise<(SyncHour | null)[]> {
  const { deviceHour: t } = ledger.t
  const within = and(gte(t.hour, from), lt(t.hour, to))
  const rows = await ledger.db
    .select()
    .from(t)
    .where(and(eq(t.store_id, store_id), eq(t.device_id, device_id), within))
  const lags = await readLags(ledger, [store_id], { from, to })
  const hours: (SyncHour | null)[] = Array.from({ length: to - from }, () => null)
  for (const { hour, contacts, ops, refused, unsent_max } of rows) {
    const lag_p95_ms = lags.get(`${store_id} ${hour}`) ?? null
    hours[hour - from] = { contacts, ops, refused, unsent_max, lag_p95_ms }
  }
  return hours
}

/** Store by store, hour by hour (since 1970, `to` excluded) what was heard of its tablets. */
export async function syncHours(
  ledger: Ledger,
  scope: Scope,
  { from, to }: Span,
  now: number,
): Promise<SyncHours> {
  const { store } = ledger.t
  const { id: store_id, name: store_name, name_en: store_name_en, zone } = store
  const stores = await ledger.db
    .select({ store_id, store_name, store_name_en, zone })
    .from(store)
    .where(and(eq(store.type, 'store'), inScope(ledger, scope)))
    .orderBy(asc(store.id))
  const most = Math.max(24, Math.floor(CELLS_MAX / Math.max(1, stores.length)))
  const span = { from: Math.max(from, to - most), to }
  const ids = stores.map((row) => row.store_id)
  const hours = await hoursOf(ledger, ids, span, now)
  return { ...span, rows: stores.map((row) => ({ ...row, hours: hours.get(row.store_id) ?? [] })) }
}
