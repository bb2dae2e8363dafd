import { and, eq } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as v from 'valibot'
import type { Op } from '#model/op.ts'
import { type Refusal, refuse } from '#model/refusal.ts'
import { Transfer } from '#model/transfer.ts'
import { historyRowId } from '#model/visit.ts'
import { type HistoryChange, historyAfter } from './derive.ts'
import type { Feeds } from './feeds.ts'
import { moveRecords, survivorOf } from './merge.ts'
import { insertNew, insertRows, upsertRows } from './rows.ts'
import { dayAt, storeInfo, type Work } from './work.ts'

// A customer's move to another home: all that lies in the old book is carried to the new one by
// delete and insert, first, as it was loaded; what the batch changes is then written there.

/** Decides about a transfer. It ends whatever home is the present one, not the one it names. */
export function judgeTransfer(work: Work, op: Op, at: number): Refusal | null {
  const { to_store_id: to } = v.parse(Transfer, op.payload)
  const customer = survivorOf(work, op.record_id)
  if (!customer) return refuse('unknown-customer')
  if (!storeInfo(work, to)) return refuse('unknown-record', 'to_store_id')
  moveRecords(work, customer, to, dayAt(work, customer.home_store_id, at))
  return null
}

/** Customers whose home before the batch is another one than after it. */
function movedCustomers(work: Work): { id: string; from: string; to: string }[] {
  const ids = new Set(work.moves.map((move) => move.customer_id))
  return [...ids].sort().flatMap((id) => {
    const from = work.customers.before(id)?.home_store_id
    const to = work.customers.get(id)?.home_store_id
    return from !== undefined && to !== undefined && from !== to ? [{ id, from, to }] : []
  })
}

/** A home holds no link to itself. Comes before links are changed. */
export function endLinksOfHomes(work: Work): void {
  for (const { id, to } of movedCustomers(work)) work.links.get(id)?.delete(to)
}

type CarriedTable = SQLiteTable & { store_id: SQLiteColumn; customer_id: SQLiteColumn }

async function carry(
  work: Work,
  table: CarriedTable,
  { id, from, to }: { id: string; from: string; to: string },
  isKept: (row: Record<string, unknown>) => boolean = () => true,
): Promise<void> {
  const theirs = and(eq(table.store_id, from), eq(table.customer_id, id))
  const rows: Record<string, unknown>[] = await work.db.select().from(table).where(theirs)
  await work.db.delete(table).where(theirs)
  const carried = rows.filter(isKept).map((row) => ({ ...row, store_id: to }))
  await insertRows(work.db, table, carried)
}

async function carryPhones(work: Work, id: string, from: string, to: string): Promise<void> {
  const { phoneDirectory } = work.ledger.t
  const rows = await work.db
    .select()
    .from(phoneDirectory)
    .where(and(eq(phoneDirectory.store_id, from), eq(phoneDirectory.customer_id, id)))
  for (const { phone_hash } of rows)
    await work.db
      .delete(phoneDirectory)
      .where(
        and(
          eq(phoneDirectory.phone_hash, phone_hash),
          eq(phoneDirectory.store_id, from),
          eq(phoneDirectory.customer_id, id),
        ),
      )
  const moved = rows.map((row) => ({ ...row, store_id: to }))
  await insertNew(work.db, phoneDirectory, moved)
}

/** Carries the rows of moved customers and leaves the forwarding rows. Comes before the flush. */
export async function moveBooks(work: Work): Promise<void> {
  if (work.moves.length === 0) return
  const { customer, customerForward, customerLink, history, tagging } = work.ledger.t
  for (const { id, from, to } of movedCustomers(work)) {
    await work.db.delete(customer).where(and(eq(customer.store_id, from), eq(customer.id, id)))
    const way = { id, from, to }
    await carry(work, tagging, way)
    await carry(work, history, way)
    await carry(work, customerLink, way, (link) => link['linked_store_id'] !== to)
    await carryPhones(work, id, from, to)
  }
  const forwards = new Map(
    work.moves.map(({ customer_id, from, to, day }) => [
      `${from}|${customer_id}`,
      { store_id: from, customer_id, to_store_id: to, state: 'moved' as const, day },
    ]),
  )
  const rows = [...forwards].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  await upsertRows(work.db, customerForward, ['store_id', 'customer_id'], rows)
}

/**
 * What the two homes hear: the old one gives the customer and other stores' history back unless a
 * link holds them there; the new one gets the whole history but its own visits, which it has.
 */
export function feedMoves(work: Work, feeds: Feeds, changes: readonly HistoryChange[]): void {
  for (const { id, from, to } of movedCustomers(work)) {
    const mine = changes.filter((change) => change.customer_id === id)
    for (const row of historyAfter(work, id, mine).values())
      if (row.store_id !== to) feeds.put(to, historyRowId(row), 'history', row)
    if (work.links.get(id)?.has(from)) continue
    feeds.end(from, id, 'customer', 'leave')
    for (const row of work.history.get(id)?.values() ?? [])
      if (row.store_id !== from) feeds.end(from, historyRowId(row), 'history', 'leave')
  }
}
