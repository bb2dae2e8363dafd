import { businessDay } from '#model/calendar.ts'
import { CHAIN } from '#model/id.ts'
import type { DeviceHead } from '#model/op.ts'
import type { Store } from '#model/store.ts'
import type { Local } from './database.ts'
import { LocalError } from './errors.ts'
import { readMeta, readMetas, writeMeta } from './meta.ts'
import type { LocalDatabase } from './schema.ts'
import type { FeedState, Trouble } from './tables.ts'

/** This tablet as the server knows it, and how far it has come. Times are null when never. */
export interface LocalDevice {
  device_id: string
  store_id: string
  name: string
  /** Epoch of the device's counter; null before the server's first answer. */
  epoch: string | null
  /** What must be added to this tablet's clock to have the server's, as last measured. */
  offset_ms: number
  head: DeviceHead
  last_push_at: number | null
  last_pull_at: number | null
  first_download: 'none' | 'partial' | 'done'
  trouble: Trouble | null
}

const DEVICE_KEYS = [
  'device',
  'head',
  'epoch',
  'clock',
  'success',
  'snapshot',
  'download',
  'trouble',
] as const

export async function getDevice(local: Local): Promise<LocalDevice | null> {
  const meta = await readMetas(local.db, DEVICE_KEYS)
  if (!meta.device || !meta.head) return null
  const { device_id, store_id, name } = meta.device
  return {
    device_id,
    store_id,
    name,
    epoch: meta.epoch ?? null,
    offset_ms: meta.clock?.offset_ms ?? 0,
    head: meta.head,
    last_push_at: meta.success?.last_push_at ?? null,
    last_pull_at: meta.success?.last_pull_at ?? null,
    first_download: meta.snapshot ? 'done' : meta.download ? 'partial' : 'none',
    trouble: meta.trouble?.code ?? null,
  }
}

/** A feed of which nothing has come yet; one that has parts is not whole without them. */
export function newFeed(hasParts: boolean): FeedState {
  return { cursor: 0, epoch: null, gen: 0, whole: !hasParts, sweep: false }
}

/** The own store's record, which the chain's feed brings. */
export async function ownStore(db: LocalDatabase, storeId: string): Promise<Store | null> {
  const row = await db.row.get([CHAIN, storeId])
  return row?.state === 'put' ? asStore(row.body) : null
}

/** Safe because reference records pass their kind's schema before they enter the feed. */
function asStore(body: unknown): Store {
  return body as Store
}

/** Gives the business day of an instant at this store; by UTC while its record has not come. */
export async function dayOfStore(db: LocalDatabase): Promise<(at: number) => number> {
  const device = await readMeta(db, 'device')
  const store = device ? await ownStore(db, device.store_id) : null
  const { zone, cutoff_minutes } = store ?? { zone: 'UTC', cutoff_minutes: 0 }
  return (at) => businessDay(at, zone, cutoff_minutes)
}

/** The clock that this tablet would show if it were right, in ms. */
export async function serverNow(local: Local): Promise<number> {
  return local.deps.now() + ((await readMeta(local.db, 'clock'))?.offset_ms ?? 0)
}

/** Today's business day at this store. Throws LocalError 'no-device' before the first pull. */
export async function getToday(local: Local): Promise<number> {
  const device = await readMeta(local.db, 'device')
  const store = device ? await ownStore(local.db, device.store_id) : null
  if (!store) throw new LocalError('no-device')
  return businessDay(await serverNow(local), store.zone, store.cutoff_minutes)
}

/**
 * Forgets the device and everything on it. Throws LocalError 'unsent' while an op was never sent:
 * the only copy of somebody's work is not thrown away by a tap.
 */
export async function removeDevice(local: Local): Promise<void> {
  const { db } = local
  await db.transaction('rw', db.tables, async () => {
    if ((await db.op.where('state').equals('waiting').count()) > 0) throw new LocalError('unsent')
    await emptyTables(local)
  })
  local.changes.announce({ type: 'reset' })
}

/**
 * Forgets the device as `removeDevice` does, because the server shut it out and has its ops up to
 * `lastN`. False, and nothing happens, while there is one that the server may not have.
 */
export async function emptyRevoked(
  local: Local,
  deviceId: string,
  lastN: number,
): Promise<boolean> {
  const { db } = local
  const isEmptied = await db.transaction('rw', db.tables, async () => {
    const { device, head } = await readMetas(db, ['device', 'head'])
    if (device?.device_id !== deviceId || head?.n !== lastN) return false
    if ((await db.op.where('state').equals('waiting').count()) > 0) return false
    await emptyTables(local)
    await writeMeta(db, 'emptied', { isTold: false })
    return true
  })
  if (isEmptied) local.changes.announce({ type: 'reset' })
  return isEmptied
}

/** Inside a transaction over all tables. */
async function emptyTables({ db, deps }: Local): Promise<void> {
  await Promise.all(db.tables.map((table) => table.clear()))
  await writeMeta(db, 'removed_at', deps.now())
}

/** Whether the server shut this tablet out and it was emptied for that. */
export async function wasEmptied({ db }: Local): Promise<boolean> {
  return (await readMeta(db, 'emptied')) !== undefined
}

/** Emptied by a person, not by the browser: it does not become a device again by itself. */
export async function wasRemoved({ db }: Local): Promise<boolean> {
  return (await readMeta(db, 'removed_at')) !== undefined
}
