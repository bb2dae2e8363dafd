import { YEAR_DAYS } from '../calendar.ts'
import { customerHealth, type HealthLight } from '../rhythm/health.ts'
import type { HistoryRow } from '../visit.ts'
import { DIGEST_LINES } from './digest.ts'

/** Visit days that are shown of a customer. */
const DAYS_SHOWN = 12

export interface Save {
  customer_id: string
  light: Extract<HealthLight, 'amber' | 'red'>
  days_since: number
  gap_days: number
  /** The day from which on the customer counts as lost. */
  lost_on: number
  visits: number
  spend_minor: number
  /** The latest visit days, newest first: what all of the above is computed from. */
  days: number[]
  /** The first visit after the day of the page; null when there was none. */
  came_on: number | null
}

export type HomeHistoryRow = Pick<HistoryRow, 'day' | 'visits' | 'spend_minor'> & {
  customer_id: string
}

function saveOf(
  customer_id: string,
  rows: readonly HomeHistoryRow[],
  today: number,
  activityDays: number,
): Save | null {
  const past = rows.filter((row) => row.day <= today)
  const { light, daysSince, gapDays, basis } = customerHealth(
    past.map((row) => row.day),
    today,
    null,
  )
  if (basis !== 'own' || daysSince === null || gapDays === null) return null
  if ((light !== 'amber' && light !== 'red') || daysSince >= activityDays) return null
  const year = past.filter((row) => row.day > today - YEAR_DAYS)
  const days = [...new Set(past.map((row) => row.day))].sort((a, b) => b - a)
  const since = rows.filter((row) => row.day > today).map((row) => row.day)
  return {
    ...{ customer_id, light, days_since: daysSince, gap_days: gapDays },
    lost_on: today - daysSince + activityDays,
    visits: year.reduce((sum, row) => sum + row.visits, 0),
    spend_minor: year.reduce((sum, row) => sum + row.spend_minor, 0),
    days: days.slice(0, DAYS_SHOWN),
    came_on: since.length === 0 ? null : Math.min(...since),
  }
}

/**
 * The customers of a home that are worth a call: out of a rhythm of their own (amber or red) and
 * not lost yet. First whoever spent most in the year, then whoever came most often.
 */
export function customersToSave(
  history: readonly HomeHistoryRow[],
  today: number,
  activityDays: number,
): Save[] {
  return [...Map.groupBy(history, (row) => row.customer_id)]
    .map(([customer, rows]) => saveOf(customer, rows, today, activityDays))
    .filter((save) => save !== null)
    .sort(
      (a, b) =>
        b.spend_minor - a.spend_minor ||
        b.visits - a.visits ||
        (a.customer_id < b.customer_id ? -1 : 1),
    )
    .slice(0, DIGEST_LINES)
}
