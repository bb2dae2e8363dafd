import { type Books, BookSums, type BookSum, figureKey, type Figures } from './book-sums.ts'
import { monthStart, monthStartsWithin, quarterStart, yearStart } from './calendar.ts'
import { homeOn, type HomeSpan } from './homes.ts'
import { CHAIN } from './id.ts'
import type { HistoryRow } from './visit.ts'

// What one customer contributes to the figures, as a pure function of the customer's facts.
// The ledger computes it before and after a change and adds the difference, so figures are kept
// and never recounted; a rebuild computes it once and must find the same numbers.
//
// A stock (active customers, trailing windows) is a set of intervals [from, to) of days. It is
// stored as its changes per day and as its level at the opening of each month, so that a level is
// one opening and at most a month of changes:
//   level at the end of day d = opening(month of d) + changes from the first of that month to d

/** Days without a visit after which a customer counts as lost. */
export const ACTIVE_WINDOW_DAYS = 90
export const TRAILING_DAYS = [28, 90] as const
const TRAILING = TRAILING_DAYS.map((days) => ({ days, metric: `visitors_${days}d` }))

/** Scope of figures that belong to the book itself: the customer's home store. */
export const HOME = 'home'

export interface TaggedSpan {
  group_id: string
  from: number
  /** Day on which it was taken off, or null while it stands. */
  to: number | null
}

export interface CustomerFacts {
  /** One row per day and store, in any order. */
  history: readonly HistoryRow[]
  tagged: readonly TaggedSpan[]
  /** In the order of time; see `homeSpans`. */
  homes: readonly HomeSpan[]
  /** The day from which on the person is in no stock, or null. */
  erased_on: number | null
}

type Interval = readonly [from: number, to: number]

/** A figure's place: changes and counts by day (`d`), openings of stocks by month (`m`). */
export interface FigureKey {
  table: 'd' | 'm'
  scope: string
  day: number
  metric: string
}

export function parseFigureKey(key: string): FigureKey {
  const [table, scope = '', day, metric = ''] = key.split('|')
  return { table: table === 'm' ? 'm' : 'd', scope, day: Number(day), metric }
}

export function addFigure(figures: Figures, key: string, amount: number): void {
  if (amount === 0) return
  const sum = (figures.get(key) ?? 0) + amount
  if (sum === 0) figures.delete(key)
  else figures.set(key, sum)
}

/** What has to be added to go from `before` to `after`; no zero is kept. */
export function differenceOf(before: Figures, after: Figures): Figures {
  const difference: Figures = new Map(after)
  for (const [key, amount] of before) addFigure(difference, key, -amount)
  return difference
}

/** Days on which somebody counts as present: each visit day opens a window of `windowDays`. */
export function windowsOf(sortedDays: readonly number[], windowDays: number): Interval[] {
  const windows: [number, number][] = []
  for (const day of sortedDays) {
    const open = windows.at(-1)
    if (open && day < open[1]) open[1] = day + windowDays
    else windows.push([day, day + windowDays])
  }
  return windows
}

function addStock(sum: BookSum, scope: string, metric: string, spans: readonly Interval[]): void {
  const change = sum.of('d', scope, metric)
  const opening = sum.of('m', scope, metric)
  for (const [from, to] of spans) {
    change(from, 1)
    change(to, -1)
    for (const first of monthStartsWithin(from, to)) opening(first, 1)
  }
}

/** Stocks end on the day on which the person was forgotten. */
function cut(spans: readonly Interval[], erasedOn: number | null): readonly Interval[] {
  if (erasedOn === null) return spans
  return intersect(spans, [[-Infinity, erasedOn]])
}

const PERIODS = [
  ['visitors_m', monthStart],
  ['visitors_q', quarterStart],
  ['visitors_y', yearStart],
] as const

/** Counts the first visit of each month, quarter and year, and the trailing windows, in a scope. */
function addVisitors(
  sum: BookSum,
  scope: string,
  sortedDays: readonly number[],
  erasedOn: number | null,
): void {
  for (const [metric, startOf] of PERIODS) {
    const count = sum.of('d', scope, metric)
    let counted = -Infinity
    for (const day of sortedDays) {
      const start = startOf(day)
      if (start === counted) continue
      counted = start
      count(day, 1)
    }
  }
  for (const { days, metric } of TRAILING)
    addStock(sum, scope, metric, cut(windowsOf(sortedDays, days), erasedOn))
}

function sortedDistinct(days: Iterable<number>): number[] {
  return [...new Set(days)].sort((a, b) => a - b)
}

/** The days visited, per scope: each store, each region, and the chain. */
function daysByScope(history: readonly HistoryRow[]): Map<string, number[]> {
  const scopes = new Map<string, Set<number>>()
  const note = (scope: string, day: number) => {
    const days = scopes.get(scope)
    if (days) days.add(day)
    else scopes.set(scope, new Set([day]))
  }
  for (const row of history) {
    note(CHAIN, row.day)
    note(row.store_id, row.day)
    if (row.region_id !== null) note(row.region_id, row.day)
  }
  return new Map([...scopes].map(([scope, days]) => [scope, sortedDistinct(days)]))
}

/** The sum of a store's book, on the side of the fold that is made. */
type SumOf = (storeId: string) => BookSum

/** A stock of the home: each has those of its days, so a move takes one out and puts one in. */
function addHomeStock(
  sumOf: SumOf,
  homes: readonly HomeSpan[],
  metric: string,
  spans: readonly Interval[],
): void {
  for (const { store_id, from, to } of homes)
    addStock(sumOf(store_id), HOME, metric, intersect(spans, [[from, to]]))
}

function addHomeFlow(sumOf: SumOf, { store_id }: HomeSpan, day: number, metric: string): void {
  sumOf(store_id).of('d', HOME, metric)(day, 1)
}

/** Moves of somebody who counts on both sides of the day. */
function addTransfers(sumOf: SumOf, homes: readonly HomeSpan[], [from, to]: Interval): void {
  for (const [index, home] of homes.entries()) {
    const next = homes[index + 1]
    if (!next || home.to <= from || home.to >= to) continue
    addHomeFlow(sumOf, home, home.to, 'transfer_out')
    addHomeFlow(sumOf, next, home.to, 'transfer_in')
  }
}

/**
 * Who came, went and moved. Somebody leaves the home of the last day counted there: on one day,
 * being forgotten goes before being lost, and that before a move.
 */
function addMovements(sumOf: SumOf, facts: CustomerFacts, active: readonly Interval[]): void {
  const { homes, erased_on } = facts
  for (const [index, [from, to]] of active.entries()) {
    const isErased = erased_on !== null && erased_on < to
    const end = isErased ? Math.max(from, erased_on) : to
    addHomeFlow(sumOf, homeOn(homes, from), from, index === 0 ? 'new' : 'reactivated')
    addTransfers(sumOf, homes, [from, end])
    addHomeFlow(sumOf, homeOn(homes, Math.max(from, end - 1)), end, isErased ? 'erased' : 'lost')
  }
  addHomeStock(sumOf, homes, 'active', cut(active, erased_on))
}

function unite(spans: Interval[]): Interval[] {
  const united: [number, number][] = []
  for (const [from, to] of spans.filter((s) => s[0] < s[1]).sort((a, b) => a[0] - b[0])) {
    const open = united.at(-1)
    if (open && from <= open[1]) open[1] = Math.max(open[1], to)
    else united.push([from, to])
  }
  return united
}

function intersect(some: readonly Interval[], spans: readonly Interval[]): Interval[] {
  return some.flatMap(([from, to]) =>
    spans.map(([a, b]): Interval => [Math.max(from, a), Math.min(to, b)]).filter(([a, b]) => a < b),
  )
}

function addTagged(sumOf: SumOf, facts: CustomerFacts, active: readonly Interval[]): void {
  const last = active.at(-1)?.[1]
  if (last === undefined || facts.tagged.length === 0) return
  const groups = new Map<string, Interval[]>([['any', []]])
  for (const span of facts.tagged) {
    const interval: Interval = [span.from, span.to ?? Math.max(last, span.from)]
    groups.get('any')?.push(interval)
    groups.set(span.group_id, [...(groups.get(span.group_id) ?? []), interval])
  }
  for (const [group, spans] of groups)
    addHomeStock(sumOf, facts.homes, `tagged:${group}`, intersect(active, unite(spans)))
}

function addCustomer(sumOf: SumOf, facts: CustomerFacts): void {
  const present = facts.homes.at(-1)
  const scopes = daysByScope(facts.history)
  const days = scopes.get(CHAIN)
  if (!days || !present) return
  const active = windowsOf(days, ACTIVE_WINDOW_DAYS)
  addMovements(sumOf, facts, active)
  const sum = sumOf(present.store_id)
  for (const [scope, visited] of scopes) addVisitors(sum, scope, visited, facts.erased_on)
  addTagged(sumOf, facts, cut(active, facts.erased_on))
}

/**
 * All figures that one customer contributes to. Those of the scope HOME stand in the book of the
 * home of their day; who was seen in which scope stands in the book of the present home.
 */
export function foldCustomer(facts: CustomerFacts): Books {
  const sums = new BookSums()
  addCustomer((storeId) => sums.book(storeId, 1), facts)
  return sums.books()
}

/** What has to be added per book when a customer's facts change: one fold less the other. */
export function foldChange(before: CustomerFacts, after: CustomerFacts): Books {
  const sums = new BookSums()
  addCustomer((storeId) => sums.book(storeId, -1), before)
  addCustomer((storeId) => sums.book(storeId, 1), after)
  return sums.books()
}

/** What one day's history row contributes to the figures of the store where it happened. */
export function foldHistoryRow(row: HistoryRow | null): Figures {
  const figures: Figures = new Map()
  if (!row) return figures
  addFigure(figures, figureKey('d', HOME, row.day, 'identified'), row.visits)
  addFigure(figures, figureKey('d', HOME, row.day, 'spend'), row.spend_minor)
  addFigure(figures, figureKey('d', HOME, row.day, 'sales'), row.sales)
  return figures
}

/** What an anonymous tally contributes to the figures of its store. */
export function foldTally(day: number, count: number): Figures {
  return new Map([[figureKey('d', HOME, day, 'anonymous'), count]])
}
