import { and, count, eq, max } from 'drizzle-orm'
import type { Scope } from '#model/access.ts'
import { zoneOffsetMs } from '#model/calendar.ts'
import { deviceState as stateOf, STALE_AFTER_OPEN_MINUTES } from '#model/device.ts'
import { CHAIN } from '#model/id.ts'
import type { FeedCursor } from '#model/protocol.ts'
import type { SyncReport } from '#model/report.ts'
import { openMinutesBetween, type Store } from '#model/store.ts'
import { headOf } from './feeds.ts'
import { lagOfDay } from './fleet-lag.ts'
import { inScope } from './fleet-scope.ts'
import type { Ledger } from './ledger.ts'
import { silentLosses } from './loss.ts'

const MINUTE_MS = 60_000

/** Minutes that the store was open since; few minutes of any kind need no look at its hours. */
function openMinutes(
  store: { zone: string; hours: Store['hours'] | null },
  since: number | null,
  now: number,
): number {
  if (since === null || now - since <= STALE_AFTER_OPEN_MINUTES * MINUTE_MS) return 0
  const local = (at: number) => (at + zoneOffsetMs(store.zone, at)) / MINUTE_MS
  return openMinutesBetween(store.hours ?? undefined, local(since), local(now))
}

function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b)
}

async function refusedByDevice(ledger: Ledger): Promise<Map<string, number>> {
  const { quarantine } = ledger.t
  const rows = await ledger.db
    .select({ device: quarantine.device_id, refused: count() })
    .from(quarantine)
    .where(eq(quarantine.state, 'open'))
    .groupBy(quarantine.device_id)
  return new Map(rows.map((row) => [row.device, Number(row.refused)]))
}

export interface Lost {
  entries: number
  ops: number
}

/** Open losses by device, those included that are only silence so far. */
export async function lostByDevice(
  ledger: Ledger,
  scope: Scope,
  now: number,
): Promise<Map<string, Lost>> {
  const { loss, store } = ledger.t
  const stored = await ledger.db
    .select({ device_id: loss.device_id, from_n: loss.from_n, to_n: loss.to_n })
    .from(loss)
    .innerJoin(store, eq(store.id, loss.store_id))
    .where(and(eq(loss.state, 'open'), inScope(ledger, scope)))
  const lost = new Map<string, Lost>()
  for (const { device_id, from_n, to_n } of [
    ...stored,
    ...(await silentLosses(ledger, scope, now)),
  ]) {
    const known = lost.get(device_id) ?? { entries: 0, ops: 0 }
    lost.set(device_id, { entries: known.entries + 1, ops: known.ops + to_n - from_n + 1 })
  }
  return lost
}

/** When the server itself was last set back to a backup; null: never. */
async function restoredAt(ledger: Ledger): Promise<number | null> {
  const { deviceEvent } = ledger.t
  const [row] = await ledger.db
    .select({ at: max(deviceEvent.at) })
    .from(deviceEvent)
    .where(and(eq(deviceEvent.store_id, CHAIN), eq(deviceEvent.kind, 'restored')))
  return row?.at === null || row === undefined ? null : Number(row.at)
}

/** Every tablet in scope with its store, and what it last said of itself. */
async function tabletRows(ledger: Ledger, scope: Scope, deviceId: string | null) {
  const { device, deviceState: state, store, feedHead } = ledger.t
  const told = {
    last_push_at: state.last_push_at,
    last_pull_at: state.last_pull_at,
    unsent: state.unsent,
    oldest_unsent_at: state.oldest_unsent_at,
    newest_unsent_at: state.newest_unsent_at,
    lag_ms: state.lag_ms,
    app_version: state.app_version,
    persisted: state.persisted,
    installed: state.installed,
    clock_offset_ms: state.clock_offset_ms,
    usage_bytes: state.usage_bytes,
    quota_bytes: state.quota_bytes,
    download: state.download,
    reopens: state.reopens,
    trouble: state.trouble,
    downloaded: state.downloaded,
    emptied_at: state.emptied_at,
  }
  const { name: store_name, name_en: store_name_en, region_id, zone, hours } = store
  const { id: device_id, name, at: store_id, state: standing } = device
  const place = { device_id, name, store_id, store_name, store_name_en, region_id }
  // Apart from the others, what the answer does not hold: taking it out of thousands of rows is
  // what would cost most.
  return ledger.db
    .select({
      shown: { ...place, ...told },
      basis: { standing, zone, hours, feeds: state.feeds, erasing: state.erasing },
      head: { seq: feedHead.seq, epoch: feedHead.epoch, erased_seq: feedHead.erased_seq },
    })
    .from(device)
    .innerJoin(state, and(eq(state.store_id, device.at), eq(state.device_id, device.id)))
    .innerJoin(store, eq(store.id, device.at))
    .innerJoin(feedHead, eq(feedHead.store_id, device.at))
    .where(
      and(
        eq(device.role, 'tablet'),
        ...(deviceId === null ? [] : [eq(device.id, deviceId)]),
        inScope(ledger, scope),
      ),
    )
    .orderBy(device.id)
}

type FeedHead = Pick<Ledger['t']['feedHead']['$inferSelect'], 'seq' | 'epoch' | 'erased_seq'>
type DeviceRow = SyncReport['devices'][number]

/** Rows of a feed that a device had not when it asked; null when it never did in this epoch. */
function behindIn(head: FeedHead | null, asked: FeedCursor | undefined): number | null {
  if (!head || asked?.epoch !== head.epoch) return null
  return Math.max(0, head.seq - asked.cursor)
}

/**
 * Whether traces of somebody who was erased may lie on a device. One that never asked holds
 * nothing; one that asks from where it stood before the erasure may not have heard of it.
 */
function keepsErased(
  { last_pull_at, emptied_at }: Pick<DeviceRow, 'last_pull_at' | 'emptied_at'>,
  { erased_seq, epoch }: FeedHead,
  asked: FeedCursor | undefined,
  erasing: number | null,
): boolean {
  if (last_pull_at === null || emptied_at !== null) return false
  const hasHeard = asked?.epoch === epoch && asked.cursor >= erased_seq
  return (erased_seq > 0 && !hasHeard) || (erasing ?? 0) > 0
}

/**
 * Tablets in scope with their one state, or one of them. A replaced one has left the fleet, unless
 * ops of it are missing.
 */
export async function tabletStatuses(
  ledger: Ledger,
  scope: Scope,
  now: number,
  lost: Map<string, Lost>,
  deviceId: string | null = null,
): Promise<DeviceRow[]> {
  const refused = await refusedByDevice(ledger)
  const rows = await tabletRows(ledger, scope, deviceId)
  const chain = await headOf(ledger, ledger.db, CHAIN)
  return rows
    .filter(
      ({ basis, shown }) =>
        deviceId !== null || basis.standing !== 'replaced' || lost.has(shown.device_id),
    )
    .map(({ shown, basis, head }): DeviceRow => {
      const lastSeenAt = latest(shown.last_push_at, shown.last_pull_at)
      const revoked = basis.standing !== 'active' // A replaced one is out of use as well.
      const state = stateOf({ revoked, lastSeenAt }, openMinutes(basis, lastSeenAt, now), now)
      const { [CHAIN]: ofChain, [shown.store_id]: own } = basis.feeds ?? {}
      return {
        ...shown,
        state,
        refused: refused.get(shown.device_id) ?? 0,
        lost: lost.get(shown.device_id)?.ops ?? 0,
        behind: { store: behindIn(head, own), chain: behindIn(chain, ofChain) },
        keeps_erased: keepsErased(shown, head, own, basis.erasing),
      }
    })
}

/** Refused ops that wait for a person, of every book in scope. */
async function countRefused(ledger: Ledger, scope: Scope): Promise<number> {
  const { quarantine, store } = ledger.t
  const [row] = await ledger.db
    .select({ refused: count() })
    .from(quarantine)
    .leftJoin(store, eq(store.id, quarantine.store_id))
    .where(and(eq(quarantine.state, 'open'), inScope(ledger, scope)))
  return Number(row?.refused ?? 0)
}

/** The fleet of the scope as of `now`: every tablet, the lag of a day, and what is missing. */
export async function deviceStatuses(
  ledger: Ledger,
  scope: Scope,
  now: number,
): Promise<SyncReport> {
  const lost = await lostByDevice(ledger, scope, now)
  const devices = await tabletStatuses(ledger, scope, now, lost)
  const unsentSince = devices.flatMap((one) =>
    one.unsent !== null && one.unsent > 0 ? (one.oldest_unsent_at ?? []) : [],
  )
  const all = [...lost.values()]
  return {
    devices,
    lag: await lagOfDay(ledger, scope, now),
    oldest_unsent_at: unsentSince.reduce<number | null>((a, b) => Math.min(a ?? b, b), null),
    quarantined: await countRefused(ledger, scope),
    losses: all.reduce((sum, one) => sum + one.entries, 0),
    lost_ops: all.reduce((sum, one) => sum + one.ops, 0),
    restored_at: await restoredAt(ledger),
    generated_at: now,
  }
}
