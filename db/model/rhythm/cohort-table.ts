import { addMonths, COHORT_MONTHS, monthsBetween } from './cohort.ts'
import { monthStart } from '../calendar.ts'

// The retention table of a scope from its cohort figures.

/** Customers first seen `k` months before the month that begins on `day` and seen in that month. */
export interface CohortCount {
  day: number
  k: number
  customers: number
}

export interface CohortRow {
  /** First day of the month in which these customers first came. */
  month: number
  /** Customers whose first visit fell in the month; so far, while it lasts. */
  size: number
  /** Customers seen in the month k after it, k = 0 to 24; null while that month has not ended. */
  seen: (number | null)[]
  /** `seen` as a share of `size`; null, too, where the size is 0. */
  shares: (number | null)[]
}

/**
 * A row for each month from the first cohort to that of `today`, the running business day. Counts
 * may come in parts and in any order: those of one day and k are added up.
 */
export function cohortTable(counts: Iterable<CohortCount>, today: number): CohortRow[] {
  const sizes = new Map<number, number>()
  const seen = new Map<string, number>()
  for (const { day, k, customers } of counts) {
    const month = addMonths(day, -k)
    const key = `${month}|${k}`
    seen.set(key, (seen.get(key) ?? 0) + customers)
    if (k === 0) sizes.set(month, (sizes.get(month) ?? 0) + customers)
  }
  const known = [...sizes].filter(([, size]) => size !== 0).map(([month]) => month)
  const first = known.reduce((least, month) => Math.min(least, month), Infinity)
  if (first > today) return []
  const running = monthStart(today)
  return Array.from({ length: monthsBetween(first, running) + 1 }, (_, index) => {
    const month = addMonths(first, index)
    const size = sizes.get(month) ?? 0
    const row = Array.from({ length: COHORT_MONTHS + 1 }, (_, k) =>
      addMonths(month, k) < running ? (seen.get(`${month}|${k}`) ?? 0) : null,
    )
    const shares = row.map((count) => (count === null || size === 0 ? null : count / size))
    return { month, size, seen: row, shares }
  })
}
