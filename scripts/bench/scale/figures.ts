// The rollups of a chain, computed store by store with the product's own folds and in the way of
// its rebuild, but streamed: a rebuild holds all books in memory, and five thousand would not fit.
import { ACTIVITY_DAYS } from '#model/activity-window.ts'
import { monthStart } from '#model/calendar.ts'
import { addFigure, type Figures, type FigureTable, parseFigureKey } from '#model/figures.ts'
import { HOME } from '#model/figures.ts'
import { foldCustomer, foldHistoryRow, foldTally } from '#model/fold.ts'
import { homeSpans } from '#model/homes.ts'
import { type Regions, spread, tallied } from '#sql/spread.ts'
import type { StoreFacts } from './chain.ts'

/** One row of the rollups. */
export type Emit = (
  table: FigureTable,
  scope: string,
  day: number,
  metric: string,
  value: number,
) => void

type Days = Map<number, number>
type Scopes = Map<string, Map<string, Days>>

function inner<K, V>(outer: Map<string, Map<K, V>>, key: string): Map<K, V> {
  let found = outer.get(key)
  if (!found) outer.set(key, (found = new Map<K, V>()))
  return found
}

function addTo(scopes: Scopes, scope: string, metric: string, day: number, value: number): void {
  const days = inner(inner(scopes, scope), metric)
  days.set(day, (days.get(day) ?? 0) + value)
}

/** Emits a table scope by scope, in the order of its key. */
function emitAll(scopes: Scopes, table: FigureTable, emit: Emit): void {
  for (const scope of [...scopes.keys()].sort()) {
    const rows = [...inner(scopes, scope)].flatMap(([metric, days]) =>
      [...days].map(([day, value]) => ({ metric, day, value })),
    )
    rows.sort((a, b) => a.day - b.day || (a.metric < b.metric ? -1 : 1))
    for (const { day, metric, value } of rows)
      if (value !== 0) emit(table, scope, day, metric, value)
  }
}

/** The figures of books, as a rebuild makes them from their facts. */
export function booksOf(facts: readonly { store_id: string; facts: StoreFacts }[]) {
  const books = new Map<string, Figures>()
  const addAll = (storeId: string, figures: Figures) => {
    const book = inner(books, storeId)
    for (const [key, amount] of figures) addFigure(book, key, amount)
  }
  for (const { store_id, facts: own } of facts) {
    for (const { day, count } of own.tallies) addAll(store_id, foldTally(day, count))
    for (const { home, history, tagged } of own.customers) {
      for (const row of history) addAll(row.store_id, foldHistoryRow(row))
      const homes = homeSpans({ home_store_id: home, homes: null })
      const folded = foldCustomer(
        { history, tagged, homes, merged: [], erased_on: null },
        ACTIVITY_DAYS.standard,
      )
      for (const [storeId, figures] of folded) addAll(storeId, figures)
    }
  }
  return books
}

/** Rollups of clusters of stores that visit nobody else; regions and the chain come last. */
export class StreamedRollups {
  readonly #regions: Regions
  readonly #shared: Record<FigureTable, Scopes> = { d: new Map(), m: new Map() }

  constructor(regions: Regions) {
    this.#regions = regions
  }

  addCluster(facts: readonly { store_id: string; facts: StoreFacts }[], emit: Emit): void {
    const own: Record<FigureTable, Scopes> = { d: new Map(), m: new Map() }
    const into = (scope: string) => (this.#regions.has(scope) ? own : this.#shared)
    for (const [storeId, figures] of booksOf(facts)) this.#spreadBook(storeId, figures, into)
    emitAll(own.d, 'd', emit)
    emitAll(own.m, 'm', emit)
  }

  finish(emit: Emit): void {
    emitAll(this.#shared.d, 'd', emit)
    emitAll(this.#shared.m, 'm', emit)
  }

  #spreadBook(
    store_id: string,
    figures: Figures,
    into: (scope: string) => Record<FigureTable, Scopes>,
  ): void {
    const rows = [...figures].map(([key, value]) => ({ ...parseFigureKey(key), value, store_id }))
    const add = (day: number) => (scope: string, metric: string, value: number) => {
      addTo(into(scope).d, scope, metric, day, value)
      addTo(into(scope).m, scope, `sum:${metric}`, monthStart(day), value)
    }
    const days = Map.groupBy(
      rows.filter((row) => row.table === 'd'),
      (row) => row.day,
    )
    for (const [day, own] of days) {
      const value = tallied(
        own.map((row) => ({ ...row, rolled: 0 })),
        'value',
      )
      const both = [...own, { store_id, scope: HOME, metric: 'identified_tallied', value }]
      for (const amount of both) if (amount.value !== 0) spread(amount, this.#regions, add(day))
    }
    for (const row of rows)
      if (row.table === 'm')
        spread(row, this.#regions, (scope, metric, value) =>
          addTo(into(scope).m, scope, `open:${metric}`, row.day, value),
        )
  }
}
