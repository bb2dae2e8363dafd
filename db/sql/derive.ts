import { businessDay } from '#model/calendar.ts'
import type { StampedVisit } from '#model/apply.ts'
import type { Customer } from '#model/customer.ts'
import {
  type CustomerFacts,
  foldChange,
  foldHistoryRow,
  foldTally,
  type TaggedSpan,
} from '#model/fold.ts'
import { differenceOf, type Figures } from '#model/figures.ts'
import { homeSpans } from '#model/homes.ts'
import { holderOn, kinOf, mergedDays } from '#model/merge.ts'
import { foldDay, type HistoryRow } from '#model/visit.ts'
import { addToBook, historyKey, storeInfo, tagGroupOf, type Work } from './work.ts'

// What follows from the facts of a batch: history rows and figure differences. Everything is
// computed from (before, after), so a repeated push, which changes nothing, adds nothing.

/** A history row that the batch changed; `row` is null when no valid visit is left that day. */
export interface HistoryChange {
  customer_id: string
  home: string
  key: string
  before: HistoryRow | null
  row: HistoryRow | null
}

function tallyOf(visit: StampedVisit | undefined): Figures {
  if (!visit || visit.void || visit.customer_id !== null) return new Map()
  return foldTally(visit.day, visit.count)
}

/** Anonymous tallies go straight to the figures of their store. */
function deriveTallies(work: Work): void {
  for (const [key, visit] of work.visits.changes())
    if (visit.customer_id === null)
      addToBook(
        work,
        visit.store_id,
        differenceOf(tallyOf(work.visits.before(key)), tallyOf(visit)),
      )
}

function groupVisits(work: Work): Map<string, StampedVisit[]> {
  const changed = new Set<string>()
  const groupOf = (v: StampedVisit) => `${v.customer_id ?? ''}|${historyKey(v.day, v.store_id)}`
  for (const [, visit] of work.visits.changes())
    if (visit.customer_id !== null) changed.add(groupOf(visit))
  const groups = new Map<string, StampedVisit[]>()
  for (const [, visit] of work.visits.all()) {
    const group = groupOf(visit)
    if (!changed.has(group)) continue
    const known = groups.get(group)
    if (known) known.push(visit)
    else groups.set(group, [visit])
  }
  return groups
}

function deriveHistory(work: Work): HistoryChange[] {
  const changes: HistoryChange[] = []
  for (const visits of groupVisits(work).values()) {
    const [first] = visits
    const customer = first?.customer_id ? work.customers.get(first.customer_id) : undefined
    if (!first || !customer) continue
    const key = historyKey(first.day, first.store_id)
    const before = work.history.get(customer.id)?.get(key) ?? null
    // The region stays the one in which the first visit of the day was recorded.
    const region = before ? before.region_id : (storeInfo(work, first.store_id)?.region_id ?? null)
    const row = foldDay(visits, region)
    changes.push({ customer_id: customer.id, home: customer.home_store_id, key, before, row })
    addToBook(work, first.store_id, differenceOf(foldHistoryRow(before), foldHistoryRow(row)))
  }
  return changes
}

function spansOf(work: Work, customer: Customer | undefined): TaggedSpan[] {
  if (!customer) return []
  const home = storeInfo(work, customer.home_store_id)
  const dayOf = (at: number) => businessDay(at, home?.zone ?? 'UTC', home?.cutoff_minutes ?? 0)
  return customer.taggings.map((tagging) => ({
    group_id: tagGroupOf(work, tagging.tag_id) ?? 'unknown',
    from: dayOf(tagging.at),
    to: tagging.off_at === null ? null : dayOf(tagging.off_at),
  }))
}

/** A customer's history with the batch's changes; `changes` are those of this customer. */
export function historyAfter(work: Work, customerId: string, changes: readonly HistoryChange[]) {
  const after = new Map(work.history.get(customerId) ?? [])
  for (const { key, row } of changes)
    if (row) after.set(key, row)
    else after.delete(key)
  return after
}

function factsOf(
  work: Work,
  customer: Customer | undefined,
  history: readonly HistoryRow[],
): CustomerFacts {
  return {
    history,
    tagged: spansOf(work, customer),
    homes: customer ? homeSpans(customer) : [],
    merged: customer ? mergedDays(customer) : [],
    erased_on: customer?.erased_on ?? null,
  }
}

/** Customers and their history at one time: as loaded, or with the batch's changes. */
interface Moment {
  customer(id: string): Customer | undefined
  rows(id: string): Iterable<HistoryRow>
}

/** The history that counts for a customer: that of a record which was part of it, and not else. */
function heldRows({ customer, rows }: Moment, id: string): HistoryRow[] {
  const self = customer(id)
  if (!self || (self.merges === null && self.absorbed === null)) return [...rows(id)]
  const mergesOf = (one: string) => customer(one)?.merges ?? null
  return [...kinshipOf([id], customer)]
    .sort()
    .flatMap((kin) => [...rows(kin)].filter((row) => holderOn(kin, row.day, mergesOf) === id))
}

/** Some customers and all who are or were one person with any of them. */
function kinshipOf(ids: Iterable<string>, customer: Moment['customer']): Set<string> {
  const all = new Set(ids)
  for (const id of all) {
    const one = customer(id)
    if (one) for (const kin of kinOf(one)) all.add(kin.id)
  }
  return all
}

/** Whether figures follow from what is said otherwise of a customer. */
function isConcerned(before: Customer | undefined, customer: Customer): boolean {
  return (
    customer.taggings !== (before?.taggings ?? []) ||
    customer.home_store_id !== before?.home_store_id ||
    customer.homes !== before.homes ||
    customer.merges !== before.merges ||
    // A merge that is undone on its day leaves no trace, and gives back what was the other's.
    customer.absorbed !== before.absorbed ||
    customer.erased_on !== before.erased_on
  )
}

/** Folds customers whose figures may have changed, before and after, into their homes' books. */
export function derive(work: Work): HistoryChange[] {
  deriveTallies(work)
  const changes = deriveHistory(work)
  const byCustomer = Map.groupBy(changes, (change) => change.customer_id)
  const concerned = new Set(byCustomer.keys())
  for (const [id, customer] of work.customers.changes())
    if (isConcerned(work.customers.before(id), customer)) concerned.add(id)
  const was: Moment = {
    customer: (id) => work.customers.before(id),
    rows: (id) => work.history.get(id)?.values() ?? [],
  }
  const is: Moment = {
    customer: (id) => work.customers.get(id),
    rows: (id) => historyAfter(work, id, byCustomer.get(id) ?? []).values(),
  }
  for (const id of kinshipOf(concerned, is.customer)) {
    const customer = is.customer(id)
    if (!customer) continue
    const before = factsOf(work, was.customer(id), heldRows(was, id))
    const after = factsOf(work, customer, heldRows(is, id))
    const { books, movements } = foldChange(before, after, work.ledger.activityDays)
    for (const [store, figures] of books) addToBook(work, store, figures)
    if (movements.length > 0) work.movements.set(id, movements)
  }
  return changes
}
