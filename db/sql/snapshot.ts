import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { and, asc, eq, gt, inArray, lt } from 'drizzle-orm'
import type { CustomerRow } from '#model/customer.ts'
import { joinPart, type Manifest, NOBODY, PART_CUSTOMERS, type PartPast } from '#model/protocol.ts'
import type { HistoryRow, Visit } from '#model/visit.ts'
import { isErasedSince } from './erase.ts'
import { headOf } from './feeds.ts'
import type { Ledger } from './ledger.ts'
import { chunksOf } from './rows.ts'

// The first download of a store's feed, packed once and kept: later rows travel by pull and lie
// on top. It is packed anew when too much of the feed has moved on since.

const zip = promisify(gzip)
const REPACK_SHARE = 0.1
const READ_ROWS = 5000
const TALLY_DAYS = 2

interface Feed {
  customers: Map<string, CustomerRow>
  past: PartPast
  tallies: Visit[]
}

type Column = Ledger['t']['feedRow']['$inferSelect']

/** Bodies were written by `feedsOf` with the kind that stands beside them. */
function bodyOf<T>(row: Column): T {
  return row.body as unknown as T
}

function pastOf(past: PartPast, customerId: string) {
  return (past[customerId] ??= { visits: [], history: [] })
}

function addRow(feed: Feed, row: Column): void {
  if (row.state !== 'put') return
  if (row.kind === 'customer') feed.customers.set(row.id, bodyOf<CustomerRow>(row))
  if (row.kind === 'history') {
    const history = bodyOf<HistoryRow>(row)
    pastOf(feed.past, history.customer_id).history.push(history)
  }
  if (row.kind === 'visit') {
    const visit = bodyOf<Visit>(row)
    if (visit.void) return
    if (visit.customer_id === null) feed.tallies.push(visit)
    else pastOf(feed.past, visit.customer_id).visits.push(visit)
  }
}

/** Reads a feed as of `seq`, in pages, so that no single statement holds it all. */
async function readFeed(ledger: Ledger, storeId: string, upTo: number): Promise<Feed> {
  const { feedRow } = ledger.t
  const feed: Feed = { customers: new Map(), past: {}, tallies: [] }
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
  }
}

function lastSeen(feed: Feed, id: string): number {
  const past = feed.past[id]
  const days = [...(past?.visits ?? []), ...(past?.history ?? [])].map((fact) => fact.day)
  return days.length === 0 ? -1 : Math.max(...days)
}

/** Customers seen last come first: the app is usable after the first part. */
function inOrder(feed: Feed): CustomerRow[] {
  const seen = new Map([...feed.customers.keys()].map((id) => [id, lastSeen(feed, id)]))
  const rank = (row: CustomerRow) => seen.get(row.id) ?? -1
  return [...feed.customers.values()].sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1))
}

/** Today's count on a new tablet needs the last tallies; older ones are figures and stay here. */
function lastTallies({ tallies }: Feed): Visit[] {
  const last = tallies.reduce((day, visit) => Math.max(day, visit.day), -Infinity)
  return tallies.filter((visit) => visit.day > last - TALLY_DAYS)
}

async function packPart(feed: Feed, customers: CustomerRow[], tallies: Visit[]) {
  const past: PartPast = {}
  let rows = customers.length + tallies.length
  if (tallies.length > 0) past[NOBODY] = { visits: tallies, history: [] }
  for (const { id } of customers) {
    const known = feed.past[id]
    if (!known) continue
    past[id] = known
    rows += known.visits.length + known.history.length
  }
  const [head, tail] = await Promise.all([
    zip(JSON.stringify(customers)),
    zip(JSON.stringify(past)),
  ])
  const data = Buffer.from(joinPart(head, tail))
  const sha256 = createHash('sha256').update(data).digest('hex')
  return { rows, customers: customers.length, sha256, size: data.length, data }
}

async function pack(ledger: Ledger, storeId: string, seq: number, epoch: string): Promise<void> {
  const feed = await readFeed(ledger, storeId, seq)
  const packed: Awaited<ReturnType<typeof packPart>>[] = []
  for (const [no, customers] of chunksOf(inOrder(feed), PART_CUSTOMERS).entries())
    packed.push(await packPart(feed, customers, no === 0 ? lastTallies(feed) : []))
  const { part } = ledger.t
  await ledger.tx(async (db) => {
    if (await isErasedSince(ledger, db, storeId, seq)) return
    for (const [no, content] of packed.entries())
      await db
        .insert(part)
        .values({ store_id: storeId, seq, no, epoch, ...content })
        .onConflictDoNothing()
  })
  await dropOldParts(ledger, storeId)
}

/** The two newest sets stay: a device may be in the middle of the older one. */
async function dropOldParts(ledger: Ledger, storeId: string): Promise<void> {
  const { part } = ledger.t
  const sets = await ledger.db
    .selectDistinct({ seq: part.seq })
    .from(part)
    .where(eq(part.store_id, storeId))
    .orderBy(asc(part.seq))
  const oldest = sets.at(-2)?.seq
  if (oldest === undefined) return
  await ledger.tx((db) =>
    db.delete(part).where(and(eq(part.store_id, storeId), lt(part.seq, oldest))),
  )
}

async function partsOf(ledger: Ledger, storeId: string, epoch: string) {
  const { part } = ledger.t
  const rows = await ledger.db
    .select({
      no: part.no,
      seq: part.seq,
      rows: part.rows,
      bytes: part.size,
      customers: part.customers,
      sha256: part.sha256,
    })
    .from(part)
    .where(and(eq(part.store_id, storeId), eq(part.epoch, epoch)))
    .orderBy(asc(part.seq), asc(part.no))
  const newest = rows.at(-1)?.seq ?? null
  const parts = rows.filter((row) => row.seq === newest).map(({ seq: _seq, ...row }) => row)
  return { seq: newest, parts }
}

/**
 * What a device of the store has to fetch first. Packs the feed when it never was, or when more
 * than a tenth of it changed since. A feed without rows has no parts and `seq` 0.
 */
export async function manifest(ledger: Ledger, storeId: string): Promise<Manifest> {
  const head = await headOf(ledger, ledger.db, storeId)
  if (!head) return { feed: storeId, epoch: ledger.ports.uuid(), seq: 0, parts: [] }
  const { seq: now, epoch } = head
  const kept = await partsOf(ledger, storeId, epoch)
  if (kept.seq !== null && now - kept.seq <= now * REPACK_SHARE)
    return { feed: storeId, epoch, seq: kept.seq, parts: kept.parts }
  await pack(ledger, storeId, now, epoch)
  const packed = await partsOf(ledger, storeId, epoch)
  return { feed: storeId, epoch, seq: packed.seq ?? 0, parts: packed.parts }
}

/** One part's bytes (see `joinPart`), or null when that set is no longer kept. */
export async function part(
  ledger: Ledger,
  storeId: string,
  seq: number,
  no: number,
): Promise<Uint8Array | null> {
  const { part: table } = ledger.t
  const [row] = await ledger.db
    .select({ data: table.data })
    .from(table)
    .where(and(eq(table.store_id, storeId), inArray(table.seq, [seq]), eq(table.no, no)))
  return row?.data ?? null
}
