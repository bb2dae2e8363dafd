import { civilFromDay, dayFromCivil, monthStart } from '../calendar.ts'
import { type HomeSpan, homeOn } from '../homes.ts'
import type { HistoryRow } from '../visit.ts'

// Who comes back: customers by the calendar month of their first visit in the chain (the cohort),
// and in which later months they were seen. A customer counts once per month k after the first, in
// the book of the store that won them and, under another metric, in that of their present home, so
// that stores add up to regions and the chain. As with every fold it is a function of one
// customer's facts, kept by difference; it counts what was, so an erasure changes nothing of it.

/** Months after the first that are followed: k = 0 to 24. */
export const COHORT_MONTHS = 24
export const SECOND_VISIT_DAYS = 60

/** By the store of the first visit, or by the customer's present home. */
export const COHORT_SIDES = ['acquired', 'homed'] as const
export type CohortSide = (typeof COHORT_SIDES)[number]

export interface CohortFacts {
  /** One row per day and store, in any order. */
  history: readonly Pick<HistoryRow, 'day' | 'store_id' | 'first_at'>[]
  homes: readonly HomeSpan[]
  erased_on: number | null
}

/** One more in a book, on a day, under a metric; of the scope whose figures add up over stores. */
export interface Contribution {
  store_id: string
  day: number
  metric: string
}

/** The metric of those seen `k` months after their first; its day is the first of that month. */
export function cohortMetric(side: CohortSide, k: number): string {
  return `cohort_${side}:${k}`
}

/** What `cohortMetric` wrote, or null. */
export function parseCohortMetric(metric: string): { side: CohortSide; k: number } | null {
  const match = /^cohort_([a-z]+):(\d{1,2})$/.exec(metric)
  const side = COHORT_SIDES.find((known) => known === match?.[1])
  const k = Number(match?.[2])
  return side !== undefined && k <= COHORT_MONTHS ? { side, k } : null
}

/** The first day of the month that lies `months` after that of `day`. */
export function addMonths(day: number, months: number): number {
  const { year, month } = civilFromDay(day)
  return dayFromCivil(year, month + months, 1)
}

/** Calendar months from that of one day to that of another. */
export function monthsBetween(from: number, to: number): number {
  const [start, end] = [civilFromDay(from), civilFromDay(to)]
  return (end.year - start.year) * 12 + end.month - start.month
}

/** The earlier visit; of two stores that saw the customer first at one instant the lower id. */
function isEarlier(one: CohortFacts['history'][number], other: typeof one): boolean {
  if (one.day !== other.day) return one.day < other.day
  if (one.first_at !== other.first_at) return one.first_at < other.first_at
  return one.store_id < other.store_id
}

/** The store that won the customer: that of the first visit. Null without a visit. */
export function acquiringStore(history: CohortFacts['history']): string | null {
  const [first, ...others] = history
  if (!first) return null
  return others.reduce((best, row) => (isEarlier(row, best) ? row : best), first).store_id
}

/** The months with a visit, up to `COHORT_MONTHS` after the first: k, and the month's first day. */
export function cohortMonths(visitDays: readonly number[]): { k: number; month: number }[] {
  const months = [...new Set(visitDays.map(monthStart))].sort((a, b) => a - b)
  return months
    .map((month) => ({ k: monthsBetween(months[0] ?? month, month), month }))
    .filter(({ k }) => k <= COHORT_MONTHS)
}

/**
 * The second visit: on the day that is 60 days after the first, `second_visit_due` 1 and
 * `second_visit_done` 1 if there was a visit on another day until then. It is dated ahead, so a
 * sum up to some day holds only customers whose 60 days have passed. In the book of that day's
 * home; nothing for somebody who was forgotten by then.
 */
function secondVisit({ homes, erased_on }: CohortFacts, days: readonly number[]): Contribution[] {
  const first = Math.min(...days)
  const day = first + SECOND_VISIT_DAYS
  if (erased_on !== null && erased_on <= day) return []
  const { store_id } = homeOn(homes, day)
  const due = { store_id, day, metric: 'second_visit_due' }
  const isDone = days.some((seen) => seen > first && seen <= day)
  return isDone ? [due, { store_id, day, metric: 'second_visit_done' }] : [due]
}

/** All that one customer contributes, each one more; nothing without a visit. */
export function cohortContributions(facts: CohortFacts): Contribution[] {
  const acquired = acquiringStore(facts.history)
  const present = facts.homes.at(-1)
  if (acquired === null || !present) return []
  const days = facts.history.map(({ day }) => day)
  const months = cohortMonths(days).flatMap(({ k, month }) => [
    { store_id: acquired, day: month, metric: cohortMetric('acquired', k) },
    { store_id: present.store_id, day: month, metric: cohortMetric('homed', k) },
  ])
  return [...months, ...secondVisit(facts, days)]
}
