import { BookSums } from './book-sums.ts'
import { quarterStartsWithin } from './calendar.ts'
import { type Days, intersect, unite, windowsOf } from './days.ts'
import { addFigure, type Books, figureKey, type Figures, HOME } from './figures.ts'
import type { HomeSpan } from './homes.ts'
import { CHAIN } from './id.ts'
import {
  type Movement,
  type MovementChange,
  movementChanges,
  flowOf,
  movementsOf,
  type Stay,
  staysOf,
  TrailingSpend,
} from './movements.ts'
import { contributionsBeyond, type Returns, returnsOf } from './rhythm/cohort.ts'
import { addReturning, addVisitors, daysByScope, isSameStanding, type Standing } from './seen.ts'
import { addHomeStock, addStock, type SumOf } from './stocks.ts'
import { type Tenure, tenuresOf, valueSteps } from './tenure.ts'
import type { HistoryRow } from './visit.ts'

// What one customer contributes to the figures, as a pure function of the customer's facts.
// The ledger computes it before and after a change and adds the difference, so figures are kept
// and never recounted; a rebuild computes it once and must find the same numbers.

/**
 * Version of all definitions below. A ledger whose figures were computed by another counts them
 * anew when it is opened: a change by difference is only right upon figures of one definition.
 */
export const FIGURES_VERSION = 6

export interface TaggedSpan {
  group_id: string
  from: number
  /** Day on which it was taken off, or null while it stands. */
  to: number | null
}

export interface CustomerFacts extends Standing {
  /** One row per day and store, in any order. */
  history: readonly HistoryRow[]
  tagged: readonly TaggedSpan[]
}

/** Who came, went and moved, counted and in spend of the 12 months before. */
function addMovements(sumOf: SumOf, movements: readonly Movement[]): void {
  for (const movement of movements) {
    const { store_id, day, value_minor } = movement
    const sum = sumOf(store_id)
    sum.of('d', HOME, flowOf(movement))(day, 1)
    if (value_minor !== 0) sum.of('d', HOME, `value_${flowOf(movement)}`)(day, value_minor)
  }
}

/**
 * The spend of the last 12 months of whoever counts, as a stock, and its growth and shrinking in
 * between: what came and went besides stands with the movements. Its openings are by quarter, for
 * a sale counts for a year.
 */
function addValue(
  sumOf: SumOf,
  homes: readonly HomeSpan[],
  stays: readonly Stay[],
  spend: TrailingSpend,
): void {
  if (spend.isNone) return
  for (const stay of stays)
    for (const { store_id, day, end, value, change } of valueSteps(homes, stay, spend)) {
      const sum = sumOf(store_id)
      if (change !== 0)
        sum.of('d', HOME, change > 0 ? 'value_expanded' : 'value_contracted')(day, change)
      addStock(sum, HOME, 'value', [[day, end]], value, quarterStartsWithin)
    }
}

function addTagged(sumOf: SumOf, facts: CustomerFacts, active: readonly Days[]): void {
  const last = active.at(-1)?.[1]
  if (last === undefined || facts.tagged.length === 0) return
  const groups = new Map<string, Days[]>([['any', []]])
  for (const span of facts.tagged) {
    const interval: Days = [span.from, span.to ?? Math.max(last, span.from)]
    groups.get('any')?.push(interval)
    groups.set(span.group_id, [...(groups.get(span.group_id) ?? []), interval])
  }
  for (const [group, spans] of groups)
    addHomeStock(sumOf, facts.homes, `tagged:${group}`, intersect(active, unite(spans)))
}

/** What one customer's facts come to, before they are summed. */
interface Life {
  facts: CustomerFacts
  /** The days visited, per scope. */
  scopes: Map<string, number[]>
  stays: Stay[]
  spend: TrailingSpend
  movements: Movement[]
  returns: Returns | null
}

function lifeOf(facts: CustomerFacts, activityDays: number): Life {
  const scopes = daysByScope(facts.history)
  const days = scopes.get(CHAIN) ?? []
  const active = windowsOf(days, activityDays)
  const stays = facts.homes.length === 0 ? [] : staysOf(active, facts.erased_on, facts.merged)
  const spend = new TrailingSpend(facts.history)
  const movements = movementsOf(stays, facts.homes, spend)
  const returns = stays.length === 0 ? null : returnsOf(facts, days)
  return { facts, scopes, stays, spend, movements, returns }
}

/** The rows of one customer that the asset statement is the sum of, in the order of time. */
export function movementsOfCustomer(facts: CustomerFacts, activityDays: number): Movement[] {
  return lifeOf(facts, activityDays).movements
}

/** What a customer was worth in one book over the days [from, to); see `Tenure`. */
export function tenuresOfCustomer(
  facts: CustomerFacts,
  storeId: string,
  days: Days,
  activityDays: number,
): Tenure[] {
  const { stays, spend } = lifeOf(facts, activityDays)
  return tenuresOf(facts.homes, stays, spend, storeId, days)
}

/**
 * What a life adds up to, apart from what another one that is the same before day `since` has too:
 * whatever ended by then. A fold costs what changes, not what a regular has behind them.
 */
function addLife(sumOf: SumOf, life: Life, since: number): void {
  const { facts, scopes, spend } = life
  const present = facts.homes.at(-1)
  if (!present || life.stays.length === 0) return
  const stays = life.stays.filter(({ to }) => to > since)
  const counted = stays.map(({ from, to }): Days => [from, to]).filter(([a, b]) => a < b)
  addMovements(
    sumOf,
    life.movements.filter(({ day }) => day >= since),
  )
  addHomeStock(sumOf, facts.homes, 'active', counted)
  addValue(sumOf, facts.homes, stays, spend)
  const sum = sumOf(present.store_id)
  for (const [scope, visited] of scopes) addVisitors(sum, scope, visited, facts, since)
  addReturning(sumOf, scopes.get(CHAIN) ?? [], facts, since)
  addTagged(sumOf, facts, counted)
}

/** Cohorts and second visits of one life, as far as they are not those of the other. */
function addReturns(sumOf: SumOf, one: Life, other: Life | null): void {
  for (const { store_id, day, metric } of contributionsBeyond(one.returns, other?.returns ?? null))
    sumOf(store_id).of('d', HOME, metric)(day, 1)
}

/**
 * All figures that one customer contributes to. Those of the scope HOME stand in the book of the
 * home of their day; who was seen in which scope stands in the book of the present home.
 */
export function foldCustomer(facts: CustomerFacts, activityDays: number): Books {
  const sums = new BookSums()
  const sumOf = (storeId: string) => sums.book(storeId, 1)
  const life = lifeOf(facts, activityDays)
  addLife(sumOf, life, -Infinity)
  addReturns(sumOf, life, null)
  return sums.books()
}

/** What follows from a change of one customer's facts. */
export interface Change {
  /** What has to be added per book: one fold less the other. */
  books: Books
  movements: MovementChange[]
}

function sameTag(one: TaggedSpan, other: TaggedSpan | undefined): boolean {
  return other?.from === one.from && other.to === one.to && other.group_id === one.group_id
}

/** The first day of a visit that only one of two lives has; -Infinity where they differ else. */
function changedSince(before: CustomerFacts, after: CustomerFacts): number {
  const isSame =
    isSameStanding(before, after) &&
    before.tagged.length === after.tagged.length &&
    before.tagged.every((tag, at) => sameTag(tag, after.tagged[at]))
  if (!isSame) return -Infinity
  // A row that nobody touched is the very same one; one that was read anew only costs more.
  const [was, is] = [new Set(before.history), new Set(after.history)]
  const first = (rows: readonly HistoryRow[], others: ReadonlySet<HistoryRow>) =>
    rows.reduce((day, row) => (others.has(row) ? day : Math.min(day, row.day)), Infinity)
  return Math.min(first(before.history, is), first(after.history, was))
}

export function foldChange(
  before: CustomerFacts,
  after: CustomerFacts,
  activityDays: number,
): Change {
  const [was, is] = [lifeOf(before, activityDays), lifeOf(after, activityDays)]
  const sums = new BookSums()
  const less = (storeId: string) => sums.book(storeId, -1)
  const more = (storeId: string) => sums.book(storeId, 1)
  const since = changedSince(before, after)
  addLife(less, was, since)
  addReturns(less, was, is)
  addLife(more, is, since)
  addReturns(more, is, was)
  return { books: sums.books(), movements: movementChanges(was.movements, is.movements) }
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
