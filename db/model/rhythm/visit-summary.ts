// What the visit model reads of a customer: how often they came back, when last, known how long.

/** In one unit of time: days in the product. The letters are those of the literature. */
export interface VisitSummary {
  /** Repeat visit days: visit days after the first. */
  x: number
  /** Time from the first visit day to the last; 0 when x is 0. */
  t_x: number
  /** Time from the first visit day to the day of looking. */
  T: number
}

/** The visit days up to and including `today`, each once, in order. */
export function visitDaysUntil(days: Iterable<number>, today: number): number[] {
  return [...new Set(days)].filter((day) => day <= today).sort((a, b) => a - b)
}

/** The summary on `today`, in days; null for somebody who had not come by then. */
export function summariseVisits(days: Iterable<number>, today: number): VisitSummary | null {
  const known = visitDaysUntil(days, today)
  const [first] = known
  const last = known.at(-1)
  if (first === undefined || last === undefined) return null
  return { x: known.length - 1, t_x: last - first, T: today - first }
}
