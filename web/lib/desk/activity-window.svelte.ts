import { ACTIVITY_DAYS } from '#model/activity-window.ts'

// The chain's activity window in the words of the desk. A chain may have set another than the
// standard one, and every definition that rests on it must say the one in force.

/** Stands in the words for the days of the window. */
const PLACE = '{activity}'

let days = $state<number>(ACTIVITY_DAYS.standard)

/** Days of the window in force, as the session told them. Reactive. */
export function activityDays(): number {
  return days
}

export function setActivityDays(inForce: number): void {
  days = inForce
}

/** Words, however deep, with the days in the place of `{activity}`. */
export function withActivityDays<T>(words: T, inForce: number): T
export function withActivityDays(words: unknown, inForce: number): unknown {
  if (typeof words === 'string') return words.replaceAll(PLACE, String(inForce))
  if (Array.isArray(words)) return words.map((one: unknown) => withActivityDays(one, inForce))
  if (typeof words !== 'object' || words === null) return words
  const entries = Object.entries(words).map(([key, one]: [string, unknown]) => [
    key,
    withActivityDays(one, inForce),
  ])
  return Object.fromEntries(entries)
}
