import type { BookSum } from './book-sums.ts'
import { monthStartsWithin } from './calendar.ts'
import { type Days, intersect } from './days.ts'
import { HOME } from './figures.ts'
import type { HomeSpan } from './homes.ts'

// A stock (active customers, trailing windows) is a set of intervals [from, to) of days. It is
// stored as its changes per day and as its level at the opening of each month, so that a level is
// one opening and at most a month of changes:
//   level at the end of day d = opening(month of d) + changes from the first of that month to d

/** The sum of a store's book, on the side of the fold that is made. */
export type SumOf = (storeId: string) => BookSum

/** Adds a stock of `amount` each day of some spans. */
export function addStock(
  sum: BookSum,
  scope: string,
  metric: string,
  spans: readonly Days[],
  amount = 1,
  firstsWithin = monthStartsWithin,
): void {
  if (amount === 0) return
  const change = sum.of('d', scope, metric)
  const opening = sum.of('m', scope, metric)
  for (const [from, to] of spans) {
    change(from, amount)
    change(to, -amount)
    for (const first of firstsWithin(from, to)) opening(first, amount)
  }
}

/** A stock of the home: each has those of its days, so a move takes one out and puts one in. */
export function addHomeStock(
  sumOf: SumOf,
  homes: readonly HomeSpan[],
  metric: string,
  spans: readonly Days[],
): void {
  for (const { store_id, from, to } of homes)
    addStock(sumOf(store_id), HOME, metric, intersect(spans, [[from, to]]))
}
