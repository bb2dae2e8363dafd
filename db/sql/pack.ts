import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { and, asc, eq, gt, lt } from 'drizzle-orm'
import type { CustomerRow } from '#model/customer.ts'
import {
  joinPart,
  NOBODY,
  packCustomers,
  packPast,
  PART_CUSTOMERS,
  type PartFormat,
  type PartPast,
} from '#model/part.ts'
import type { FeedRow } from '#model/protocol.ts'
import type { HistoryRow, Visit } from '#model/visit.ts'
import type { Db } from './engine.ts'
import { isErasedSince } from './erase.ts'
import type { Ledger } from './ledger.ts'
import { wireRow } from './pull.ts'
import { chunksOf } from './rows.ts'

// Packs a store's feed into the parts of its first download. A big feed takes seconds, and every
// other request is answered meanwhile: after each slice of work the event loop has its turn.

const zip = promisify(gzip)
const READ_ROWS = 500
const PARTS_AT_ONCE = 8
const TALLY_DAYS = 2

interface Feed {
  customers: Map<string, CustomerRow>
  past: PartPast
  tallies: Visit[]
  /** Rows of every other kind: decisions, losses, and what a later version may know. */
  others: FeedRow[]
  /** The last day of each customer with a visit. */
  seen: Map<string, number>
}

type Column = Ledger['t']['feedRow']['$inferSelect']

/** Bodies were written by `feedsOf` with the kind that stands beside them. */
function bodyOf<T>(row: Column): T {
  return row.body as unknown as T
}

function pastOf(past: PartPast, customerId: string) {
  return (past[customerId] ??= { visits: [], history: [] })
}

function noteDay(feed: Feed, customerId: string, day: number): void {
  feed.seen.set(customerId, Math.max(day, feed.seen.get(customerId) ?? day))
}

function addVisit(feed: Feed, visit: Visit): void {
  if (visit.void) return
  if (visit.customer_id === null) {
    feed.tallies.push(visit)
    return
  }
  pastOf(feed.past, visit.customer_id).visits.push(visit)
  noteDay(feed, visit.customer_id, visit.day)
}

function addHistory(feed: Feed, history: HistoryRow): void {
  pastOf(feed.past, history.customer_id).history.push(history)
  noteDay(feed, history.customer_id, history.day)
}

function addRow(feed: Feed, row: Column): void {
  if (row.state !== 'put') return
  if (row.kind === 'customer') feed.customers.set(row.id, bodyOf<CustomerRow>(row))
  else if (row.kind === 'history') addHistory(feed, bodyOf<HistoryRow>(row))
  else if (row.kind === 'visit') addVisit(feed, bodyOf<Visit>(row))
  else feed.others.push(wireRow(row))
}

/** Reads a feed as of `seq`, in pages, so that no single statement holds it all. */
async function readFeed(ledger: Ledger, storeId: string, upTo: number): Promise<Feed> {
  const { feedRow } = ledger.t
  const feed: Feed = {
    customers: new Map(),
    past: {},
    tallies: [],
    others: [],
    seen: new Map(),
  }
  for (let cursor = 0; ;) {
    const rows = await ledger.db
      .select()
      .from(feedRow)
      .where(and(eq(feedRow.store_id, storeId), gt(feedRow.seq, cursor)))
      .orderBy(asc(feedRow.seq))
      .limit(READ_ROWS)
    for (const row of rows) if (row.seq <= upTo) addRow(feed, row)
    const last = rows.at(-1)
    if (!last || last.seq >= upTo) return feed
    cursor = last.seq
    await setImmediate()
  }
}

/** Customers seen last come first: the app is usable after the first part. */
function inOrder({ customers, seen }: Feed): CustomerRow[] {
  const ranked = [...customers.values()].map((row) => ({ row, day: seen.get(row.id) ?? -1 }))
  ranked.sort((a, b) => b.day - a.day || (a.row.id < b.row.id ? -1 : 1))
  return ranked.map(({ row }) => row)
}

/** Today's count on a new tablet needs the last tallies; older ones are figures and stay here. */
function lastTallies({ tallies }: Feed): Visit[] {
  const last = tallies.reduce((day, visit) => Math.max(day, visit.day), -Infinity)
  return tallies.filter((visit) => visit.day > last - TALLY_DAYS)
}

/**
 * Visits of people who are no customers here any more, as rows: whoever comes back finds the visits
 * of this store on every tablet.
 */
function visitsOfStrangers({ customers, past }: Feed, seq: number): FeedRow[] {
  const strangers = Object.entries(past).filter(([id]) => !customers.has(id))
  const visits = strangers.flatMap(([, { visits }]) => visits)
  return visits.map((body) => ({ seq, id: body.id, state: 'put', kind: 'visit', body }))
}

/** What belongs to no customer of the feed goes with the first part. */
function pastOfNobody(feed: Feed, seq: number): PartPast {
  const visits = lastTallies(feed)
  const others = [...feed.others, ...visitsOfStrangers(feed, seq)]
  if (visits.length + others.length === 0) return {}
  return { [NOBODY]: { visits, history: [], ...(others.length > 0 ? { rows: others } : {}) } }
}

function rowsIn(past: PartPast): number {
  return Object.values(past).reduce(
    (sum, { visits, history, rows }) => sum + visits.length + history.length + (rows?.length ?? 0),
    0,
  )
}

/** One part; the first, which has the `seq` of its set, also holds what belongs to nobody. */
async function packPart(
  feed: Feed,
  customers: CustomerRow[],
  format: PartFormat,
  first: { seq: number } | null,
) {
  const past: PartPast = first ? pastOfNobody(feed, first.seq) : {}
  const ids = customers.map(({ id }) => id)
  for (const id of ids) {
    const known = feed.past[id]
    if (known) past[id] = known
  }
  const [head, tail] = await Promise.all([
    zip(JSON.stringify(packCustomers(customers, format))),
    zip(JSON.stringify(packPast(past, ids, format))),
  ])
  const data = Buffer.from(joinPart(head, tail))
  const sha256 = createHash('sha256').update(data).digest('hex')
  const rows = customers.length + rowsIn(past)
  return { rows, customers: customers.length, sha256, size: data.length, data }
}

type Packed = Awaited<ReturnType<typeof packPart>>

/** Which parts go together; devices that read another format fetch a set of their own. */
export interface PartSet {
  store_id: string
  format: PartFormat
  seq: number
  epoch: string
}

/**
 * Writes a set whole or not at all: where another process packed the same number first, its set
 * stands, because two sets of one number need not be cut alike.
 */
async function writeSet(
  ledger: Ledger,
  db: Db,
  set: PartSet,
  packed: readonly Packed[],
): Promise<void> {
  const { part } = ledger.t
  for (const [no, content] of packed.entries()) {
    const written = await db
      .insert(part)
      .values({ ...set, no, ...content })
      .onConflictDoNothing()
      .returning({ no: part.no })
    if (written.length === 0) return
    if (no % PARTS_AT_ONCE === PARTS_AT_ONCE - 1) await setImmediate()
  }
}

/**
 * Packs the feed as of `seq`; without customers there is nothing to pack. False when somebody in
 * it was erased meanwhile, and nothing was kept.
 */
export async function pack(ledger: Ledger, set: PartSet): Promise<boolean> {
  const { store_id, seq, format } = set
  const feed = await readFeed(ledger, store_id, seq)
  const packed: Packed[] = []
  for (const [no, customers] of chunksOf(inOrder(feed), PART_CUSTOMERS).entries())
    packed.push(await packPart(feed, customers, format, no === 0 ? { seq } : null))
  const isWhole = await ledger.tx(async (db) => {
    if (await isErasedSince(ledger, db, store_id, seq)) return false
    await writeSet(ledger, db, set, packed)
    return true
  })
  await dropOldSets(ledger, set)
  return isWhole
}

/** The two newest sets stay: a device may be in the middle of the older one. */
async function dropOldSets(ledger: Ledger, { store_id, format }: PartSet): Promise<void> {
  const { part } = ledger.t
  const ofFormat = and(eq(part.store_id, store_id), eq(part.format, format))
  const sets = await ledger.db
    .selectDistinct({ seq: part.seq })
    .from(part)
    .where(ofFormat)
    .orderBy(asc(part.seq))
  const oldest = sets.at(-2)?.seq
  if (oldest === undefined) return
  await ledger.tx((db) => db.delete(part).where(and(ofFormat, lt(part.seq, oldest))))
}
