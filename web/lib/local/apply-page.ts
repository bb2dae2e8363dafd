// A page of a feed and the cursor behind it are stored in one transaction, so a crash leaves the
// tablet either before the page or after it. A page that does not begin where the tablet stands is
// late or a repetition, and is left out.
import { CHAIN } from '#model/id.ts'
import type { FeedPage, FeedRow } from '#model/protocol.ts'
import { historyBody, visitBody } from './base.ts'
import type { Change } from './changes.ts'
import type { Local } from './database.ts'
import { takeDecisions } from './decisions.ts'
import { dayOfStore, newFeed } from './device.ts'
import { noteErased } from './erased.ts'
import { readMeta, writeMeta } from './meta.ts'
import { placeOf } from './place.ts'
import { withRoom } from './room.ts'
import type { LocalDatabase } from './schema.ts'
import type { FeedState, OverlayRow } from './tables.ts'
import { NOTHING_PARTED, type Parted, readParted, remakeViews, unsentByRecord } from './views.ts'

/** `applied`, `ignored` (not where the tablet stands) or `reset` (the feed begins anew). */
export type PageOutcome = 'applied' | 'ignored' | 'reset'

export async function readFeeds(db: LocalDatabase): Promise<Record<string, FeedState>> {
  return (await readMeta(db, 'feeds')) ?? {}
}

async function writeFeed(db: LocalDatabase, feed: string, state: FeedState): Promise<void> {
  await writeMeta(db, 'feeds', { ...(await readFeeds(db)), [feed]: state })
}

export async function applyPage(local: Local, feed: string, page: FeedPage): Promise<PageOutcome> {
  const { db } = local
  const tables = [db.meta, db.row, db.view, db.op, db.visiting]
  const parted = await partedWhenSwept(local, feed, page)
  let gone: OverlayRow[] = []
  const apply = async (): Promise<PageOutcome> => {
    const state = (await readFeeds(db))[feed]
    if (!state?.whole || page.from !== state.cursor) return 'ignored'
    if (page.reset) {
      await writeFeed(db, feed, resetFeed(state, feed === CHAIN))
      return 'reset'
    }
    if (state.epoch !== null && state.epoch !== page.epoch) return 'ignored'
    await putRows(local, feed, page.rows, state.gen)
    await takeDecisions(db, page.rows, local.deps.now())
    if (feed !== CHAIN) await noteErased(db, page.rows)
    const isSwept = state.sweep && !page.more
    gone = isSwept ? await sweep(db, feed, state.gen, parted) : []
    const sweeps = state.sweep && !isSwept
    await writeFeed(db, feed, { ...state, cursor: page.cursor, epoch: page.epoch, sweep: sweeps })
    return 'applied'
  }
  const outcome = await withRoom(local, () => db.transaction('rw', tables, apply))
  if (outcome !== 'applied') return outcome
  for (const change of [...changesOf(page.rows), ...changesOfGone(gone)])
    local.changes.announce(change)
  if (gone.length > 0) await forgetStrangers(local, feed)
  return outcome
}

/**
 * A feed that begins anew. The chain's rows stay until the new ones are all there; a store's feed
 * waits for its parts, and its old rows and parts answer until these replace them in one step.
 */
function resetFeed(state: FeedState, isChain: boolean): FeedState {
  return { ...newFeed(!isChain), gen: state.gen + 1, sweep: isChain }
}

async function putRows(local: Local, feed: string, rows: readonly FeedRow[], gen: number) {
  const { db } = local
  const stored = rows.map((row) => overlayRow(feed, row, gen))
  await db.row.bulkPut(stored)
  const customers = rows.filter((row) => row.kind === 'customer').map((row) => row.id)
  await db.visiting.bulkDelete(customers)
  const unsent = await unsentByRecord(db)
  const touched = rows.map((row) => row.id).filter((id) => unsent.has(id))
  if (touched.length === 0) return
  const rowsHere = new Map(stored.map((row) => [row.id, row]))
  const known = feed === CHAIN ? { unsent } : { unsent, rows: rowsHere }
  await remakeViews(db, touched, NOTHING_PARTED, await dayOfStore(db), known)
}

/** Kinds that this version does not know are kept as they came, for the version that does. */
export function overlayRow(feed: string, row: FeedRow, gen: number): OverlayRow {
  const { id, seq, kind, state, body } = row
  const stored: OverlayRow = { feed, id, kind, seq, state, body, gen }
  return { ...stored, ...placeOf(row) }
}

/** What parts say of records with unsent work, where this page ends a feed's beginning anew. */
async function partedWhenSwept(local: Local, feed: string, page: FeedPage): Promise<Parted> {
  const isLast = !page.more && ((await readFeeds(local.db))[feed]?.sweep ?? false)
  if (!isLast) return NOTHING_PARTED
  const unsent = await unsentByRecord(local.db)
  return readParted(local, [...unsent.keys()], unsent)
}

/**
 * Takes away what the feed does not hold any more since it began anew, and gives it. Unsent work
 * that a row of before had hidden is shown again.
 */
async function sweep(
  db: LocalDatabase,
  feed: string,
  gen: number,
  parted: Parted,
): Promise<OverlayRow[]> {
  const ofFeed = db.row.where('[feed+id]').between([feed, ''], [feed, '\uffff'])
  const gone = await ofFeed.filter((row) => row.gen < gen).toArray()
  await db.row.bulkDelete(gone.map((row): [string, string] => [row.feed, row.id]))
  if (gone.length === 0) return gone
  const unsent = await unsentByRecord(db)
  const touched = gone.map((row) => row.id).filter((id) => unsent.has(id))
  if (touched.length > 0) await remakeViews(db, touched, parted, await dayOfStore(db), { unsent })
  return gone
}

/** After a feed began anew, who went meanwhile left no word: they are not shown as recent. */
async function forgetStrangers(local: Local, feed: string): Promise<void> {
  const { recent, row, view, visiting } = local.db
  for (const id of await recent.toCollection().primaryKeys()) {
    const isHere = (await local.parts.find(id)) ?? (await view.get(id)) ?? (await visiting.get(id))
    if (!isHere && !(await row.get([feed, id]))) await recent.delete(id)
  }
}

function changesOf(rows: readonly FeedRow[]): Change[] {
  const customers = rows.filter((row) => row.kind === 'customer').map((row) => row.id)
  const latest = rows.flatMap((row): [string, number | null][] => {
    const { customer_id } = placeOf(row)
    if (!customer_id || row.state !== 'put') return []
    if (row.kind === 'history') return [[customer_id, historyBody(row).first_at]]
    if (row.kind !== 'visit') return []
    const visit = visitBody(row)
    return [[customer_id, visit.void ? null : visit.at]]
  })
  return changes(customers, latest)
}

function changesOfGone(rows: readonly OverlayRow[]): Change[] {
  const customers = rows.filter((row) => row.kind === 'customer').map((row) => row.id)
  const seen = new Set(rows.flatMap((row) => row.customer_id ?? []))
  return changes(
    customers,
    [...seen].map((id) => [id, null]),
  )
}

function changes(customers: string[], latest: [string, number | null][]): Change[] {
  return [
    ...(customers.length > 0 ? [{ type: 'customers' as const, ids: customers }] : []),
    ...(latest.length > 0 ? [{ type: 'visits' as const, latest }] : []),
  ]
}
