import { and, eq, inArray, isNotNull, isNull } from 'drizzle-orm'
import { kinOf } from '#model/merge.ts'
import type { Db } from './engine.ts'
import type { CustomerColumns } from './forwards.ts'
import type { Ledger } from './ledger.ts'
import { rebuild } from './rebuild.ts'
import { insertNew, insertRows, selectByKeys, upsertRows } from './rows.ts'

// An emptied op says nothing any more, so a replay takes it over as it is, and what is kept of the
// erased person (visits, history, tags under the surrogate) is copied beside it.

type OpColumns = Ledger['t']['op']['$inferSelect']

/** Takes over ops without a payload, with the outcome that they had. */
export async function copyEmptied(to: Ledger, db: Db, rows: readonly OpColumns[]): Promise<void> {
  if (rows.length === 0) return
  const { op, opSeen } = to.t
  await insertRows(db, op, rows)
  const seen = rows.flatMap(({ op: { store_id }, op_id, status, reason }) =>
    status === 'dup' ? [] : [{ store_id, op_id, status, reason }],
  )
  await insertNew(db, opSeen, seen)
}

/**
 * Records that were one person with somebody erased and live on: what was said of them under the
 * other's name is in no op any more.
 */
async function livingKin(from: Ledger, erased: readonly CustomerColumns[]) {
  const { customer, tagging } = from.t
  const ids = [...new Set(erased.flatMap((row) => kinOf(row).map(({ id }) => id)))].sort()
  const people = await selectByKeys(ids, (slice) =>
    from.db
      .select()
      .from(customer)
      .where(and(inArray(customer.id, slice), isNull(customer.erased_on))),
  )
  const tags = await selectByKeys(people.map((row) => row.id).sort(), (slice) =>
    from.db.select().from(tagging).where(inArray(tagging.customer_id, slice)),
  )
  return { people, tags }
}

/** Copies the rows of everybody who was erased, and counts the figures anew. */
export async function copyForgotten(from: Ledger, to: Ledger): Promise<void> {
  const { customer, customerForward, op, quarantine, tagging, history, visit } = from.t
  const forwards = await from.db
    .select()
    .from(customerForward)
    .where(eq(customerForward.state, 'erased'))
  const people = await from.db.select().from(customer).where(isNotNull(customer.erased_on))
  const emptied = await from.db
    .select({ op_id: op.op_id })
    .from(op)
    .where(and(isNotNull(op.erased_hash), eq(op.status, 'quarantined')))
  if (forwards.length + people.length + emptied.length === 0) return
  const kin = await livingKin(from, people)
  const ids = people.map((row) => row.id).sort()
  const tags = await selectByKeys(ids, (slice) =>
    from.db.select().from(tagging).where(inArray(tagging.customer_id, slice)),
  )
  const days = await selectByKeys(ids, (slice) =>
    from.db.select().from(history).where(inArray(history.customer_id, slice)),
  )
  const visits = await selectByKeys(ids, (slice) =>
    from.db.select().from(visit).where(inArray(visit.customer_id, slice)),
  )
  const refused = await selectByKeys(
    emptied.map((row) => row.op_id),
    (slice) => from.db.select().from(quarantine).where(inArray(quarantine.op_id, slice)),
  )
  await to.tx(async (db) => {
    await upsertRows(db, to.t.customerForward, ['store_id', 'customer_id'], forwards)
    await insertRows(db, to.t.customer, people)
    await upsertRows(db, to.t.customer, ['store_id', 'id'], kin.people)
    await insertRows(db, to.t.tagging, tags)
    await upsertRows(db, to.t.tagging, ['store_id', 'customer_id', 'dot'], kin.tags)
    await insertRows(db, to.t.history, days)
    await insertRows(db, to.t.visit, visits)
    await insertNew(db, to.t.quarantine, refused)
  })
  await rebuild(to, { write: true })
}
