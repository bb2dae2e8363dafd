import { and, eq, gt, inArray, lte, max } from 'drizzle-orm'
import { homeOn, homeSpans } from '#model/homes.ts'
import { holderOn, kinOf, mergedDays } from '#model/merge.ts'
import type { RecountFault } from '#model/statement.ts'
import type { Ledger } from './ledger.ts'
import { selectByKeys, upsertRows } from './rows.ts'
import { levelRows } from './sums.ts'

// The statement's closing counted a second time, in another way: from the visits of each customer,
// not from what is kept by difference. Whoever reads the statement is told what it came to.

const RECOUNT = 'active'

type Merged = Pick<Ledger['t']['customer']['$inferSelect'], 'id' | 'merges' | 'absorbed'>

/** The same of somebody with several records: by the days that were theirs, in whatever book. */
async function isHeldActive(ledger: Ledger, person: Merged, day: number): Promise<boolean> {
  if (mergedDays(person).some(([from, to]) => from <= day && day < to)) return false
  const people = await readKin(ledger, person)
  const mergesOf = (id: string) => people.get(id)?.merges ?? null
  const { history } = ledger.t
  const rows = await ledger.db
    .select({ id: history.customer_id, day: history.day })
    .from(history)
    .where(
      and(
        inArray(history.customer_id, [...people.keys()].sort()),
        gt(history.day, day - ledger.activityDays),
        lte(history.day, day),
      ),
    )
  return rows.some((row) => holderOn(row.id, row.day, mergesOf) === person.id)
}

/** All records that are or were one person with this one. */
async function readKin(ledger: Ledger, person: Merged): Promise<Map<string, Merged>> {
  const { id, merges, absorbed } = ledger.t.customer
  const people = new Map([[person.id, person]])
  for (let wanted = kinOf(person); wanted.length > 0;) {
    const ids = wanted.map((kin) => kin.id).filter((kin) => !people.has(kin))
    const rows = await selectByKeys([...new Set(ids)].sort(), (slice) =>
      ledger.db.select({ id, merges, absorbed }).from(ledger.t.customer).where(inArray(id, slice)),
    )
    for (const row of rows) people.set(row.id, row)
    wanted = rows.flatMap(kinOf)
  }
  return people
}

/** Active customers by the home that they had at the end of a day, from one book's facts. */
async function countBook(
  ledger: Ledger,
  storeId: string,
  day: number,
  counts: Map<string, number>,
): Promise<void> {
  const { customer, history } = ledger.t
  const seen = await ledger.db
    .select({ id: history.customer_id, last: max(history.day) })
    .from(history)
    .where(
      and(
        eq(history.store_id, storeId),
        gt(history.day, day - ledger.activityDays),
        lte(history.day, day),
      ),
    )
    .groupBy(history.customer_id)
  const people = await ledger.db
    .select({
      id: customer.id,
      homes: customer.homes,
      merges: customer.merges,
      absorbed: customer.absorbed,
      erased_on: customer.erased_on,
    })
    .from(customer)
    .where(eq(customer.store_id, storeId))
  const active = new Set(seen.map((row) => row.id))
  for (const { id, homes, erased_on, ...kin } of people) {
    if (erased_on !== null && erased_on <= day) continue
    const isOne = kin.merges !== null || kin.absorbed !== null
    const isActive = isOne ? await isHeldActive(ledger, { id, ...kin }, day) : active.has(id)
    if (!isActive) continue
    const home = homeOn(homeSpans({ home_store_id: storeId, homes }), day).store_id
    counts.set(home, (counts.get(home) ?? 0) + 1)
  }
}

/** What is kept of active customers at the end of a day, by store. */
async function keptActive(ledger: Ledger, day: number): Promise<Map<string, number>> {
  const kept = new Map<string, number>()
  for (const { scope, value } of await levelRows(ledger, day, ['active']))
    kept.set(scope, (kept.get(scope) ?? 0) + value)
  return kept
}

async function countOnce(ledger: Ledger, ids: readonly string[], day: number) {
  const counted = new Map<string, number>()
  for (const id of ids) await countBook(ledger, id, day, counted)
  const kept = await keptActive(ledger, day)
  return ids.flatMap((id): RecountFault[] => {
    const [expected, found] = [counted.get(id) ?? 0, kept.get(id) ?? 0]
    return expected === found ? [] : [{ store_id: id, expected, found }]
  })
}

/**
 * Counts every store's active customers at the end of a day, and keeps where that differs. What
 * differs is counted once more: somebody may have written of that day meanwhile.
 */
export async function recount(
  ledger: Ledger,
  day: number,
  now: number,
): Promise<{ stores: number; faults: RecountFault[] }> {
  const { store } = ledger.t
  const stores = await ledger.db.select({ id: store.id }).from(store)
  const ids = stores.map(({ id }) => id)
  let faults = await countOnce(ledger, ids, day)
  // Whose home it was on that day may stand in any book, so all of them are counted again.
  if (faults.length > 0) faults = await countOnce(ledger, ids, day)
  const row = { id: RECOUNT, day, counted_at: now, stores: stores.length, faults }
  await ledger.tx((db) => upsertRows(db, ledger.t.recount, ['id'], [row]))
  return { stores: stores.length, faults }
}

export async function lastRecount(ledger: Ledger) {
  const { recount: table } = ledger.t
  const [row] = await ledger.db.select().from(table).where(eq(table.id, RECOUNT))
  return row ?? null
}
