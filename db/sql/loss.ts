import { and, desc, eq, gt, lt, ne, or } from 'drizzle-orm'
import { mayReadStore, type Scope } from '#model/access.ts'
import { MISSING_AFTER_MS } from '#model/device.ts'
import { uuidFromBytes } from '#model/id.ts'
import type { Loss } from '#model/loss.ts'
import type { Health } from '#model/protocol.ts'
import { type DeviceColumns, isSetBack } from './device-state.ts'
import type { Db } from './engine.ts'
import { Feeds, writeFeeds } from './feeds.ts'
import type { Ledger } from './ledger.ts'
import { upsertRows } from './rows.ts'

// What never arrived, on the record: which numbers, written when and by whom, as far as the device
// had told. An entry ends when the ops come after all, or when a person accepts it.

const LOSSES_MAX = 500

/** Writes losses and tells the devices of their stores. */
export async function saveLosses(
  ledger: Ledger,
  db: Db,
  losses: readonly Loss[],
  at: number,
): Promise<void> {
  await upsertRows(db, ledger.t.loss, ['store_id', 'id'], losses)
  const feeds = new Feeds()
  for (const loss of losses) feeds.put(loss.store_id, loss.id, 'loss', loss)
  await writeFeeds(ledger, db, feeds, at)
}

/** Opens an entry for work that a device had reported unsent and holds no longer. */
export async function noteSetBack(
  ledger: Ledger,
  db: Db,
  before: DeviceColumns,
  health: Health,
  now: number,
): Promise<void> {
  if (!isSetBack(health, before)) return
  const loss: Loss = {
    id: ledger.ports.uuid(),
    store_id: before.store_id,
    device_id: before.device_id,
    cause: 'restored',
    from_n: Math.max(health.max_n, before.last_n) + 1,
    to_n: before.max_n ?? 0,
    from_at: before.oldest_unsent_at,
    to_at: before.newest_unsent_at,
    staff_ids: before.unsent_by ?? [],
    found_at: now,
    state: 'open',
    closed_at: null,
  }
  await saveLosses(ledger, db, [loss], now)
}

/** The stored losses of a device, open and closed. */
export function lossesOfDevice(
  ledger: Ledger,
  db: Db,
  storeId: string,
  deviceId: string,
): Promise<Loss[]> {
  const { loss } = ledger.t
  return db
    .select()
    .from(loss)
    .where(and(eq(loss.store_id, storeId), eq(loss.device_id, deviceId)))
    .orderBy(loss.from_n)
}

/** Losses of the stores in scope, newest first; open ones with those of silent devices. */
export async function lossesOf(
  ledger: Ledger,
  scope: Scope,
  state: 'open' | 'closed',
  now: number,
): Promise<Loss[]> {
  const { loss, store } = ledger.t
  const rows = await ledger.db
    .select({ loss, region_id: store.region_id })
    .from(loss)
    .innerJoin(store, eq(store.id, loss.store_id))
    .where(state === 'open' ? eq(loss.state, 'open') : ne(loss.state, 'open'))
    .orderBy(desc(loss.found_at), desc(loss.id))
  const stored = rows
    .filter((row) => mayReadStore(scope, row.loss.store_id, row.region_id))
    .map((row) => row.loss)
  const silent = state === 'open' ? await silentLosses(ledger, scope, now) : []
  return [...stored, ...silent].sort((a, b) => b.found_at - a.found_at).slice(0, LOSSES_MAX)
}

/** The same silence always has the same id, so that it can be accepted once. */
function silentId(ledger: Ledger, deviceId: string, from: number, to: number): string {
  const hex = ledger.ports.sha256(`silent\n${deviceId}\n${from}\n${to}`)
  return uuidFromBytes(
    Uint8Array.from({ length: 16 }, (_, at) => parseInt(hex.slice(2 * at, 2 * at + 2), 16)),
  )
}

/**
 * Losses that nothing was written of: tablets that were last heard of days ago, holding work.
 * They end by themselves when the tablet comes back, so they are found and not stored.
 */
export async function silentLosses(
  ledger: Ledger,
  scope: Scope,
  now: number,
  db: Db = ledger.db,
): Promise<Loss[]> {
  const { device, deviceState, store, loss } = ledger.t
  const since = now - MISSING_AFTER_MS
  const rows = await db
    .select({ state: deviceState, region_id: store.region_id })
    .from(deviceState)
    .innerJoin(device, eq(device.id, deviceState.device_id))
    .innerJoin(store, eq(store.id, deviceState.store_id))
    .where(
      and(
        eq(device.role, 'tablet'),
        gt(deviceState.unsent, 0),
        or(lt(deviceState.last_push_at, since), lt(deviceState.last_pull_at, since)),
      ),
    )
    .orderBy(deviceState.device_id)
  const accepted = await db
    .select({ id: loss.id })
    .from(loss)
    .where(and(eq(loss.cause, 'silent'), ne(loss.state, 'open')))
  const known = new Set(accepted.map((row) => row.id))
  return rows
    .filter(({ state, region_id }) => mayReadStore(scope, state.store_id, region_id))
    .flatMap(({ state }) => silentLoss(ledger, state, now) ?? [])
    .filter((one) => !known.has(one.id))
}

/** A report is made before the push that carries it: what it calls unsent may have come with it. */
function silentLoss(ledger: Ledger, state: DeviceColumns, now: number): Loss | null {
  const { store_id, device_id } = state
  const seenAt = Math.max(state.last_push_at ?? 0, state.last_pull_at ?? 0)
  const [from_n, to_n] = [state.last_n + 1, state.max_n ?? 0]
  if (to_n < from_n || now - seenAt <= MISSING_AFTER_MS) return null
  return {
    id: silentId(ledger, device_id, from_n, to_n),
    store_id,
    device_id,
    cause: 'silent',
    from_n,
    to_n,
    from_at: state.oldest_unsent_at,
    to_at: state.newest_unsent_at,
    staff_ids: state.unsent_by ?? [],
    found_at: seenAt + MISSING_AFTER_MS,
    state: 'open',
    closed_at: null,
  }
}
