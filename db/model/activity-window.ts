import * as v from 'valibot'

// The activity window: how long somebody counts as a customer after a visit. It belongs to the
// chain. Another one restates all of history, so it is set with the server stopped, by
// `npm run rebuild -- --activity-window DAYS`.

/** Days without a visit after which a customer counts as lost: where nobody set any, and bounds. */
export const ACTIVITY_DAYS = { standard: 90, min: 30, max: 365 } as const

/** Whole days within the bounds. */
export const ActivityDays = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(ACTIVITY_DAYS.min),
  v.maxValue(ACTIVITY_DAYS.max),
)

/** A number of days, held within the bounds of the window. */
export function withinActivityBounds(days: number): number {
  return Math.min(ACTIVITY_DAYS.max, Math.max(ACTIVITY_DAYS.min, days))
}
