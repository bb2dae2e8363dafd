// When each customer of the parts was seen last, read after the download: customers can be found as
// soon as they are stored.
import { type PartPast, type PastSegment, unpackPast } from '#model/part.ts'
import type { Visit } from '#model/visit.ts'
import { overlayRow } from './apply-page.ts'
import type { Local } from './database.ts'
import { dayOfStore, serverNow } from './device.ts'
import { unpack } from './gzip.ts'
import { readMeta } from './meta.ts'
import { idsOfBytes, indexOfSet } from './part-cache.ts'
import type { LocalDatabase } from './schema.ts'
import type { OverlayRow } from './tables.ts'

/** Visits of the last days lie over the parts, so that today's list reads no part. */
const RECENT_DAYS = 2

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
  const { snapshot, unread } = await unreadParts(db)
  if (!snapshot || unread.length === 0) return
  const today = (await dayOfStore(db))(await serverNow(local))
  const since = today - RECENT_DAYS + 1
  for (const { set, no, ids } of unread) {
    if (!goOn()) return
    const part = await db.part.get([set, no])
    if (!part) return
    const customers = idsOfBytes(ids)
    const past = unpackPast(await unpack<PastSegment>(part.past), customers)
    const seen = customers.map((id) => latestOf(past[id]))
    const visits = Object.values(past).flatMap((of) => of.visits)
    const recent = visits.filter((visit) => visit.day >= since)
    await db.transaction('rw', db.part_index, db.row, async () => {
      await db.part_index.update([set, no], { last: Float64Array.from(seen) })
      await layOver(db, feed, recent, snapshot.seq)
    })
    tellSeen(local, customers, seen)
  }
  local.changes.announce({ type: 'parts', nos: [] })
}

/** The parts in force of which the last visits were not read yet: after a download, no more. */
async function unreadParts(db: LocalDatabase) {
  return db.transaction('r', db.meta, db.part_index, async () => {
    const snapshot = await readMeta(db, 'snapshot')
    const index = snapshot ? await indexOfSet(db, snapshot.set) : []
    return { snapshot, unread: index.filter((row) => row.last === null) }
  })
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
