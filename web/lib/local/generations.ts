// The store's feed comes first as packed parts. A set of parts is stored part by part, can be
// resumed after any interruption, and takes over from the set before it in one step; the outbox is
// never touched. A first set answers from its first part on.
import type { CustomerRow } from '#model/customer.ts'
import { type Manifest, type PartPast, splitPart } from '#model/protocol.ts'
import type { Visit } from '#model/visit.ts'
import { overlayRow, readFeeds } from './apply-page.ts'
import type { Local } from './database.ts'
import { dayOfStore, newFeed, serverNow } from './device.ts'
import { readMeta, readMetas, writeMeta } from './meta.ts'
import { settle } from './outbox.ts'
import { idBytes, idsOfBytes, indexOfSet, storedParts, unpack } from './part-cache.ts'
import { withRoom } from './room.ts'
import type { LocalDatabase } from './schema.ts'
import type { OverlayRow } from './tables.ts'

const REPACK_MIN_ROWS = 4000
const REPACK_SHARE = 0.25
const REPACK_EVERY_MS = 86_400_000
/** Visits of the last days lie over the parts, so that today's list reads no part. */
const RECENT_DAYS = 2

/** A set of parts being fetched. */
export interface OpenSet {
  set: number
  /** Numbers of the parts still to be fetched. */
  missing: number[]
  /** No set is complete yet, so this one answers from its first part on. */
  isFirst: boolean
}

/** Begins a set of parts, or goes on with it; null when this set is the one that is here. */
export async function beginDownload(
  local: Local,
  feed: string,
  manifest: Manifest,
): Promise<OpenSet | null> {
  const { db } = local
  let isRestarted = false
  const begin = async (): Promise<OpenSet | null> => {
    const { download, snapshot } = await readMetas(db, ['download', 'snapshot'])
    if (snapshot && isSameSet(snapshot, manifest) && (await isWhole(db, feed))) {
      await writeMeta(db, 'snapshot', { ...snapshot, at: local.deps.now() })
      return null
    }
    const isBegun = download !== undefined && isSameSet(download.manifest, manifest)
    const next = 1 + Math.max(snapshot?.set ?? 0, download?.set ?? 0)
    const { set } = isBegun ? download : { set: next }
    if (!isBegun) await dropSets(db, (other) => other !== snapshot?.set)
    if (!isBegun) await writeMeta(db, 'download', { set, manifest })
    isRestarted = !isBegun && !snapshot && download !== undefined
    const stored = await storedParts(db, set)
    const missing = manifest.parts.map((part) => part.no).filter((no) => !stored.has(no))
    return { set, missing, isFirst: !snapshot }
  }
  const open = await db.transaction('rw', db.meta, db.part, db.part_index, begin)
  if (isRestarted) local.changes.announce({ type: 'reset' })
  return open
}

async function isWhole(db: LocalDatabase, feed: string): Promise<boolean> {
  return (await readFeeds(db))[feed]?.whole ?? false
}

function isSameSet(a: { epoch: string; seq: number }, b: { epoch: string; seq: number }): boolean {
  return a.epoch === b.epoch && a.seq === b.seq
}

async function dropSets(db: LocalDatabase, isDropped: (set: number) => boolean): Promise<void> {
  const keys = await db.part_index.toCollection().primaryKeys()
  const dropped = keys.filter(([set]) => isDropped(set))
  await db.part.bulkDelete(dropped)
  await db.part_index.bulkDelete(dropped)
}

/**
 * Stores one part. Throws when its bytes are not a part: nothing is stored then. The transaction
 * leaves the singletons alone, so that screens that read them are not held up part by part.
 */
export async function storePart(
  local: Local,
  { set, isFirst }: OpenSet,
  no: number,
  bytes: Uint8Array,
): Promise<void> {
  const { db } = local
  const { customers, past } = splitPart(bytes)
  const rows = await unpack<CustomerRow[]>(customers)
  const ids = idBytes(rows.map((row) => row.id))
  local.parts.remember(set, no, rows)
  const store = async () => {
    await db.part.put({ set, no, customers, past })
    await db.part_index.put({ set, no, ids, last: null })
  }
  await withRoom(local, () => db.transaction('rw', db.part, db.part_index, store))
  local.changes.announce({ type: 'parts', nos: isFirst ? [no] : [] })
}

/** All parts are there: they take over, and the feed goes on from their `seq`. */
export async function finishDownload(local: Local, feed: string): Promise<void> {
  const { db, deps } = local
  const tables = [db.meta, db.part, db.part_index, db.row]
  const wasFirst = await db.transaction('rw', tables, async () => {
    const { download, snapshot } = await readMetas(db, ['download', 'snapshot'])
    if (!download) return false
    const { set, manifest } = download
    const rows = manifest.parts.reduce((sum, part) => sum + part.rows, 0)
    await dropSets(db, (other) => other !== set)
    await takeOver(db, feed, manifest)
    const { epoch, seq } = manifest
    await writeMeta(db, 'snapshot', { set, epoch, seq, rows, at: deps.now() })
    await db.meta.delete('download')
    return !snapshot
  })
  local.changes.announce(wasFirst ? { type: 'parts', nos: [] } : { type: 'reset' })
  await dismissGuests(local)
  await settle(local, await db.op.where('state').anyOf('waiting', 'sent').toArray())
}

/** Visitors who are among the parts are customers of this store's feed. */
async function dismissGuests(local: Local): Promise<void> {
  const { visiting } = local.db
  for (const id of await visiting.toCollection().primaryKeys())
    if (await local.parts.find(id)) await visiting.delete(id)
}

/** Rows that the parts contain go; rows of another epoch all go. */
async function takeOver(db: LocalDatabase, feed: string, manifest: Manifest): Promise<void> {
  const feeds = await readFeeds(db)
  const known = feeds[feed] ?? newFeed(true)
  const isLater = known.whole && known.epoch === manifest.epoch
  const ofFeed = db.row.where('[feed+id]').between([feed, ''], [feed, '\uffff'])
  await ofFeed.filter((row) => !isLater || row.seq <= manifest.seq).delete()
  const cursor = isLater ? Math.max(known.cursor, manifest.seq) : manifest.seq
  // A feed to which nothing was ever written has no epoch to hold on to.
  const epoch = manifest.seq === 0 ? null : manifest.epoch
  const state = { ...known, cursor, epoch, whole: true, sweep: false }
  await writeMeta(db, 'feeds', { ...feeds, [feed]: state })
}

/** Whether so much lies over the parts that new ones are worth their download; once a day. */
export async function wantsRepack(local: Local, feed: string): Promise<boolean> {
  const { db, deps } = local
  const snapshot = await readMeta(db, 'snapshot')
  if (!snapshot || deps.now() - snapshot.at < REPACK_EVERY_MS) return false
  const rows = await db.row.where('[feed+id]').between([feed, ''], [feed, '\uffff']).count()
  return rows > REPACK_MIN_ROWS && rows > snapshot.rows * REPACK_SHARE
}

/**
 * Reads from the parts when each customer was seen last, once per part, after the customers
 * themselves can be found. Stops early when `goOn` says so; the next call goes on.
 */
export async function readLastVisits(
  local: Local,
  feed: string,
  goOn: () => boolean,
): Promise<void> {
  const { db } = local
  const snapshot = await readMeta(db, 'snapshot')
  if (!snapshot) return
  const today = (await dayOfStore(db))(await serverNow(local))
  const since = today - RECENT_DAYS + 1
  const unread = (await indexOfSet(db, snapshot.set)).filter((row) => row.last === null)
  for (const { set, no, ids } of unread) {
    if (!goOn()) return
    const part = await db.part.get([set, no])
    if (!part) return
    const past = await unpack<PartPast>(part.past)
    const customers = idsOfBytes(ids)
    const seen = customers.map((id) => latestOf(past[id]))
    const visits = Object.values(past).flatMap((of) => of.visits)
    const recent = visits.filter((visit) => visit.day >= since)
    await db.transaction('rw', db.part_index, db.row, async () => {
      await db.part_index.update([set, no], { last: Float64Array.from(seen) })
      await layOver(db, feed, recent, snapshot.seq)
    })
    tellSeen(local, customers, seen)
  }
  if (unread.length > 0) local.changes.announce({ type: 'parts', nos: [] })
}

function latestOf(past: PartPast[string] | undefined): number {
  const visits = (past?.visits ?? []).filter((visit) => !visit.void).map((visit) => visit.at)
  const times = [...visits, ...(past?.history ?? []).map((row) => row.first_at)]
  return times.length === 0 ? NaN : Math.max(...times)
}

async function layOver(db: LocalDatabase, feed: string, visits: readonly Visit[], seq: number) {
  const known = await db.row.bulkGet(visits.map((visit): [string, string] => [feed, visit.id]))
  const fresh = visits.filter((_, index) => !known[index])
  const rows = fresh.map((body): OverlayRow => {
    return overlayRow(feed, { seq, id: body.id, state: 'put', kind: 'visit', body }, 0)
  })
  await db.row.bulkPut(rows)
}

function tellSeen(local: Local, customers: readonly string[], seen: readonly number[]): void {
  const latest = customers.flatMap((id, index): [string, number][] => {
    const at = seen[index]
    return at === undefined || Number.isNaN(at) ? [] : [[id, at]]
  })
  if (latest.length > 0) local.changes.announce({ type: 'visits', latest })
}
