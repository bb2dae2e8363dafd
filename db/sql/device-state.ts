import { and, eq } from 'drizzle-orm'
import type { Session } from '#model/access.ts'
import { type DeviceHead, firstHash } from '#model/op.ts'
import type { Health } from '#model/protocol.ts'
import { textFault } from '#model/text.ts'
import { LedgerError } from './errors.ts'
import type { Db } from './engine.ts'
import { keptQuery } from './kept-query.ts'
import type { Ledger } from './ledger.ts'

export type DeviceColumns = Ledger['t']['deviceState']['$inferSelect']

/** The device's row, locked: one push of a device at a time. */
export async function lockDevice(ledger: Ledger, db: Db, session: Session): Promise<DeviceColumns> {
  const { book, device_id } = session
  const [row] = await selectLocked(ledger, db, { book, device_id })
  if (!row) throw new LedgerError('unknown-device', `no device ${session.device_id}`)
  return row
}

const selectLocked = keptQuery((ledger, db, of: { book: string; device_id: string }) =>
  ledger.forUpdate(db.select().from(ledger.t.deviceState).where(whereDevice(ledger, of))),
)

export function whereDevice(ledger: Ledger, session: Pick<Session, 'book' | 'device_id'>) {
  const { deviceState } = ledger.t
  return and(eq(deviceState.store_id, session.book), eq(deviceState.device_id, session.device_id))
}

export function headOfDevice(row: DeviceColumns): DeviceHead {
  return { n: row.last_n, op_id: row.last_op_id, hash: row.last_hash }
}

export async function addDeviceState(
  ledger: Ledger,
  db: Db,
  book: string,
  deviceId: string,
): Promise<void> {
  await db.insert(ledger.t.deviceState).values({
    store_id: book,
    device_id: deviceId,
    epoch: ledger.ports.uuid(),
    last_n: 0,
    last_op_id: null,
    last_hash: firstHash(deviceId),
  })
}

export async function saveHead(
  ledger: Ledger,
  db: Db,
  session: Session,
  head: DeviceHead,
  more: Partial<DeviceColumns> = {},
): Promise<void> {
  const moved = { last_n: head.n, last_op_id: head.op_id, last_hash: head.hash }
  await saveDevice(ledger, db, session, { ...moved, ...more })
}

/** Writes some columns of a device's row. */
export async function saveDevice(
  ledger: Ledger,
  db: Db,
  session: Session,
  columns: Partial<DeviceColumns>,
): Promise<void> {
  await db.update(ledger.t.deviceState).set(columns).where(whereDevice(ledger, session))
}

/** A word of the device as the ledger can keep it; what is no text of ours is not kept. */
function wordOf(text: string | null | undefined): string | null {
  return text !== null && text !== undefined && textFault(text) === null ? text : null
}

function bounded(value: number | null | undefined): number | null {
  const limit = Number.MAX_SAFE_INTEGER
  return value === null || value === undefined ? null : Math.max(-limit, Math.min(limit, value))
}

/** The time that the device's own clock showed at its last contact; null before the first. */
function lastClientNow({ last_push_at, last_pull_at, clock_offset_ms }: DeviceColumns) {
  const times = [last_push_at, last_pull_at].flatMap((at) => at ?? [])
  return times.length === 0 ? null : Math.max(...times) - (clock_offset_ms ?? 0)
}

/**
 * Whether the device lost work that it had reported and never sent: its storage was set back, and
 * its numbers begin anew from where the server stands or behind it. A report that was written
 * before the last one only came late. Below the server's own count it is a fork.
 */
export function isSetBack(health: Health, before: DeviceColumns): boolean {
  const last = lastClientNow(before)
  const isNewer = last !== null && health.client_now > last
  return isNewer && health.max_n < (before.max_n ?? 0) && health.max_n >= before.last_n
}

/**
 * What the device has not sent yet. A report that knows less than one before came late, or its
 * device is about to be renewed: what was said before is kept, because a loss is told by it.
 */
function unsentColumns(health: Health, before: DeviceColumns): Partial<DeviceColumns> {
  if (health.max_n < (before.max_n ?? 0) && !isSetBack(health, before)) return {}
  return {
    max_n: bounded(health.max_n),
    unsent: bounded(health.unsent),
    oldest_unsent_at: bounded(health.oldest_unsent_at),
    newest_unsent_at: bounded(health.newest_unsent_at),
    unsent_by: health.unsent_by ?? null,
  }
}

/** The columns that a health report fills; the clock's offset is measured at receipt. */
export function healthColumns(
  health: Health,
  before: DeviceColumns,
  now: number,
): Partial<DeviceColumns> {
  return {
    ...unsentColumns(health, before),
    app_version: wordOf(health.app_version),
    persisted: health.persisted,
    usage_bytes: bounded(health.usage_bytes),
    quota_bytes: bounded(health.quota_bytes),
    clock_offset_ms: bounded(now - health.client_now),
    installed: health.installed ?? null,
    download: health.download ?? null,
    reopens: bounded(health.reopens),
    trouble: wordOf(health.trouble),
    erasing: bounded(health.erasing),
    downloaded: health.downloaded ?? null,
  }
}
