import { asc, eq } from 'drizzle-orm'
import { addFigure, figureKey, type Figures, parseFigureKey } from '#model/figures.ts'
import { businessDay } from '#model/calendar.ts'
import {
  type CustomerFacts,
  foldCustomer,
  foldHistoryRow,
  foldTally,
  movementsOfCustomer,
  type TaggedSpan,
} from '#model/fold.ts'
import { homeSpans } from '#model/homes.ts'
import { holderOn, mergedDays } from '#model/merge.ts'
import { foldDay, type HistoryRow } from '#model/visit.ts'
import type { StampedVisit } from '#model/apply.ts'
import { compareFigures, type Difference } from './difference.ts'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { historyOfColumns } from './load-customers.ts'
import { type BookMovements, noteMovements, recountMovements } from './rebuild-movements.ts'
import { recountRollups } from './rebuild-rollups.ts'
import { chunksOf, insertRows } from './rows.ts'
import { rollUp } from './rollup.ts'
import { historyKey } from './work.ts'

// Recomputes history and figures from the facts alone, with the same folds, and compares them to
// what was kept by difference. There must be no difference; one is a bug, and is reported.

type StoreColumns = Ledger['t']['store']['$inferSelect']

type Life = Pick<
  Ledger['t']['customer']['$inferSelect'],
  'store_id' | 'homes' | 'merges' | 'erased_on'
>
type Lives = Map<string, Life>

/** Where each customer lives and lived: a visit only names the home that its tablet knew. */
async function readLives(ledger: Ledger): Promise<Lives> {
  const { id, store_id, homes, merges, erased_on } = ledger.t.customer
  const rows = await ledger.db
    .select({ id, store_id, homes, merges, erased_on })
    .from(ledger.t.customer)
  return new Map(rows.map((row) => [row.id, row]))
}

/** Visits of a book in the order of its days, folded into history rows and tallies. */
async function recountVisits(ledger: Ledger, store: StoreColumns, lives: Lives, figures: Figures) {
  const { visit } = ledger.t
  const visits: StampedVisit[] = await ledger.db
    .select()
    .from(visit)
    .where(eq(visit.store_id, store.id))
    .orderBy(asc(visit.id))
  const days = new Map<string, StampedVisit[]>()
  for (const one of visits) {
    if (one.customer_id === null) {
      if (one.void) continue
      for (const [key, amount] of foldTally(one.day, one.count)) addFigure(figures, key, amount)
      continue
    }
    const key = `${lives.get(one.customer_id)?.store_id ?? ''}|${one.customer_id}|${one.day}`
    const known = days.get(key)
    if (known) known.push(one)
    else days.set(key, [one])
  }
  const rows: { home: string; row: HistoryRow }[] = []
  for (const [key, group] of days) {
    const row = foldDay(group, store.region_id)
    if (!row) continue
    for (const [figure, amount] of foldHistoryRow(row)) addFigure(figures, figure, amount)
    rows.push({ home: key.slice(0, key.indexOf('|')), row })
  }
  return rows
}

async function spansByCustomer(ledger: Ledger, store: StoreColumns) {
  const { tagging, tag } = ledger.t
  const groups = new Map(
    (await ledger.db.select({ id: tag.id, group: tag.group_id }).from(tag)).map((row) => [
      row.id,
      row.group,
    ]),
  )
  const rows = await ledger.db
    .select()
    .from(tagging)
    .where(eq(tagging.store_id, store.id))
    .orderBy(tagging.customer_id, tagging.dot)
  const dayOf = (at: number) => businessDay(at, store.zone, store.cutoff_minutes)
  const spans = new Map<string, TaggedSpan[]>()
  for (const row of rows) {
    const span: TaggedSpan = {
      group_id: groups.get(row.tag_id) ?? 'unknown',
      from: dayOf(row.at),
      to: row.off_at === null ? null : dayOf(row.off_at),
    }
    const known = spans.get(row.customer_id)
    if (known) known.push(span)
    else spans.set(row.customer_id, [span])
  }
  return spans
}

function compareHistory(
  home: string,
  kept: Map<string, HistoryRow>,
  recounted: Map<string, HistoryRow>,
): Difference[] {
  const keys = new Set([...kept.keys(), ...recounted.keys()])
  return [...keys].flatMap((key): Difference[] => {
    const [a, b] = [kept.get(key), recounted.get(key)]
    const text = (row: HistoryRow | undefined) =>
      row ? [row.visits, row.sales, row.spend_minor, row.purposes, row.first_at].join('/') : null
    if (text(a) === text(b)) return []
    return [{ what: 'history', store_id: home, key, kept: text(a), recounted: text(b) }]
  })
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

/** Writes a book's figures; the rollups are counted anew after it. */
async function writeBook(ledger: Ledger, db: Db, storeId: string, figures: Figures) {
  const { metricDay, metricMonth } = ledger.t
  await db.delete(metricDay).where(eq(metricDay.store_id, storeId))
  await db.delete(metricMonth).where(eq(metricMonth.store_id, storeId))
  const rows = [...figures].map(([key, value]) => ({
    ...parseFigureKey(key),
    store_id: storeId,
    value,
    rolled: 0,
  }))
  for (const chunk of chunksOf(rows, 5000)) {
    const days = chunk.filter((row) => row.table === 'd').map(({ table: _t, ...row }) => row)
    const months = chunk.filter((row) => row.table === 'm').map(({ table: _t, ...row }) => row)
    await insertRows(db, metricDay, days)
    await insertRows(db, metricMonth, months)
  }
}

export interface RebuildOptions {
  /** Writes the recounted figures where they differ. */
  write: boolean
}

/** History rows recounted from the visits, per home and customer. */
type Histories = Map<string, Map<string, Map<string, HistoryRow>>>

async function recountHistories(
  ledger: Ledger,
  stores: readonly StoreColumns[],
  lives: Lives,
  figures: Map<string, Figures>,
): Promise<Histories> {
  const histories: Histories = new Map()
  for (const store of stores) {
    const book = mapIn(figures, store.id)
    for (const { home, row } of await recountVisits(ledger, store, lives, book))
      mapIn(mapIn(histories, home), row.customer_id).set(historyKey(row.day, row.store_id), row)
  }
  return histories
}

/** Days on which a record was part of another count for that one, in the book where it lives. */
function handOver(histories: Histories, lives: Lives): void {
  const mergesOf = (id: string) => lives.get(id)?.merges ?? null
  for (const [id, { store_id, merges }] of lives) {
    if (merges === null) continue
    const own = mapIn(mapIn(histories, store_id), id)
    for (const [key, row] of [...own]) {
      const holder = holderOn(id, row.day, mergesOf)
      const home = lives.get(holder)?.store_id
      if (holder === id || home === undefined) continue
      own.delete(key)
      mapIn(mapIn(histories, home), holder).set(`${key}|${id}`, row)
    }
  }
}

/** Folds everybody who lives at a store; former homes have their share in their own books. */
async function recountCustomers(
  ledger: Ledger,
  store: StoreColumns,
  recounted: Map<string, Map<string, HistoryRow>>,
  lives: Lives,
  figures: Map<string, Figures>,
  movements: BookMovements,
): Promise<void> {
  const spans = await spansByCustomer(ledger, store)
  for (const id of new Set([...recounted.keys(), ...spans.keys()])) {
    const life = lives.get(id)
    const facts: CustomerFacts = {
      history: [...(recounted.get(id)?.values() ?? [])],
      tagged: spans.get(id) ?? [],
      homes: homeSpans({ home_store_id: store.id, homes: life?.homes ?? null }),
      merged: mergedDays({ merges: life?.merges ?? null }),
      erased_on: life?.erased_on ?? null,
    }
    for (const [storeId, folded] of foldCustomer(facts))
      for (const [key, amount] of folded) addFigure(mapIn(figures, storeId), key, amount)
    noteMovements(movements, id, movementsOfCustomer(facts))
  }
}

async function historyDifferences(
  ledger: Ledger,
  storeId: string,
  recounted: Map<string, Map<string, HistoryRow>>,
): Promise<Difference[]> {
  const { history } = ledger.t
  const rows = await ledger.db.select().from(history).where(eq(history.store_id, storeId))
  const keyOf = (row: HistoryRow) => `${row.customer_id}|${historyKey(row.day, row.store_id)}`
  const flat = [...recounted.values()].flatMap((days) => [...days.values()])
  const index = (all: HistoryRow[]) => new Map(all.map((row) => [keyOf(row), row]))
  return compareHistory(storeId, index(rows.map(historyOfColumns)), index(flat))
}

/** Every difference between the kept figures and a recount; only an empty list is good. */
export async function rebuild(ledger: Ledger, { write }: RebuildOptions): Promise<Difference[]> {
  while ((await rollUp(ledger)) > 0);
  const stores = await ledger.db.select().from(ledger.t.store).orderBy(asc(ledger.t.store.id))
  const lives = await readLives(ledger)
  const figures = new Map<string, Figures>()
  const histories = await recountHistories(ledger, stores, lives, figures)
  const movements: BookMovements = new Map()
  const differences: Difference[] = []
  for (const { id } of stores)
    differences.push(...(await historyDifferences(ledger, id, mapIn(histories, id))))
  handOver(histories, lives)
  for (const store of stores)
    await recountCustomers(ledger, store, mapIn(histories, store.id), lives, figures, movements)
  for (const { id } of stores) {
    const book = mapIn(figures, id)
    const wrong = compareFigures('figure', id, await keptFigures(ledger, id), book)
    differences.push(...wrong)
    if (write && wrong.length > 0) await ledger.tx((db) => writeBook(ledger, db, id, book))
    differences.push(...(await recountMovements(ledger, id, movements.get(id), write)))
  }
  return [...differences, ...(await recountRollups(ledger, write))]
}

/** The inner map of a key, made when absent. */
function mapIn<K, V>(outer: Map<string, Map<K, V>>, key: string): Map<K, V> {
  let inner = outer.get(key)
  if (!inner) outer.set(key, (inner = new Map<K, V>()))
  return inner
}
