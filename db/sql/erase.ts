import { and, eq, gt, gte, inArray, lt } from 'drizzle-orm'
import { forget, forgetVisit, surrogateOf } from '#model/erase.ts'
import type { Customer } from '#model/customer.ts'
import { homesOf } from '#model/homes.ts'
import { CHAIN } from '#model/id.ts'
import { kinOf } from '#model/merge.ts'
import type { Op } from '#model/op.ts'
import { type Refusal, refuse } from '#model/refusal.ts'
import type { StampedVisit } from '#model/apply.ts'
import type { Db } from './engine.ts'
import type { Feeds } from './feeds.ts'
import type { Ledger } from './ledger.ts'
import { recordsOf, survivorOf } from './merge.ts'
import { renameMovements } from './movements.ts'
import { redactOpsAbout } from './redact.ts'
import { insertRows, selectByKeys, upsertRows } from './rows.ts'
import { scrubAfter } from './scrub.ts'
import { dayAt, type Work } from './work.ts'

// A person is forgotten: the batch is applied as any other, the customer blank from that day on;
// then all rows go over to a surrogate, what was said of the person is taken out of the ops, and
// every feed that ever held a copy ends it as `gone`.

/**
 * Decides about an erasure: of a person, whichever of their records it names. Whoever was erased
 * before is refused by `isForgotten`.
 */
export function judgeErase(work: Work, op: Op, at: number): Refusal | null {
  const survivor = survivorOf(work, op.record_id)
  if (!survivor) return refuse('unknown-customer')
  for (const [no, record] of recordsOf(work, survivor).entries()) {
    work.customers.set(record.id, forget(record, dayAt(work, record.home_store_id, at)))
    work.erasures.set(record.id, no === 0 ? op.op_id : `${op.op_id}/${no}`)
  }
  return null
}

interface Erased {
  customer: Customer
  surrogate: string
}

function erasedIn(work: Work): Erased[] {
  if (work.erasures.size === 0) return []
  return work.customers
    .changes()
    .flatMap(([id, customer]) => {
      const opId = work.erasures.get(id)
      if (opId === undefined || customer.erased_on === null) return []
      return [{ customer, surrogate: surrogateOf(opId, work.ledger.ports.sha256) }]
    })
    .sort((a, b) => (a.customer.id < b.customer.id ? -1 : 1))
}

/** Every book there is. A person's traces may lie in any of them. */
async function allBooks(work: Work): Promise<string[]> {
  const { store } = work.ledger.t
  const rows = await work.db.select({ id: store.id }).from(store)
  return [CHAIN, ...rows.map((row) => row.id)].sort()
}

/** The customer, tags and history go on under the surrogate, in the same book. */
async function renameRows(work: Work, { customer, surrogate }: Erased): Promise<void> {
  const { customer: people, tagging, history, customerLink } = work.ledger.t
  const home = customer.home_store_id
  const self = and(eq(people.store_id, home), eq(people.id, customer.id))
  const [row] = await work.db.select().from(people).where(self)
  if (!row) return
  await work.db.delete(people).where(self)
  await insertRows(work.db, people, [{ ...row, id: surrogate, search: '' }])
  for (const table of [tagging, history]) {
    const theirs = and(eq(table.store_id, home), eq(table.customer_id, customer.id))
    await work.db.update(table).set({ customer_id: surrogate }).where(theirs)
  }
  await renameMovements(work.ledger, work.db, homesOf(customer), customer.id, surrogate)
  await work.db
    .delete(customerLink)
    .where(and(eq(customerLink.store_id, home), eq(customerLink.customer_id, customer.id)))
}

/** Records that were one person with somebody erased name the surrogate from now on. */
async function renameInKin(work: Work, erased: readonly Erased[]): Promise<void> {
  const { customer: people } = work.ledger.t
  const surrogates = new Map(erased.map(({ customer, surrogate }) => [customer.id, surrogate]))
  const named = (id: string) => surrogates.get(id) ?? id
  for (const [id, customer] of work.customers.all()) {
    if (!kinOf(customer).some((kin) => surrogates.has(kin.id))) continue
    const { merged_into, merges, absorbed } = customer
    await work.db
      .update(people)
      .set({
        merged_into: merged_into === null ? null : named(merged_into),
        merges: merges?.map((span) => ({ ...span, into: named(span.into) })) ?? null,
        absorbed:
          absorbed?.map((part) => ({ ...part, customer_id: named(part.customer_id) })) ?? null,
      })
      .where(and(eq(people.store_id, customer.home_store_id), eq(people.id, named(id))))
  }
}

/** No home leads to the person any more, and the next op about them is refused for that. */
async function closeForwards(work: Work, books: string[], { customer }: Erased): Promise<void> {
  const { customerForward: forward } = work.ledger.t
  const known = await selectByKeys(books, (slice) =>
    work.db
      .select({ store_id: forward.store_id })
      .from(forward)
      .where(and(inArray(forward.store_id, slice), eq(forward.customer_id, customer.id))),
  )
  const homes = new Set([...known.map((row) => row.store_id), customer.home_store_id])
  const rows = [...homes].sort().map((store_id) => ({
    store_id,
    customer_id: customer.id,
    to_store_id: null,
    state: 'erased' as const,
    day: customer.erased_on ?? 0,
  }))
  await upsertRows(work.db, forward, ['store_id', 'customer_id'], rows)
}

/** Visits stay in the books where they happened, without the person and what was said there. */
async function forgetVisits(work: Work, books: string[], { customer, surrogate }: Erased) {
  const { visit } = work.ledger.t
  const visits: StampedVisit[] = await selectByKeys(books, (slice) =>
    work.db
      .select()
      .from(visit)
      .where(and(inArray(visit.store_id, slice), eq(visit.customer_id, customer.id)))
      .orderBy(visit.store_id, visit.id),
  )
  const forgotten = visits.map((one) => forgetVisit(one, surrogate, customer.home_store_id))
  await upsertRows(work.db, visit, ['store_id', 'id'], forgotten)
  return visits
}

/** Ends every copy in every feed: rows that devices have, and rows that this batch would send. */
async function endCopies(
  work: Work,
  books: string[],
  customerId: string,
  visits: readonly StampedVisit[],
  feeds: Feeds,
): Promise<string[]> {
  const { feedRow } = work.ledger.t
  // History rows travel under `customer:day:store`; the colon's next character ends the range.
  const [from, to] = [`${customerId}:`, `${customerId};`]
  const theirs = (id: string) => id === customerId || (id >= from && id < to)
  const own = await selectByKeys(books, (slice) =>
    work.db
      .select({ store_id: feedRow.store_id })
      .from(feedRow)
      .where(and(inArray(feedRow.store_id, slice), eq(feedRow.id, customerId))),
  )
  const holders = new Set(own.map((row) => row.store_id))
  for (const [feed, rows] of feeds.feeds) if ([...rows.keys()].some(theirs)) holders.add(feed)
  for (const feed of holders) {
    const history = await work.db
      .select({ id: feedRow.id })
      .from(feedRow)
      .where(and(eq(feedRow.store_id, feed), gte(feedRow.id, from), lt(feedRow.id, to)))
    const pending = [...(feeds.feeds.get(feed)?.keys() ?? [])].filter(theirs)
    for (const id of new Set([...history.map((row) => row.id), ...pending]))
      if (id !== customerId) feeds.end(feed, id, 'history', 'gone')
    feeds.end(feed, customerId, 'customer', 'gone')
  }
  for (const { store_id, id } of visits) {
    feeds.end(store_id, id, 'visit', 'gone')
    holders.add(store_id)
  }
  return [...holders].sort()
}

/**
 * Takes the erased people of a batch out of everything that was written, this batch's own rows
 * included. Returns the feeds that held a copy. Comes after the flush, before the heads.
 */
export async function eraseTraces(work: Work, feeds: Feeds): Promise<string[]> {
  const erased = erasedIn(work)
  if (erased.length === 0) return []
  scrubAfter(work.db)
  const books = await allBooks(work)
  const concerned = new Set<string>()
  for (const one of erased) {
    const { id } = one.customer
    await renameRows(work, one)
    await closeForwards(work, books, one)
    const visits = await forgetVisits(work, books, one)
    for (const feed of await endCopies(work, books, id, visits, feeds)) concerned.add(feed)
    const visitIds = visits.map((visit) => visit.id)
    await redactOpsAbout(work, { id, surrogate: one.surrogate, visitIds })
  }
  await renameInKin(work, erased)
  return [...concerned].sort()
}

/**
 * Drops the packed first download of feeds that held an erased person, and notes how far a device
 * must have come to know of it. Comes after the heads: a packing that runs meanwhile stands before
 * this, and goes with the rest, or sees what is gone.
 */
export async function closeErasures(work: Work, feeds: readonly string[]): Promise<void> {
  const { part, feedHead } = work.ledger.t
  for (const feed of feeds) {
    await work.db.delete(part).where(eq(part.store_id, feed))
    await work.db
      .update(feedHead)
      .set({ erased_seq: feedHead.seq })
      .where(eq(feedHead.store_id, feed))
  }
}

/**
 * Whether a person was erased from a feed after `seq`, so that what was read of it up to there
 * may not be kept. Locks the head: an erasure that is under way is waited for.
 */
export async function isErasedSince(
  ledger: Ledger,
  db: Db,
  feed: string,
  seq: number,
): Promise<boolean> {
  const { feedHead, feedRow } = ledger.t
  const head = db.select({ seq: feedHead.seq }).from(feedHead).where(eq(feedHead.store_id, feed))
  await ledger.forUpdate(head)
  const gonePeople = and(eq(feedRow.kind, 'customer'), eq(feedRow.state, 'gone'))
  const [gone] = await db
    .select({ id: feedRow.id })
    .from(feedRow)
    .where(and(eq(feedRow.store_id, feed), gt(feedRow.seq, seq), gonePeople))
    .limit(1)
  return gone !== undefined
}

type ForwardColumns = Ledger['t']['customerForward']['$inferSelect']

/** Everybody who was ever erased, per book that knew them: what a restored backup must forget. */
export function listErased(ledger: Ledger): Promise<ForwardColumns[]> {
  const { customerForward: forward } = ledger.t
  return Promise.resolve(
    ledger.db
      .select()
      .from(forward)
      .where(eq(forward.state, 'erased'))
      .orderBy(forward.store_id, forward.customer_id),
  )
}

/**
 * Notes erased people whom this ledger does not know, so that nothing about them is taken. Those
 * whom it knows must be erased by an op of their own.
 */
export async function keepErased(
  ledger: Ledger,
  db: Db,
  erased: readonly ForwardColumns[],
): Promise<void> {
  await upsertRows(db, ledger.t.customerForward, ['store_id', 'customer_id'], erased)
}
