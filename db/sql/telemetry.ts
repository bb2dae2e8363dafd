import { sql } from 'drizzle-orm'
import type { Session } from '#model/access.ts'
import { lagBucket } from '#model/lag.ts'
import type { DeviceEvent } from '#model/fleet.ts'
import type { Health } from '#model/protocol.ts'
import { readSkip } from '#model/skip.ts'
import type { DeviceColumns } from './device-state.ts'
import type { Db } from './engine.ts'
import { addEvents, isNews, type NewEvent } from './events.ts'
import type { Ledger } from './ledger.ts'
import { noteSetBack } from './loss.ts'
import { addRows } from './rows.ts'
import type { Verdict } from './work.ts'

// What the fleet's dashboard reads, written with the contact itself: one row per device and hour,
// a few per store and hour of receipt, and events only where something changed.

export const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const SKEW_MS = 5 * 60_000
/** From this share of its room on a browser may refuse to store more. */
const FULL_SHARE = 0.9

export interface Contact {
  session: Session
  kind: 'push' | 'pull'
  /** The device as it stood before. */
  before: DeviceColumns
  /** The columns that this contact's report fills. */
  after: Partial<DeviceColumns>
  health: Health
  now: number
  verdicts: readonly Verdict[]
  stop?: { kind: 'gap' | 'fork' | 'reset'; detail: DeviceEvent['detail'] }
}

type Change = Pick<DeviceEvent, 'kind' | 'detail'>

function isSkewed(offsetMs: number | null | undefined): boolean {
  return Math.abs(offsetMs ?? 0) > SKEW_MS
}

function isFull(state: Partial<DeviceColumns>): boolean {
  return (state.usage_bytes ?? 0) > (state.quota_bytes ?? Infinity) * FULL_SHARE
}

function lastSeen({ last_push_at, last_pull_at }: DeviceColumns): number | null {
  const times = [last_push_at, last_pull_at].flatMap((at) => at ?? [])
  return times.length === 0 ? null : Math.max(...times)
}

/** What the report says otherwise than the one before it. */
function changesOf({ before, after, now, kind }: Contact): Change[] {
  const seen = lastSeen(before)
  const changes: Change[] = []
  if (kind === 'push' && before.last_push_at === null)
    changes.push({ kind: 'first-push', detail: {} })
  if (seen !== null && now - seen > DAY_MS)
    changes.push({ kind: 'back', detail: { silent_ms: now - seen } })
  if (isSkewed(before.clock_offset_ms) !== isSkewed(after.clock_offset_ms))
    changes.push({ kind: 'clock', detail: { offset_ms: after.clock_offset_ms ?? null } })
  if (before.persisted !== after.persisted || isFull(before) !== isFull(after)) {
    const { persisted = null, usage_bytes = null, quota_bytes = null } = after
    changes.push({ kind: 'storage', detail: { persisted, usage_bytes, quota_bytes } })
  }
  if (before.app_version !== null && before.app_version !== after.app_version) {
    const detail = { from: before.app_version, to: after.app_version ?? null }
    changes.push({ kind: 'version', detail })
  }
  if (before.trouble !== after.trouble)
    changes.push({ kind: 'trouble', detail: { trouble: after.trouble ?? null } })
  return changes
}

function refusedIn({ verdicts }: Contact): Verdict[] {
  return verdicts.filter(({ status }) => status === 'quarantined')
}

function skipsIn({ verdicts }: Contact): Change[] {
  return verdicts.flatMap(({ item: { op }, status }) => {
    const skip = status === 'applied' ? readSkip(op) : null
    return skip ? [{ kind: 'skip' as const, detail: { from_n: skip.from_n, to_n: op.n } }] : []
  })
}

async function writeEvents(ledger: Ledger, db: Db, contact: Contact): Promise<void> {
  const { session, now: at, stop } = contact
  const place = { store_id: session.book, device_id: session.device_id, at }
  const changes = [...changesOf(contact), ...skipsIn(contact)]
  const refused = refusedIn(contact)
  const reason = refused[0]?.refusal?.reason ?? null
  if (reason !== null) changes.push({ kind: 'refused', detail: { ops: refused.length, reason } })
  const events: NewEvent[] = changes.map((change) => ({ ...place, ...change }))
  if (stop && (await isNews(ledger, db, { ...place, ...stop }))) events.push({ ...place, ...stop })
  await addEvents(ledger, db, events)
}

async function writeHour(ledger: Ledger, db: Db, contact: Contact): Promise<void> {
  const { deviceHour } = ledger.t
  const { session, verdicts, health, now } = contact
  const fresh = verdicts.filter(({ status }) => status !== 'dup')
  const row = {
    store_id: session.book,
    device_id: session.device_id,
    hour: Math.floor(now / HOUR_MS),
    contacts: 1,
    ops: fresh.length,
    refused: refusedIn(contact).length,
    unsent_max: Math.min(health.unsent, Number.MAX_SAFE_INTEGER),
  }
  const add = (column: typeof deviceHour.ops, name: string) =>
    sql`${column} + excluded.${sql.identifier(name)}`
  const highest = sql`case when excluded.unsent_max > ${deviceHour.unsent_max}
    then excluded.unsent_max else ${deviceHour.unsent_max} end`
  await db
    .insert(deviceHour)
    .values(row)
    .onConflictDoUpdate({
      target: [deviceHour.store_id, deviceHour.device_id, deviceHour.hour],
      set: {
        contacts: add(deviceHour.contacts, 'contacts'),
        ops: add(deviceHour.ops, 'ops'),
        refused: add(deviceHour.refused, 'refused'),
        unsent_max: highest,
      },
    })
}

async function writeLag(ledger: Ledger, db: Db, { session, verdicts }: Contact): Promise<void> {
  const rows = new Map<string, { store_id: string; hour: number; bucket: number; ops: number }>()
  for (const { item, status } of verdicts) {
    if (status === 'dup') continue
    const hour = Math.floor(item.received_at / HOUR_MS)
    const bucket = lagBucket(item.received_at - item.at)
    const row = rows.get(`${hour}|${bucket}`)
    if (row) row.ops += 1
    else rows.set(`${hour}|${bucket}`, { store_id: session.book, hour, bucket, ops: 1 })
  }
  const sorted = [...rows.values()].sort((a, b) => a.hour - b.hour || a.bucket - b.bucket)
  await addRows(db, ledger.t.lagHour, ['store_id', 'hour', 'bucket'], sorted)
}

/** Notes one contact: at most two statements, and a third where something happened. */
export async function noteContact(ledger: Ledger, db: Db, contact: Contact): Promise<void> {
  await noteSetBack(ledger, db, contact.before, contact.health, contact.now)
  await writeHour(ledger, db, contact)
  await writeLag(ledger, db, contact)
  await writeEvents(ledger, db, contact)
}
