import { and, eq, inArray, type SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { businessDay } from '#model/calendar.ts'
import { addFigure, figureKey, type Figures, parseFigureKey } from '#model/figures.ts'
import {
  type CustomerFacts,
  foldCustomer,
  foldHistoryRow,
  foldTally,
  movementsOfCustomer,
  type TaggedSpan,
} from '#model/fold.ts'
import { homeSpans } from '#model/homes.ts'
import { mergedDays } from '#model/merge.ts'
import type { HistoryRow } from '#model/visit.ts'
import { compareFigures, type Difference } from './difference.ts'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { historyOfColumns } from './load-customers.ts'
import { type Corrections, foldVisits } from './rebuild-history.ts'
import { type BookMovements, noteMovements, recountMovements } from './rebuild-movements.ts'
import type { People } from './rebuild-people.ts'
import type { StoreColumns } from './reports.ts'
import { chunksOf, insertRows, selectByKeys } from './rows.ts'
import { historyKey } from './work.ts'

// Figures and movements of some books, recounted from the facts of everybody who ever lived or was
// seen there.

/** What all books are recounted from. */
export interface Facts {
  ledger: Ledger
  stores: ReadonlyMap<string, StoreColumns>
  groupOfTag: ReadonlyMap<string, string>
  people: People
  corrections: Corrections
}

type ByCustomer<T> = Map<string, T[]>

/** The kept row as it is right, with the region that its store is in now. */
function corrected(facts: Facts, id: string, kept: readonly HistoryRow[]): HistoryRow[] {
  const regionOf = (row: HistoryRow) => facts.stores.get(row.store_id)?.region_id ?? null
  const rows = new Map(
    kept.map((row) => [historyKey(row.day, row.store_id), { ...row, region_id: regionOf(row) }]),
  )
  for (const [key, row] of facts.corrections.get(id) ?? []) {
    if (row) rows.set(key, row)
    else rows.delete(key)
  }
  return [...rows.values()]
}

/** Rows of some customers in a book; null: of all of them. */
function ofCustomers<R>(
  ids: readonly string[] | null,
  select: (areTheirs: (column: SQLiteColumn) => SQL | undefined) => PromiseLike<R[]>,
): PromiseLike<R[]> {
  if (ids === null) return select(() => undefined)
  return selectByKeys(ids, (slice) => select((column) => inArray(column, slice)))
}

/** What stands of some customers in the book where they live; null: of all who live there. */
async function readBook({ ledger, groupOfTag }: Facts, home: StoreColumns, ids: string[] | null) {
  const { history, tagging } = ledger.t
  const rows = await ofCustomers(ids, (areTheirs) =>
    ledger.db
      .select()
      .from(history)
      .where(and(eq(history.store_id, home.id), areTheirs(history.customer_id))),
  )
  const tags = await ofCustomers(ids, (areTheirs) =>
    ledger.db
      .select()
      .from(tagging)
      .where(and(eq(tagging.store_id, home.id), areTheirs(tagging.customer_id)))
      .orderBy(tagging.customer_id, tagging.dot),
  )
  const dayOf = (at: number) => businessDay(at, home.zone, home.cutoff_minutes)
  const spanOf = ({ tag_id, at, off_at }: (typeof tags)[number]): TaggedSpan => ({
    group_id: groupOfTag.get(tag_id) ?? 'unknown',
    from: dayOf(at),
    to: off_at === null ? null : dayOf(off_at),
  })
  return {
    histories: Map.groupBy(rows.map(historyOfColumns), (row) => row.customer_id),
    tagged: Map.groupBy(tags, (row) => row.customer_id),
    spanOf,
  }
}

/** History rows and tags of some people, from the books where they live now. */
async function readRecords(facts: Facts, wanted: ReadonlySet<string>, books: ReadonlySet<string>) {
  const histories: ByCustomer<HistoryRow> = new Map()
  const tagged: ByCustomer<TaggedSpan> = new Map()
  const byHome = Map.groupBy(wanted, (id) => facts.people.homeOf(id) ?? '')
  for (const [homeId, ids] of byHome) {
    const home = facts.stores.get(homeId)
    if (!home) continue
    const book = await readBook(facts, home, books.has(homeId) ? null : ids)
    for (const id of ids) {
      histories.set(id, corrected(facts, id, book.histories.get(id) ?? []))
      tagged.set(id, (book.tagged.get(id) ?? []).map(book.spanOf))
    }
  }
  return { histories, tagged }
}

/** Folds some people; what falls to other books than these is left to those. */
async function countPeople(
  facts: Facts,
  concerned: ReadonlySet<string>,
  books: ReadonlyMap<string, Figures>,
  movements: BookMovements,
): Promise<void> {
  const { people } = facts
  const wanted = new Set([...concerned].flatMap((id) => people.withParts(id)))
  const { histories, tagged } = await readRecords(facts, wanted, new Set(books.keys()))
  for (const id of concerned) {
    const life = people.get(id)
    if (!life) continue
    const history = people
      .withParts(id)
      .flatMap((part) =>
        (histories.get(part) ?? []).filter((row) => people.holderOn(part, row.day) === id),
      )
    const spans = tagged.get(id) ?? []
    if (history.length + spans.length === 0) continue
    const told: CustomerFacts = {
      history,
      tagged: spans,
      homes: homeSpans({ home_store_id: life.store_id, homes: life.homes }),
      merged: mergedDays(life),
      erased_on: life.erased_on,
    }
    for (const [storeId, folded] of foldCustomer(told, facts.ledger.activityDays)) {
      const book = books.get(storeId)
      if (book) for (const [key, amount] of folded) addFigure(book, key, amount)
    }
    const own = movementsOfCustomer(told, facts.ledger.activityDays).filter(({ store_id }) =>
      books.has(store_id),
    )
    noteMovements(movements, id, own)
  }
}

async function keptFigures(ledger: Ledger, storeId: string): Promise<Figures> {
  const { metricDay, metricMonth } = ledger.t
  const kept: Figures = new Map()
  const days = await ledger.db.select().from(metricDay).where(eq(metricDay.store_id, storeId))
  for (const row of days) addFigure(kept, figureKey('d', row.scope, row.day, row.metric), row.value)
  const months = await ledger.db.select().from(metricMonth).where(eq(metricMonth.store_id, storeId))
  for (const row of months)
    addFigure(kept, figureKey('m', row.scope, row.day, row.metric), row.value)
  return kept
}

/** Writes a book's figures, as told to the rollups: those are counted anew after it. */
async function writeBook(ledger: Ledger, db: Db, storeId: string, figures: Figures) {
  const { metricDay, metricMonth } = ledger.t
  await db.delete(metricDay).where(eq(metricDay.store_id, storeId))
  await db.delete(metricMonth).where(eq(metricMonth.store_id, storeId))
  const rows = [...figures].map(([key, value]) => ({
    ...parseFigureKey(key),
    store_id: storeId,
    value,
    rolled: value,
  }))
  for (const chunk of chunksOf(rows, 5000)) {
    const days = chunk.filter((row) => row.table === 'd').map(({ table: _t, ...row }) => row)
    const months = chunk.filter((row) => row.table === 'm').map(({ table: _t, ...row }) => row)
    await insertRows(db, metricDay, days)
    await insertRows(db, metricMonth, months)
  }
}

/** Recounts some books and tells every difference; written where they are when `write` says so. */
export async function recountBooks(
  facts: Facts,
  stores: readonly StoreColumns[],
  write: boolean,
  found: (difference: Difference) => void,
): Promise<void> {
  const { ledger, people } = facts
  const books = new Map<string, Figures>()
  const concerned = people.everAt(stores.map(({ id }) => id))
  for (const store of stores) {
    const figures: Figures = new Map()
    const { tallies, rows } = await foldVisits(ledger, store, people)
    for (const { day, count } of tallies)
      for (const [key, amount] of foldTally(day, count)) addFigure(figures, key, amount)
    for (const { row } of rows) {
      for (const [key, amount] of foldHistoryRow(row)) addFigure(figures, key, amount)
      // Whom the store won counts in its book, wherever they live.
      concerned.add(people.holderOn(row.customer_id, row.day))
    }
    books.set(store.id, figures)
  }
  const movements: BookMovements = new Map()
  await countPeople(facts, concerned, books, movements)
  for (const [id, figures] of books) {
    const wrong = compareFigures('figure', id, await keptFigures(ledger, id), figures)
    wrong.forEach(found)
    if (write && wrong.length > 0) await ledger.tx((db) => writeBook(ledger, db, id, figures))
    const moved = await recountMovements(ledger, id, movements.get(id), write)
    moved.forEach(found)
  }
}
