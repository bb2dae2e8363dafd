import type { BookSum } from './book-sums.ts'
import { monthStart, quarterStart, yearStart } from './calendar.ts'
import { type Days, intersect, windowsOf, without } from './days.ts'
import { HOME } from './figures.ts'
import { homeOn, type HomeSpan } from './homes.ts'
import { CHAIN } from './id.ts'
import { addHomeStock, addStock, type SumOf } from './stocks.ts'
import type { HistoryRow } from './visit.ts'

// Who was seen: distinct people of each scope in calendar periods and trailing windows, and those
// of them who had been seen before. A day on its own never tells: each is counted on the first day
// of the period on which it is seen.

export const TRAILING_DAYS = [28, 90] as const

/** Calendar periods that people are counted in, by the letter of their figures. */
const PERIODS = [
  ['m', monthStart],
  ['q', quarterStart],
  ['y', yearStart],
] as const

/** The first of some days in each calendar period. */
function firstDays(sortedDays: readonly number[], startOf: (day: number) => number): number[] {
  let counted = -Infinity
  return sortedDays.filter((day) => {
    const start = startOf(day)
    const isFirst = start !== counted
    counted = start
    return isFirst
  })
}

/** What of a customer's facts says where and how long somebody counts. */
export interface Standing {
  /** In the order of time; see `homeSpans`. */
  homes: readonly HomeSpan[]
  /** Days on which the record was part of another; what was seen then is not in `history`. */
  merged: readonly Days[]
  /** The day from which on the person is in no stock, or null. */
  erased_on: number | null
}

/** Stocks end on the day on which the person was forgotten, and while another record has them. */
function cut(spans: readonly Days[], { erased_on, merged }: Standing): readonly Days[] {
  const own = without(spans, merged)
  return erased_on === null ? own : intersect(own, [[-Infinity, erased_on]])
}

function sameDays(some: readonly Days[], others: readonly Days[]): boolean {
  return (
    some.length === others.length &&
    some.every(([from, to], at) => others[at]?.[0] === from && others[at][1] === to)
  )
}

export function isSameStanding(one: Standing, other: Standing): boolean {
  return (
    one.erased_on === other.erased_on &&
    sameDays(one.merged, other.merged) &&
    one.homes.length === other.homes.length &&
    one.homes.every(({ store_id, from, to }, at) => {
      const home = other.homes[at]
      return home?.store_id === store_id && home.from === from && home.to === to
    })
  )
}

const LONGEST_TRAILING_DAYS = Math.max(...TRAILING_DAYS)

/**
 * The visits that figures of day `since` or later depend on. The year is counted from its first
 * visit on, and what is older than the longest window has left it by then.
 */
function recentOf(sortedDays: readonly number[], since: number): readonly number[] {
  if (since === -Infinity) return sortedDays
  const oldest = Math.min(yearStart(since), since - LONGEST_TRAILING_DAYS)
  const at = sortedDays.findIndex((day) => day >= oldest)
  return at === -1 ? [] : sortedDays.slice(at)
}

/**
 * Counts the first visit of each month, quarter and year, and the trailing windows, in a scope; and
 * the very first one there, by which whoever was seen there before is told from who was not.
 */
export function addVisitors(
  sum: BookSum,
  scope: string,
  sortedDays: readonly number[],
  standing: Standing,
  since: number,
): void {
  const recent = recentOf(sortedDays, since)
  for (const [letter, startOf] of PERIODS) {
    const count = sum.of('d', scope, `visitors_${letter}`)
    for (const day of firstDays(recent, startOf)) count(day, 1)
  }
  for (const days of TRAILING_DAYS)
    addStock(sum, scope, `visitors_${days}d`, cut(windowsOf(recent, days), standing))
  const [first] = sortedDays
  if (first === undefined) return
  if (first >= since) sum.of('d', scope, 'first_seen')(first, 1)
  for (const days of TRAILING_DAYS)
    if (first + days > since)
      addStock(sum, scope, `first_seen_${days}d`, cut([[first, first + days]], standing))
}

function sortedDistinct(days: Iterable<number>): number[] {
  return [...new Set(days)].sort((a, b) => a - b)
}

/** The days visited, per scope: each store, each region, and the chain. */
export function daysByScope(history: readonly HistoryRow[]): Map<string, number[]> {
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

/**
 * Who was seen in a period, anywhere, and also before it. It counts at the home of the first day in
 * the period, where a new customer of the period counts too; a window of days, at the home of each.
 */
export function addReturning(
  sumOf: SumOf,
  sortedDays: readonly number[],
  standing: Standing,
  since: number,
): void {
  const { homes } = standing
  const recent = recentOf(sortedDays, since)
  const [first] = sortedDays
  if (first === undefined) return
  for (const [letter, startOf] of PERIODS)
    for (const day of firstDays(recent, startOf))
      if (startOf(day) > first)
        sumOf(homeOn(homes, day).store_id).of('d', HOME, `returning_${letter}`)(day, 1)
  for (const days of TRAILING_DAYS) {
    const seen = intersect(windowsOf(recent, days), [[first + days, Infinity]])
    addHomeStock(sumOf, homes, `returning_${days}d`, cut(seen, standing))
  }
}
