import { businessDay } from '#model/calendar.ts'
import { CHAIN } from '#model/id.ts'
import { type DeviceHead, firstHash, headAfter, hashOp, type Op } from '#model/op.ts'
import type { EnrolReply } from '#model/protocol.ts'
import type { Store } from '#model/store.ts'
import type { Local } from './database.ts'
import { LocalError } from './errors.ts'
import { readMeta, readMetas, writeMeta } from './meta.ts'
import type { LocalDatabase } from './schema.ts'
import type { FeedState, OpRow, Trouble } from './tables.ts'

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

/**
 * Keeps what the enrolment answered. A tablet that is enrolled anew (after a fork or a lost
 * cookie) takes its unsent ops along: they are sealed again in the new device's name, with the
 * ids they always had, so that one the server knows already is a repetition and nothing more.
 */
export async function saveEnrolment(local: Local, reply: EnrolReply): Promise<void> {
  const { db, deps } = local
  const { device_id, store_id, name } = reply
  const now = deps.now()
  await db.transaction('rw', db.tables, async () => {
    const known = await readMeta(db, 'device')
    const isSameStore = known?.store_id === store_id
    const unsent = await db.op.where('state').anyOf('waiting', 'sent').sortBy('n')
    await db.op.clear()
    const head = await sealAgain(local, unsent, device_id)
    await writeMeta(db, 'device', { device_id, store_id, name, enrolled_at: now })
    await writeMeta(db, 'head', head)
    await writeMeta(db, 'clock', { offset_ms: reply.server_now - now, measured_at: now })
    if (!isSameStore) await forgetStore(db, store_id)
    await db.meta.bulkDelete(['epoch', 'trouble'])
  })
  local.changes.announce({ type: 'reset' })
}

/** Everything that came down for another store goes; a new first download begins. */
async function forgetStore(db: LocalDatabase, storeId: string): Promise<void> {
  const { part, part_index, row, view, recent, visiting } = db
  await Promise.all([part, part_index, row, view, recent, visiting].map((table) => table.clear()))
  await db.meta.bulkDelete(['snapshot', 'download', 'success', 'clerks'])
  await writeMeta(db, 'feeds', { [CHAIN]: newFeed(false), [storeId]: newFeed(true) })
}

async function sealAgain(
  local: Local,
  rows: readonly OpRow[],
  deviceId: string,
): Promise<DeviceHead> {
  let head: DeviceHead = { n: 0, op_id: null, hash: firstHash(deviceId) }
  const sealed = rows.map((row): OpRow => {
    const { hash: _hash, ...content } = { ...row.op, n: head.n + 1, prev: head.op_id }
    const op: Op = { ...content, hash: hashOp(content, head.hash, local.deps.sha256) }
    head = headAfter(op)
    return { ...row, n: op.n, op, state: 'waiting' }
  })
  await local.db.op.bulkPut(sealed)
  return head
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
    await Promise.all(db.tables.map((table) => table.clear()))
  })
  local.changes.announce({ type: 'reset' })
}
