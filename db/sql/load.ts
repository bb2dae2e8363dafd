import { and, eq, gte, lte } from 'drizzle-orm'
import { homesOf } from '#model/homes.ts'
import { CHAIN } from '#model/id.ts'
import { isChainKind } from '#model/kinds.ts'
import { findForgotten, idIn, noteVisitors, subjectOf } from './forgotten.ts'
import { Groups } from './groups.ts'
import { keptQuery } from './kept-query.ts'
import { loadCustomers } from './load-customers.ts'
import { loadReferences } from './reference.ts'
import { among, selectByKeys } from './rows.ts'
import { type Item, tagGroupOf, visitKey, type Work } from './work.ts'

// Loads what a batch's ops speak of, in an order that cannot deadlock: visits, then customers one
// book at a time in sorted order, each locked before any fact of theirs is read.

async function loadMentioned(work: Work, items: readonly Item[]): Promise<void> {
  const locked = new Groups()
  const mentioned = new Groups()
  for (const { op } of items) {
    if (isChainKind(op.kind)) locked.add(op.kind, op.record_id)
    mentioned.add('staff', op.actor_id)
    if (op.store_id !== CHAIN) mentioned.add('store', op.store_id)
    for (const field of ['home_store_id', 'to_store_id', 'into_home_store_id']) {
      const store = idIn(op, field)
      if (store) mentioned.add('store', store)
    }
    const tag = idIn(op, 'tag_id')
    if (tag) mentioned.add('tag', tag)
    const group = op.kind === 'tag' ? idIn(op, 'group_id') : null
    if (group) mentioned.add('tag_group', group)
  }
  for (const [kind, ids] of locked.sorted()) await loadInto(work, kind, ids, true)
  for (const [kind, ids] of mentioned.sorted()) await loadInto(work, kind, ids, false)
}

async function loadInto(work: Work, kind: string, ids: string[], lock: boolean): Promise<void> {
  if (!isChainKind(kind)) return
  const missing = lock ? ids : ids.filter((id) => !work.references.get(id))
  for (const record of await loadReferences(work.ledger, work.db, kind, missing, lock))
    work.references.load(record.id, record)
}

const lockVisits = keptQuery(
  (ledger, db, { storeId, ids }: { storeId: string; ids: readonly string[] }) => {
    const { visit } = ledger.t
    const named = and(eq(visit.store_id, storeId), among(visit.id, ids))
    return ledger.forUpdate(db.select().from(visit).where(named).orderBy(visit.id))
  },
)

const selectDays = keptQuery(
  (
    { t: { visit } },
    db,
    days: { storeId: string; customers: readonly string[]; from: number; to: number },
  ) => {
    const theirs = and(eq(visit.store_id, days.storeId), among(visit.customer_id, days.customers))
    const within = and(gte(visit.day, days.from), lte(visit.day, days.to))
    return db.select().from(visit).where(and(theirs, within))
  },
)

/** Loads and locks the visits that ops edit; a repeated `visit` must meet itself, too. */
async function loadVisits(work: Work, items: readonly Item[]): Promise<void> {
  const groups = new Groups()
  for (const { op } of items) if (op.kind === 'visit') groups.add(op.store_id, op.record_id)
  for (const [storeId, ids] of groups.sorted()) {
    const rows = await selectByKeys(ids, (slice) =>
      lockVisits(work.ledger, work.db, { storeId, ids: slice }),
    )
    for (const row of rows) work.visits.load(visitKey(storeId, row.id), row)
  }
}

/** Where each customer that an op speaks of is said to live; the op's own store stands in. */
function customersMeant(work: Work, items: readonly Item[]): Groups {
  const homes = new Groups()
  for (const { op } of items) {
    const customerId = subjectOf(work, op)
    if (customerId === null) continue
    const visit = work.visits.get(visitKey(op.store_id, op.record_id))
    const home = visit ? visit.home_store_id : idIn(op, 'home_store_id')
    const at = home ?? (op.store_id === CHAIN ? null : op.store_id)
    if (at !== null) homes.add(at, customerId)
    const into = op.type === 'merge' ? idIn(op, 'into_id') : null
    const intoHome = idIn(op, 'into_home_store_id')
    if (into !== null && intoHome !== null) homes.add(intoHome, into)
  }
  return homes
}

/** All visits of the days that the batch's visits fall on, because a day is folded as a whole. */
export async function loadDays(work: Work): Promise<void> {
  const days = new Map<string, { customers: Set<string>; from: number; to: number }>()
  for (const [, { customer_id, store_id, day }] of work.visits.changes()) {
    if (customer_id === null) continue
    const known = days.get(store_id)
    if (!known) days.set(store_id, { customers: new Set([customer_id]), from: day, to: day })
    else {
      known.customers.add(customer_id)
      known.from = Math.min(known.from, day)
      known.to = Math.max(known.to, day)
    }
  }
  for (const [storeId, { customers, from, to }] of days) {
    const rows = await selectByKeys([...customers].sort(), (slice) =>
      selectDays(work.ledger, work.db, { storeId, customers: slice, from, to }),
    )
    // Asked to sort, SQLite walks through all visits of the store rather than use the index.
    rows.sort((a, b) => (a.id < b.id ? -1 : 1))
    for (const row of rows) {
      const key = visitKey(storeId, row.id)
      if (!work.visits.before(key)) work.visits.load(key, row)
    }
  }
}

/** The groups of all tags that the loaded customers ever had; coverage is folded per group. */
async function loadTagsOfCustomers(work: Work): Promise<void> {
  const ids = new Set<string>()
  for (const [, customer] of work.customers.all())
    for (const { tag_id } of customer.taggings)
      if (tagGroupOf(work, tag_id) === null) ids.add(tag_id)
  if (ids.size > 0) await loadInto(work, 'tag', [...ids].sort(), false)
}

/**
 * Figures follow the zone of each customer's home, which need not be the one the op names; the end
 * of a merge leads back to a former one.
 */
async function loadHomes(work: Work): Promise<void> {
  const homes = new Set(work.customers.all().flatMap(([, customer]) => homesOf(customer)))
  const unknown = [...homes].filter((home) => !work.references.get(home)).sort()
  if (unknown.length > 0) await loadInto(work, 'store', unknown, false)
}

export async function loadWork(work: Work, items: readonly Item[]): Promise<void> {
  await loadMentioned(work, items)
  await loadVisits(work, items)
  noteVisitors(work, items)
  await loadCustomers(work, customersMeant(work, items))
  await findForgotten(work, items)
  await loadTagsOfCustomers(work)
  await loadHomes(work)
}
