import { setImmediate } from 'node:timers/promises'
import { and, asc, count, eq, gt, lt, lte, max, ne } from 'drizzle-orm'
import { DAY_MS } from '#model/calendar.ts'
import type { Loss } from '#model/loss.ts'
import type { Db } from './engine.ts'
import { headOf } from './feeds.ts'
import type { Ledger } from './ledger.ts'
import { saveLosses } from './loss.ts'
import { HOUR_MS } from './telemetry.ts'

// What may be forgotten in time: tombstones that every device but the longest absent has seen, and
// telemetry. The book of ops is kept whole, because verification and replay stand on it.

export const TOMBSTONE_DAYS = 60
export const TELEMETRY_DAYS = 90

export interface Compacted {
  tombstones: number
  events: number
  hours: number
  /** Losses whose ops came after all. */
  recovered: number
}

/** Tombstones of a feed that are old enough, and the highest number among them. */
async function oldTombstones(ledger: Ledger, db: Db, storeId: string, before: number) {
  const { feedRow } = ledger.t
  const [old] = await db
    .select({ rows: count(), seq: max(feedRow.seq) })
    .from(feedRow)
    .where(isOld(ledger, storeId, before))
  return { rows: Number(old?.rows ?? 0), seq: Number(old?.seq ?? 0) }
}

function isOld(ledger: Ledger, storeId: string, before: number) {
  const { feedRow } = ledger.t
  return and(eq(feedRow.store_id, storeId), ne(feedRow.state, 'put'), lt(feedRow.at, before))
}

/**
 * Drops a feed's old tombstones and raises its floor to the highest of them: a device that stands
 * below may have missed one and starts the feed anew. The floor is written first, which locks the
 * head against pushes.
 */
async function compactFeed(ledger: Ledger, storeId: string, before: number): Promise<number> {
  const { feedHead, feedRow } = ledger.t
  if ((await oldTombstones(ledger, ledger.db, storeId, before)).rows === 0) return 0
  return ledger.tx(async (db) => {
    await ledger.forUpdate(db.select().from(feedHead).where(eq(feedHead.store_id, storeId)))
    const old = await oldTombstones(ledger, db, storeId, before)
    const head = await headOf(ledger, db, storeId)
    const floor = Math.max(head?.floor ?? 0, old.seq)
    await db.update(feedHead).set({ floor }).where(eq(feedHead.store_id, storeId))
    await db.delete(feedRow).where(isOld(ledger, storeId, before))
    return old.rows
  })
}

async function feeds(ledger: Ledger): Promise<string[]> {
  const { feedHead } = ledger.t
  const rows = await ledger.db
    .select({ id: feedHead.store_id })
    .from(feedHead)
    .orderBy(asc(feedHead.store_id))
  return rows.map((row) => row.id)
}

/** Drops the telemetry of one store, where there is any of that age. */
async function pruneTelemetry(ledger: Ledger, storeId: string, now: number) {
  const { deviceEvent, deviceHour, lagHour } = ledger.t
  const before = now - TELEMETRY_DAYS * DAY_MS
  const isOldHour = and(
    eq(deviceHour.store_id, storeId),
    lt(deviceHour.hour, Math.floor(before / HOUR_MS)),
  )
  const isOldLag = and(
    eq(lagHour.store_id, storeId),
    lt(lagHour.hour, Math.floor(before / HOUR_MS)),
  )
  const isOldEvent = and(eq(deviceEvent.store_id, storeId), lt(deviceEvent.at, before))
  const [oldHours] = await ledger.db.select({ rows: count() }).from(deviceHour).where(isOldHour)
  const [oldEvents] = await ledger.db.select({ rows: count() }).from(deviceEvent).where(isOldEvent)
  const [hours, events] = [Number(oldHours?.rows ?? 0), Number(oldEvents?.rows ?? 0)]
  if (hours + events > 0)
    await ledger.tx(async (db) => {
      await db.delete(deviceEvent).where(isOldEvent)
      await db.delete(deviceHour).where(isOldHour)
      await db.delete(lagHour).where(isOldLag)
    })
  return { hours, events }
}

/**
 * Whether all ops of a loss stand in the book of the device: a copy of it had them. A device that
 * was set back uses its numbers anew, so the ops must also be of the time that was lost.
 */
async function isRecovered(ledger: Ledger, loss: Loss): Promise<boolean> {
  const { op } = ledger.t
  const [found] = await ledger.db
    .select({ ops: count() })
    .from(op)
    .where(
      and(
        eq(op.store_id, loss.store_id),
        eq(op.device_id, loss.device_id),
        gt(op.n, loss.from_n - 1),
        lte(op.n, loss.to_n),
        ...(loss.cause === 'restored' && loss.to_at !== null
          ? [lte(op.effective_at, loss.to_at)]
          : []),
      ),
    )
  return Number(found?.ops ?? 0) === loss.to_n - loss.from_n + 1
}

async function closeRecovered(ledger: Ledger, now: number): Promise<number> {
  const { loss } = ledger.t
  const open = await ledger.db
    .select()
    .from(loss)
    .where(and(eq(loss.state, 'open'), ne(loss.cause, 'skipped')))
    .orderBy(asc(loss.store_id), asc(loss.id))
  let closed = 0
  for (const one of open) {
    if (!(await isRecovered(ledger, one))) continue
    const whole: Loss = { ...one, state: 'recovered', closed_at: now }
    await ledger.tx((db) => saveLosses(ledger, db, [whole], now))
    closed += 1
  }
  return closed
}

/**
 * Forgets what may be forgotten, one store at a time, and closes losses whose ops have come. Run
 * it once an hour; it may be interrupted and repeated at any point.
 */
export async function compact(ledger: Ledger, now: number): Promise<Compacted> {
  const result: Compacted = { tombstones: 0, events: 0, hours: 0, recovered: 0 }
  for (const storeId of await feeds(ledger)) {
    await setImmediate() // Between two stores requests are answered.
    result.tombstones += await compactFeed(ledger, storeId, now - TOMBSTONE_DAYS * DAY_MS)
    const pruned = await pruneTelemetry(ledger, storeId, now)
    result.events += pruned.events
    result.hours += pruned.hours
  }
  return { ...result, recovered: await closeRecovered(ledger, now) }
}
