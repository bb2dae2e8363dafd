import { MINUTE_MS } from './calendar.ts'
import { openMinutesBetween, type Store } from './store.ts'

// Visits that were recorded in a way that is worth a question: so fast, so late in the evening, so
// alike or in two places at once. None of it is proof of anything, so nothing is judged by it.
// Source: metrics.md O, data-fraud rules.

/** More than so many visits of one person's within a minute. */
export const FAST_VISITS = 6
/** One customer in two stores within so many minutes. */
export const TWO_PLACES_MINUTES = 30
/** More than this share of the visits outside the store's hours. */
export const AFTER_HOURS_SHARE = 0.3
/** More than so many visits with one and the same note. */
export const SAME_NOTES = 5

/** A visit as a person recorded it. */
export interface Entry {
  /** ms since 1970, and minutes since then by the store's clock. */
  at: number
  local_minute: number
  actor_id: string
  note: string | null
}

/** So many visits that one person recorded within a minute from `at` on. */
export interface Burst {
  actor_id: string
  at: number
  visits: number
}

/** The minutes in which somebody recorded more visits than one can receive, the fastest first. */
export function burstsOf(entries: readonly Entry[]): Burst[] {
  const bursts: Burst[] = []
  for (const [actor_id, own] of Map.groupBy(entries, (entry) => entry.actor_id)) {
    const times = own.map(({ at }) => at).sort((a, b) => a - b)
    for (let first = 0; first < times.length;) {
      const at = times[first] ?? 0
      let next = first
      while (next < times.length && (times[next] ?? 0) < at + MINUTE_MS) next += 1
      const visits = next - first
      if (visits > FAST_VISITS) bursts.push({ actor_id, at, visits })
      first = visits > FAST_VISITS ? next : first + 1 // One rush is told once.
    }
  }
  return bursts.sort((a, b) => b.visits - a.visits || a.at - b.at)
}

/** How many visits fall outside the store's hours; null where the hours are not known. */
export function afterHours(entries: readonly Entry[], hours: Store['hours']): number | null {
  if (!hours) return null
  return entries.filter(({ local_minute: minute }) => {
    return openMinutesBetween(hours, minute, minute + 1) === 0
  }).length
}

/** Notes that stand at more visits than people write alike, the most frequent first. */
export function sameNotes(entries: readonly Entry[]): { note: string; visits: number }[] {
  const counts = new Map<string, number>()
  for (const { note } of entries) {
    const text = note?.trim() ?? ''
    if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return [...counts]
    .filter(([, visits]) => visits > SAME_NOTES)
    .map(([note, visits]) => ({ note, visits }))
    .sort((a, b) => b.visits - a.visits || (a.note < b.note ? -1 : 1))
}
