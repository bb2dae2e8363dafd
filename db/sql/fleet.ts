import { and, count, eq, inArray } from 'drizzle-orm'
import { mayReadStore, type Scope } from '#model/access.ts'
import { zoneOffsetMs } from '#model/calendar.ts'
import { deviceState as stateOf } from '#model/device.ts'
import type { RefusedOp, SyncReport } from '#model/report.ts'
import { openMinutesBetween } from '#model/store.ts'
import type { Ledger } from './ledger.ts'

const MINUTE_MS = 60_000

type StoreColumns = Ledger['t']['store']['$inferSelect']

async function refusedByDevice(ledger: Ledger): Promise<Map<string, number>> {
  const { quarantine } = ledger.t
  const rows = await ledger.db
    .select({ device: quarantine.device_id, refused: count() })
    .from(quarantine)
    .where(eq(quarantine.state, 'open'))
    .groupBy(quarantine.device_id)
  return new Map(rows.map((row) => [row.device, Number(row.refused)]))
}

function openMinutes(store: StoreColumns, since: number | null, now: number): number {
  if (since === null) return 0
  const local = (at: number) => (at + zoneOffsetMs(store.zone, at)) / MINUTE_MS
  return openMinutesBetween(store.hours ?? undefined, local(since), local(now))
}

function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b)
}

async function storesInScope(ledger: Ledger, scope: Scope): Promise<Map<string, StoreColumns>> {
  const { store } = ledger.t
  const rows = await ledger.db.select().from(store)
  const visible = rows.filter((row) => mayReadStore(scope, row.id, row.region_id))
  return new Map(visible.map((row) => [row.id, row]))
}

/** Every tablet in scope with its one state, and how many ops wait for a person's decision. */
export async function deviceStatuses(
  ledger: Ledger,
  scope: Scope,
  now: number,
): Promise<SyncReport> {
  const { device, deviceState } = ledger.t
  const stores = await storesInScope(ledger, scope)
  const refused = await refusedByDevice(ledger)
  const rows = await ledger.db
    .select()
    .from(device)
    .innerJoin(
      deviceState,
      and(eq(deviceState.store_id, device.at), eq(deviceState.device_id, device.id)),
    )
    .where(eq(device.role, 'tablet'))
    .orderBy(device.id)
  const devices = rows.flatMap(({ device: record, device_state: state }) => {
    const store = stores.get(record.at)
    if (!store) return []
    const lastSeenAt = latest(state.last_push_at, state.last_pull_at)
    const revoked = record.state !== 'active'
    const { last_push_at, last_pull_at, unsent, oldest_unsent_at, lag_ms } = state
    return [
      {
        device_id: record.id,
        name: record.name,
        store_id: store.id,
        store_name: store.name,
        region_id: store.region_id,
        state: stateOf({ revoked, lastSeenAt }, openMinutes(store, lastSeenAt, now), now),
        last_push_at,
        last_pull_at,
        unsent,
        oldest_unsent_at,
        lag_ms,
        app_version: state.app_version,
        refused: refused.get(record.id) ?? 0,
        persisted: state.persisted,
        clock_offset_ms: state.clock_offset_ms,
      },
    ]
  })
  const quarantined = devices.reduce((sum, one) => sum + one.refused, 0)
  return { devices, quarantined, generated_at: now }
}

const REFUSED_MAX = 500

/** Ops that were refused and wait, newest first, of one device or of all in scope. */
export async function refusedOps(
  ledger: Ledger,
  scope: Scope,
  deviceId: string | null,
): Promise<RefusedOp[]> {
  const { quarantine } = ledger.t
  const books = [...(await storesInScope(ledger, scope)).keys()]
  if (books.length === 0) return []
  const rows = await ledger.db
    .select()
    .from(quarantine)
    .where(
      and(
        inArray(quarantine.store_id, books.slice(0, 30_000)),
        eq(quarantine.state, 'open'),
        ...(deviceId === null ? [] : [eq(quarantine.device_id, deviceId)]),
      ),
    )
  return rows
    .sort((a, b) => b.received_at - a.received_at || b.n - a.n)
    .slice(0, REFUSED_MAX)
    .map(({ op, op_id, device_id, n, reason, detail, received_at }) => {
      const { kind, type, record_id, actor_id } = op
      return { op_id, device_id, n, kind, type, record_id, reason, detail, received_at, actor_id }
    })
}
