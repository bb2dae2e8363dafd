import { civilFromDay, dayFromCivil, monthStart } from '../calendar.ts'
import { type HomeSpan, homeOn } from '../homes.ts'
import type { HistoryRow } from '../visit.ts'

// Who comes back: customers by the calendar month of their first visit in the chain (the cohort),
// and in which later months they were seen. A customer counts once per month k after the first, in
// the book of the store that won them and, under another metric, in that of their present home, so
// that stores add up to regions and the chain. As with every fold it is a function of one
// customer's facts, kept by difference; it counts what was, so an erasure changes nothing of it.
// Beside it the second visit within 60 days: `new60` whose 60 days have passed, `second60` of them
// who came again; and `last_seen`, customers by the day of their last visit, of whom quintiles of
// recency are told without reading everybody's history.

/** Months after the first that are followed: k = 0 to 24. */
export const COHORT_MONTHS = 24
export const SECOND_VISIT_DAYS = 60

/**
 * Customers by the day of their last visit as it is known now: the figure of a day falls when its
 * customers come again. Not a flow, so sums of it over days say how many were last seen in them.
 */
export const LAST_SEEN = 'last_seen'

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
  let first = history[0]
  if (!first) return null
  for (const row of history) if (isEarlier(row, first)) first = row
  return first.store_id
}

/** Whether a customer came again in time, in the book of the home of the day that decides it. */
interface SecondVisit {
  store_id: string
  /** The 60th day after the first visit. */
  day: number
  isDone: boolean
}

/** When one customer came back: what the figures of cohorts and of second visits are made of. */
export interface Returns {
  acquired: string
  homed: string
  /** First days of the months with a visit, in order, up to `COHORT_MONTHS` after the first. */
  months: readonly number[]
  /** The day of the last visit. */
  last: number
  /** Null for somebody who was forgotten before it was decided. */
  second: SecondVisit | null
}

const MEAN_MONTH_DAYS = 30.436875

/** `monthsBetween` two first days of months, without a calendar: nearest within decades. */
function monthsApart(from: number, to: number): number {
  return Math.round((to - from) / MEAN_MONTH_DAYS)
}

/** Months with a visit, from visit days in order. */
function monthsSeen(sortedDays: readonly number[]): number[] {
  const months: number[] = []
  for (const day of sortedDays) {
    const month = monthStart(day)
    if (month === months.at(-1)) continue
    if (monthsApart(months[0] ?? month, month) > COHORT_MONTHS) break
    months.push(month)
  }
  return months
}

/**
 * The second visit is dated ahead, on the day that is 60 days after the first, so that a sum up to
 * some day holds only customers whose 60 days have passed. A visit on that day is in time.
 */
function secondVisit(
  { homes, erased_on }: CohortFacts,
  sortedDays: readonly number[],
): SecondVisit | null {
  const [first = 0, next = Infinity] = sortedDays
  const day = first + SECOND_VISIT_DAYS
  if (erased_on !== null && erased_on <= day) return null
  return { store_id: homeOn(homes, day).store_id, day, isDone: next <= day }
}

/** When the customer came back; null without a visit. `sortedDays`: their days, each once. */
export function returnsOf(facts: CohortFacts, sortedDays: readonly number[]): Returns | null {
  const acquired = acquiringStore(facts.history)
  const present = facts.homes.at(-1)
  if (acquired === null || !present) return null
  const second = secondVisit(facts, sortedDays)
  const last = sortedDays.at(-1) ?? 0
  return { acquired, homed: present.store_id, months: monthsSeen(sortedDays), last, second }
}

function monthsBeyond(side: CohortSide, one: Returns, other: Returns | null): Contribution[] {
  const [first = 0] = one.months
  const isSame = other?.[side] === one[side] && other.months[0] === first
  const months = isSame ? one.months.filter((month) => !other.months.includes(month)) : one.months
  return months.map((month) => ({
    store_id: one[side],
    day: month,
    metric: cohortMetric(side, monthsApart(first, month)),
  }))
}

function lastBeyond({ homed, last }: Returns, other: Returns | null): Contribution[] {
  if (other?.homed === homed && other.last === last) return []
  return [{ store_id: homed, day: last, metric: LAST_SEEN }]
}

function secondBeyond(one: SecondVisit | null, other: SecondVisit | null): Contribution[] {
  if (!one) return []
  const { store_id, day, isDone } = one
  const isSame = other?.store_id === store_id && other.day === day
  const due = isSame ? [] : [{ store_id, day, metric: 'new60' }]
  if (!isDone || (isSame && other.isDone)) return due
  return [...due, { store_id, day, metric: 'second60' }]
}

/**
 * What one state of a customer contributes, each one more, and the other does not: after a visit
 * more that is next to nothing, which is why it is not left to a sum of both.
 */
export function contributionsBeyond(one: Returns | null, other: Returns | null): Contribution[] {
  if (!one) return []
  const months = COHORT_SIDES.flatMap((side) => monthsBeyond(side, one, other))
  return [...months, ...lastBeyond(one, other), ...secondBeyond(one.second, other?.second ?? null)]
}

/** All that one customer contributes; nothing without a visit. */
export function cohortContributions(facts: CohortFacts): Contribution[] {
  const days = [...new Set(facts.history.map(({ day }) => day))].sort((a, b) => a - b)
  return contributionsBeyond(returnsOf(facts, days), null)
}
