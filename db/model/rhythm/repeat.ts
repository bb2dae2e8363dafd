import { withinActivityBounds } from '../activity-window.ts'
import { YEAR_DAYS } from '../calendar.ts'
import type { GapCount } from '../stats/kaplan-meier.ts'
import { median } from '../stats/quantile.ts'
import { visitDaysUntil } from './visit-summary.ts'

// How long customers stay away before they come again. A gap is the days from one visit day to the
// next. The gap that is still open says only "at least so long": left out it flatters the store,
// taken as closed it does the opposite, so it goes into the estimate as censored.

/** Definition of the repeat interval: the gaps between visit days of the trailing year. */
export const REPEAT_WINDOW_DAYS = YEAR_DAYS

/** A gap; censored while the customer has not come again. */
export interface Gap {
  days: number
  isCensored: boolean
}

/** The visit days of the `REPEAT_WINDOW_DAYS` that end with `today`, each once, in order. */
function daysOfWindow(visitDays: Iterable<number>, today: number): number[] {
  return visitDaysUntil(visitDays, today).filter((day) => day > today - REPEAT_WINDOW_DAYS)
}

/** Days from each of the days to the next, for distinct days in order. */
export function gapsBetween(sortedDays: readonly number[]): number[] {
  return sortedDays.slice(1).map((day, index) => day - (sortedDays[index] ?? day))
}

/** A customer's gaps in the year that ends with `today`, in days; visits in any order. */
export function repeatGaps(visitDays: Iterable<number>, today: number): number[] {
  return gapsBetween(daysOfWindow(visitDays, today))
}

/** Median gap of one customer, in days; null with fewer than 2 visit days in the year. */
export function ownGapDays(visitDays: Iterable<number>, today: number): number | null {
  return median(repeatGaps(visitDays, today))
}

/**
 * A store's repeat interval: the median over its customers of their median gaps, in days, so that
 * each customer with 2 visit days or more counts once. Null where there is none.
 */
export function repeatIntervalDays(
  customers: Iterable<Iterable<number>>,
  today: number,
): number | null {
  const medians = [...customers].map((visitDays) => ownGapDays(visitDays, today))
  return median(medians.filter((gap) => gap !== null))
}

/** The customer's gaps with the open one: what a Kaplan-Meier median is estimated from. */
export function gapsWithOpen(visitDays: Iterable<number>, today: number): Gap[] {
  const days = daysOfWindow(visitDays, today)
  const last = days.at(-1)
  const gaps: Gap[] = gapsBetween(days).map((gap) => ({ days: gap, isCensored: false }))
  if (last === undefined || last === today) return gaps
  return [...gaps, { days: today - last, isCensored: true }]
}

const WINDOW_SHARE = 0.9

/** Gaps counted by length, closed and open apart; in order of length. */
export function countGaps(gaps: Iterable<Gap>): GapCount[] {
  const counts = new Map<number, GapCount>()
  for (const { days, isCensored } of gaps) {
    const { closed, open } = counts.get(days) ?? { closed: 0, open: 0 }
    const more = isCensored ? { closed, open: open + 1 } : { closed: closed + 1, open }
    counts.set(days, { days, ...more })
  }
  return [...counts.values()].sort((a, b) => a.days - b.days)
}

/**
 * Suggested activity window in days: clamp(P90 of repeat gaps, 30, 365). P90 is the shortest gap
 * that nine of ten closed gaps do not exceed. Null without a closed gap. Counts in any order.
 */
export function suggestActivityWindowDays(counts: readonly GapCount[]): number | null {
  const total = counts.reduce((sum, { closed }) => sum + closed, 0)
  let passed = 0
  for (const { days, closed } of [...counts].sort((a, b) => a.days - b.days)) {
    passed += closed
    if (passed > 0 && passed >= WINDOW_SHARE * total) return withinActivityBounds(days)
  }
  return null
}
