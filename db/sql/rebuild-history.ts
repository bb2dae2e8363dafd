import { and, asc, eq } from 'drizzle-orm'
import type { StampedVisit } from '#model/apply.ts'
import { foldDay, type HistoryRow } from '#model/visit.ts'
import type { HistoryChange } from './derive.ts'
import type { Difference } from './difference.ts'
import { writeHistory } from './flush.ts'
import type { Ledger } from './ledger.ts'
import { historyOfColumns } from './load-customers.ts'
import type { People } from './rebuild-people.ts'
import type { StoreColumns } from './reports.ts'
import { historyKey } from './work.ts'

// History rows recounted from the visits, one store's visits at a time.

/** What a store's visits come to. */
export interface FoldedVisits {
  /** People nobody asked for a name. */
  tallies: { day: number; count: number }[]
  /** A row per customer and day, with the store where the customer lives now. */
  rows: { home: string; row: HistoryRow }[]
}

/** Visits of a book in the order of its days, folded into history rows and tallies. */
export async function foldVisits(
  ledger: Ledger,
  store: StoreColumns,
  people: People,
): Promise<FoldedVisits> {
  const { visit } = ledger.t
  const visits: StampedVisit[] = await ledger.db
    .select()
    .from(visit)
    .where(eq(visit.store_id, store.id))
    .orderBy(asc(visit.id))
  const tallies: FoldedVisits['tallies'] = []
  const days = new Map<string, StampedVisit[]>()
  for (const one of visits) {
    if (one.customer_id === null) {
      if (!one.void) tallies.push(one)
      continue
    }
    const key = `${one.customer_id}|${one.day}`
    const known = days.get(key)
    if (known) known.push(one)
    else days.set(key, [one])
  }
  const rows = [...days.values()].flatMap((group) => {
    const row = foldDay(group, store.region_id)
    return row ? [{ home: people.homeOf(row.customer_id) ?? '', row }] : []
  })
  return { tallies, rows }
}

/** Where kept rows are not what the visits say: the row by customer and `historyKey`, or none. */
export type Corrections = Map<string, Map<string, HistoryRow | null>>

type Rows = Map<string, HistoryRow>

function keyOf(row: HistoryRow): string {
  return `${row.customer_id}|${historyKey(row.day, row.store_id)}`
}

function textOf(row: HistoryRow | null): string | null {
  return row ? [row.visits, row.sales, row.spend_minor, row.purposes, row.first_at].join('/') : null
}

function mapIn<K, V>(outer: Map<string, Map<K, V>>, key: string): Map<K, V> {
  let inner = outer.get(key)
  if (!inner) outer.set(key, (inner = new Map<K, V>()))
  return inner
}

/** Which homes keep rows of visits at each store. */
async function keptHomes(ledger: Ledger): Promise<Map<string, string[]>> {
  const { store_id, at_store_id } = ledger.t.history
  const pairs = await ledger.db
    .select({ home: store_id, at: at_store_id })
    .from(ledger.t.history)
    .groupBy(store_id, at_store_id)
  const homes = Map.groupBy(pairs, ({ at }) => at)
  return new Map([...homes].map(([at, rows]) => [at, rows.map(({ home }) => home)]))
}

async function keptRows(ledger: Ledger, home: string, at: string): Promise<Rows> {
  const { history } = ledger.t
  const rows = await ledger.db
    .select()
    .from(history)
    .where(and(eq(history.store_id, home), eq(history.at_store_id, at)))
  return new Map(rows.map(historyOfColumns).map((row) => [keyOf(row), row]))
}

/** Rows of books that are not what one store's visits say, and what is right. */
async function wrongRows(
  ledger: Ledger,
  at: string,
  recounted: Map<string, Rows>,
  homes: Iterable<string>,
): Promise<HistoryChange[]> {
  const wrong: HistoryChange[] = []
  for (const home of homes) {
    const [kept, counted] = [await keptRows(ledger, home, at), mapIn(recounted, home)]
    for (const key of new Set([...kept.keys(), ...counted.keys()])) {
      const [before, row] = [kept.get(key) ?? null, counted.get(key) ?? null]
      const customer_id = (row ?? before)?.customer_id ?? ''
      if (textOf(before) !== textOf(row)) wrong.push({ home, key, customer_id, before, row })
    }
  }
  return wrong
}

/** Finds the kept history rows that are not what the visits say; written right if asked. */
export async function checkHistories(
  ledger: Ledger,
  stores: readonly StoreColumns[],
  people: People,
  write: boolean,
  found: (difference: Difference) => void,
): Promise<Corrections> {
  const corrections: Corrections = new Map()
  const homesOf = await keptHomes(ledger)
  const known = new Set(stores.map(({ id }) => id))
  for (const store of stores) {
    const recounted = new Map<string, Rows>()
    for (const { home, row } of (await foldVisits(ledger, store, people)).rows)
      mapIn(recounted, home).set(keyOf(row), row)
    const homes = new Set([...recounted.keys(), ...(homesOf.get(store.id) ?? [])])
    const wrong = await wrongRows(ledger, store.id, recounted, homes.intersection(known))
    for (const { home, key, customer_id, before, row } of wrong) {
      const said = { kept: textOf(before), recounted: textOf(row) }
      found({ what: 'history', store_id: home, key, ...said })
      if (people.homeOf(customer_id) === home)
        mapIn(corrections, customer_id).set(key.slice(customer_id.length + 1), row)
    }
    if (write && wrong.length > 0) await ledger.tx((db) => writeHistory(ledger, db, wrong))
  }
  return corrections
}
