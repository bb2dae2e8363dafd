// The store's feed comes first as packed parts. A set of parts is stored part by part, can be
// resumed after any interruption, and takes over from the set before it in one step; the outbox is
// never touched. A first set answers from its first part on.
import type { CustomerRow } from '#model/customer.ts'
import {
  type CustomersSegment,
  pastOfNobody,
  type PastSegment,
  splitPart,
  unpackCustomers,
} from '#model/part.ts'
import type { FeedRow, Manifest } from '#model/protocol.ts'
import { overlayRow, readFeeds } from './apply-page.ts'
import type { Local } from './database.ts'
import { takeDecisions } from './decisions.ts'
import { newFeed } from './device.ts'
import { noteErased, spareThoseHere } from './erased.ts'
import { unpack } from './gzip.ts'
import { opsIn } from './many.ts'
import { readMeta, readMetas, writeMeta } from './meta.ts'
import { settle } from './outbox.ts'
import { idBytes, storedParts } from './part-cache.ts'
import { withRoom } from './room.ts'
import type { LocalDatabase } from './schema.ts'
import type { Download, PartIndexRow } from './tables.ts'

const REPACK_MIN_ROWS = 2000
const REPACK_SHARE = 0.1
const REPACK_EVERY_MS = 86_400_000

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
    const isHere = snapshot && isSameSet(snapshot, manifest) && !(await hasCutParts(db))
    if (isHere && (await isWhole(db, feed))) {
      await writeMeta(db, 'snapshot', { ...snapshot, at: local.deps.now() })
      return null
    }
    const isBegun = download !== undefined && isSameSet(download.manifest, manifest)
    const next = 1 + Math.max(snapshot?.set ?? 0, download?.set ?? 0)
    const { set } = isBegun ? download : { set: next }
    if (!isBegun) await reuseParts(db, set, manifest)
    if (!isBegun) await dropSets(db, (other) => other !== snapshot?.set && other !== set)
    if (!isBegun) await writeMeta(db, 'download', { set, manifest, begun_at: local.deps.now() })
    isRestarted = !isBegun && !snapshot && download !== undefined
    const stored = await storedParts(db, set)
    const missing = manifest.parts.map((part) => part.no).filter((no) => !stored.has(no))
    return { set, missing, isFirst: !snapshot }
  }
  const open = await db.transaction('rw', db.meta, db.part, db.part_index, begin)
  if (isRestarted) local.changes.announce({ type: 'reset' })
  return open
}

async function hasCutParts(db: LocalDatabase): Promise<boolean> {
  return (await db.part_index.filter((row) => row.isCut === true).count()) > 0
}

async function isWhole(db: LocalDatabase, feed: string): Promise<boolean> {
  return (await readFeeds(db))[feed]?.whole ?? false
}

function isSameSet(a: { epoch: string; seq: number }, b: { epoch: string; seq: number }): boolean {
  return a.epoch === b.epoch && a.seq === b.seq
}

/**
 * Parts that are here under another number or in another set need not be fetched: after a server
 * was restored or packed anew, most are the same, byte for byte.
 */
async function reuseParts(db: LocalDatabase, set: number, { parts }: Manifest): Promise<void> {
  const known = new Map<string, PartIndexRow>()
  await db.part_index.each((row) => {
    if (row.sha256 !== undefined) known.set(row.sha256, row)
  })
  for (const { no, sha256 } of parts) {
    const found = known.get(sha256)
    const part = found && (await db.part.get([found.set, found.no]))
    if (!found || !part) continue
    await db.part.put({ ...part, set, no })
    await db.part_index.put({ ...found, set, no, last: null })
  }
}

async function dropSets(db: LocalDatabase, isDropped: (set: number) => boolean): Promise<void> {
  const keys = await db.part_index.toCollection().primaryKeys()
  const dropped = keys.filter(([set]) => isDropped(set))
  await db.part.bulkDelete(dropped)
  await db.part_index.bulkDelete(dropped)
}

/** A part unpacked as far as storing it needs. */
export interface ReadyPart {
  no: number
  sha256: string
  customers: Uint8Array
  past: Uint8Array
  rows: CustomerRow[]
}

/** Reads a part that came. Throws when its bytes are not a part. */
export async function readPart(
  { no, sha256 }: Pick<Manifest['parts'][number], 'no' | 'sha256'>,
  bytes: Uint8Array,
): Promise<ReadyPart> {
  const { customers, past } = splitPart(bytes)
  const rows = unpackCustomers(await unpack<CustomersSegment>(customers))
  return { no, sha256, customers, past, rows }
}

/**
 * Stores parts in one transaction, for its wait for the disk is most of the cost. It leaves the
 * singletons alone, so that screens that read them are not held up part by part.
 */
export async function storeParts(
  local: Local,
  { set, isFirst }: OpenSet,
  parts: readonly ReadyPart[],
): Promise<void> {
  const { db } = local
  const indexes = parts.map(({ no, sha256, rows }): PartIndexRow => {
    return { set, no, ids: idBytes(rows.map((row) => row.id)), last: null, sha256 }
  })
  for (const { no, rows } of parts) local.parts.remember(set, no, rows)
  const store = async () => {
    await db.part.bulkPut(parts.map(({ no, customers, past }) => ({ set, no, customers, past })))
    await db.part_index.bulkPut(indexes)
  }
  await withRoom(local, () => db.transaction('rw', db.part, db.part_index, store), 'the parts')
  local.changes.announce({ type: 'parts', nos: isFirst ? parts.map(({ no }) => no) : [] })
}

/** The set is whole: it takes over, and the feed goes on from its `seq`. */
export async function finishDownload(local: Local, feed: string): Promise<void> {
  const { db, deps } = local
  const begun = await readMeta(db, 'download')
  const others = begun ? await otherRows(db, begun) : []
  const tables = [db.meta, db.part, db.part_index, db.row, db.op]
  const end = await db.transaction('rw', tables, async () => {
    const { download, snapshot } = await readMetas(db, ['download', 'snapshot'])
    // Another tab finished it, or began another set.
    if (!download || download.set !== begun?.set || !(await isComplete(db, download))) return null
    const { set, manifest } = download
    const rows = manifest.parts.reduce((sum, part) => sum + part.rows, 0)
    await dropSets(db, (other) => other !== set)
    await takeOver(db, feed, manifest, others)
    await takeDecisions(db, others, deps.now())
    const { epoch, seq } = manifest
    await writeMeta(db, 'snapshot', { set, epoch, seq, rows, at: deps.now() })
    if (!snapshot) await noteFirstDownload(db, download, deps.now())
    await db.meta.delete('download')
    return { isFirst: !snapshot }
  })
  if (!end) return
  local.changes.announce(end.isFirst ? { type: 'parts', nos: [] } : { type: 'reset' })
  await dismissGuests(local)
  await settle(local, await opsIn(db, 'waiting', 'sent'))
}

/** A clock that was set back meanwhile measured nothing. */
async function noteFirstDownload(
  db: LocalDatabase,
  { manifest, begun_at }: Download,
  now: number,
): Promise<void> {
  if (begun_at === undefined || now < begun_at) return
  const bytes = manifest.parts.reduce((sum, part) => sum + part.bytes, 0)
  await writeMeta(db, 'downloaded', { ms: Math.round(now - begun_at), bytes })
}

async function isComplete(db: LocalDatabase, { set, manifest }: Download): Promise<boolean> {
  const stored = await storedParts(db, set)
  return manifest.parts.every((part) => stored.has(part.no))
}

/** Rows of kinds that are nobody's past; the first part brings them all. */
async function otherRows(db: LocalDatabase, { set, manifest }: Download): Promise<FeedRow[]> {
  const [first] = manifest.parts
  const part = first && (await db.part.get([set, first.no]))
  return part ? (pastOfNobody(await unpack<PastSegment>(part.past))?.rows ?? []) : []
}

/** Visitors who are among the parts are customers of this store's feed. */
async function dismissGuests(local: Local): Promise<void> {
  const { visiting } = local.db
  for (const id of await visiting.toCollection().primaryKeys())
    if (await local.parts.find(id)) await visiting.delete(id)
}

/**
 * Rows that the parts contain go. Those of another epoch stay until a pull brought all that lies
 * over the parts: the parts may be from before somebody was met here, and the network may go now.
 * People erased since the parts were packed are to be taken out of them.
 */
async function takeOver(
  db: LocalDatabase,
  feed: string,
  manifest: Manifest,
  others: readonly FeedRow[],
): Promise<void> {
  const feeds = await readFeeds(db)
  const known = feeds[feed] ?? newFeed(true)
  const isLater = known.whole && known.epoch === manifest.epoch
  // A collection keeps every filter it was given: each use has its own.
  const ofFeed = () => db.row.where('[feed+id]').between([feed, ''], [feed, '\uffff'])
  if (isLater)
    await ofFeed()
      .filter((row) => row.seq <= manifest.seq)
      .delete()
  const later = isLater ? await ofFeed().toArray() : []
  const sweep = !isLater && (await ofFeed().count()) > 0
  if (!isLater) await spareThoseHere(db)
  await noteErased(db, later)
  const isNewer = new Set(later.map((row) => row.id))
  const fresh = others.filter((row) => !isNewer.has(row.id))
  const gen = isLater ? known.gen : known.gen + 1
  await db.row.bulkPut(fresh.map((row) => overlayRow(feed, row, gen)))
  const cursor = isLater ? Math.max(known.cursor, manifest.seq) : manifest.seq
  // A feed to which nothing was ever written has no epoch to hold on to.
  const epoch = manifest.seq === 0 ? null : manifest.epoch
  const state = { ...known, gen, cursor, epoch, whole: true, sweep }
  await writeMeta(db, 'feeds', { ...feeds, [feed]: state })
}

/**
 * Whether so much lies over the parts, or is missing in them, that new ones are worth their
 * download; once a day.
 */
export async function wantsRepack(local: Local, feed: string): Promise<boolean> {
  const { db, deps } = local
  const snapshot = await readMeta(db, 'snapshot')
  if (!snapshot || Math.abs(deps.now() - snapshot.at) < REPACK_EVERY_MS) return false
  const rows = await db.row.where('[feed+id]').between([feed, ''], [feed, '\uffff']).count()
  if (rows > REPACK_MIN_ROWS && rows > snapshot.rows * REPACK_SHARE) return true
  return hasCutParts(db)
}
