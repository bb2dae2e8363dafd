import { and, eq } from 'drizzle-orm'
import type { Customer, Tagging } from '#model/customer.ts'
import type { HistoryRow } from '#model/visit.ts'
import { type CustomerColumns, lockCustomers } from './forwards.ts'
import { keptQuery } from './kept-query.ts'
import type { Ledger } from './ledger.ts'
import type { Groups } from './groups.ts'
import { among, selectByKeys } from './rows.ts'
import { historyKey, type Work } from './work.ts'

type HistoryColumns = Ledger['t']['history']['$inferSelect']

/** Some customers of one home. */
interface AtHome extends Record<string, string | readonly string[]> {
  home: string
  ids: readonly string[]
}

const selectTaggings = keptQuery(({ t: { tagging } }, db, { home, ids }: AtHome) =>
  db
    .select()
    .from(tagging)
    .where(and(eq(tagging.store_id, home), among(tagging.customer_id, ids)))
    .orderBy(tagging.customer_id, tagging.dot),
)

const selectHistory = keptQuery(({ t: { history } }, db, { home, ids }: AtHome) =>
  db
    .select()
    .from(history)
    .where(and(eq(history.store_id, home), among(history.customer_id, ids)))
    .orderBy(history.customer_id, history.day, history.at_store_id),
)

const selectLinks = keptQuery(({ t: { customerLink } }, db, { home, ids }: AtHome) =>
  db
    .select()
    .from(customerLink)
    .where(and(eq(customerLink.store_id, home), among(customerLink.customer_id, ids)))
    .orderBy(customerLink.customer_id, customerLink.linked_store_id),
)

export function customerOfColumns(row: CustomerColumns, taggings: Tagging[]): Customer {
  const { store_id, pinyin: _pinyin, initials: _initials, search: _search, ...kept } = row
  return { ...kept, home_store_id: store_id, taggings }
}

export function historyOfColumns(row: HistoryColumns): HistoryRow {
  const { store_id: _home, at_store_id, ...kept } = row
  return { ...kept, store_id: at_store_id }
}

async function loadTaggings(work: Work, home: string, ids: string[]) {
  const rows = await selectByKeys(ids, (slice) =>
    selectTaggings(work.ledger, work.db, { home, ids: slice }),
  )
  const byCustomer = new Map<string, Tagging[]>()
  for (const { store_id: _home, customer_id, ...row } of rows) {
    const known = byCustomer.get(customer_id)
    if (known) known.push(row)
    else byCustomer.set(customer_id, [row])
  }
  return byCustomer
}

async function loadHistory(work: Work, home: string, ids: string[]): Promise<void> {
  for (const id of ids) work.history.set(id, new Map())
  const rows = await selectByKeys(ids, (slice) =>
    selectHistory(work.ledger, work.db, { home, ids: slice }),
  )
  for (const row of rows)
    work.history
      .get(row.customer_id)
      ?.set(historyKey(row.day, row.at_store_id), historyOfColumns(row))
}

async function loadLinks(work: Work, home: string, ids: string[]): Promise<void> {
  for (const id of ids) work.links.set(id, new Map())
  const rows = await selectByKeys(ids, (slice) =>
    selectLinks(work.ledger, work.db, { home, ids: slice }),
  )
  for (const row of rows) work.links.get(row.customer_id)?.set(row.linked_store_id, row.last_day)
}

/**
 * Locks the customers that are meant, one home at a time in sorted order, then reads their facts
 * under the lock: two tablets that push one customer's first visit at once count it once.
 */
export async function loadCustomers(work: Work, meant: Groups): Promise<void> {
  const rows = await lockCustomers(work, meant)
  for (const [home, living] of Map.groupBy(rows, (row) => row.store_id)) {
    const ids = living.map((row) => row.id).sort()
    const taggings = await loadTaggings(work, home, ids)
    for (const row of living)
      work.customers.load(row.id, customerOfColumns(row, taggings.get(row.id) ?? []))
    await loadHistory(work, home, ids)
    await loadLinks(work, home, ids)
  }
}
