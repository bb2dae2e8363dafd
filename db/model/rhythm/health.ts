import { YEAR_DAYS } from '../calendar.ts'
import { median } from '../stats/quantile.ts'
import { gapsBetween } from './repeat.ts'
import { visitDaysUntil } from './visit-summary.ts'

// Customer health: whether somebody stays away for longer than is usual for them. What complaints
// and ratings would say of it is not recorded, so the light is of the rhythm alone.

/** Gaps needed before a customer's own rhythm says anything. */
const RHYTHM_MIN_GAPS = 3
/** Days for which somebody with a single visit day in all their history is new. */
export const NEW_DAYS = 30
const AMBER_RATIO = 1.5
const RED_RATIO = 2.5

export type HealthLight = 'grey' | 'green' | 'amber' | 'red'

export interface CustomerHealth {
  light: HealthLight
  /** Days since the last visit day over `gapDays`; null where there is no rhythm to go by. */
  ratio: number | null
  daysSince: number | null
  /** The gap that is usual for the customer, in days. */
  gapDays: number | null
  /** Whose rhythm that is: the customer's own, one shrunk to the segment's, or the segment's. */
  basis: 'own' | 'shrunk' | 'segment' | 'none'
}

/**
 * The usual gap of somebody with these gaps. With fewer than 3 of their own the segment stands in
 * for each that is missing: (n median + (3 - n) segment) / 3.
 */
function usualGap(
  gaps: readonly number[],
  segmentGapDays: number | null,
): Pick<CustomerHealth, 'gapDays' | 'basis'> {
  const own = median(gaps)
  if (own !== null && gaps.length >= RHYTHM_MIN_GAPS) return { gapDays: own, basis: 'own' }
  if (segmentGapDays === null || segmentGapDays <= 0) return { gapDays: null, basis: 'none' }
  if (own === null) return { gapDays: segmentGapDays, basis: 'segment' }
  const missing = RHYTHM_MIN_GAPS - gaps.length
  const gapDays = (gaps.length * own + missing * segmentGapDays) / RHYTHM_MIN_GAPS
  return { gapDays, basis: 'shrunk' }
}

/**
 * Health on `today` from visit days in any order: days since the last visit over the usual gap,
 * below 1.5 green, below 2.5 amber, else red. Grey for somebody without a visit, for 30 days after
 * a single one, and where neither they nor the segment (its repeat interval, in days) have a
 * rhythm. Gaps are those of the year up to the last visit, so that a long absence cannot push out
 * of sight the rhythm by which it is long.
 */
export function customerHealth(
  visitDays: Iterable<number>,
  today: number,
  segmentGapDays: number | null,
): CustomerHealth {
  const known = visitDaysUntil(visitDays, today)
  const last = known.at(-1)
  if (last === undefined)
    return { light: 'grey', ratio: null, daysSince: null, gapDays: null, basis: 'none' }
  const gaps = gapsBetween(known.filter((day) => day > last - YEAR_DAYS))
  const usual = usualGap(gaps, segmentGapDays)
  const daysSince = today - last
  const ratio = usual.gapDays === null ? null : daysSince / usual.gapDays
  return { light: lightOf(known.length === 1, daysSince, ratio), ratio, daysSince, ...usual }
}

function lightOf(isNew: boolean, daysSince: number, ratio: number | null): HealthLight {
  if (ratio === null || (isNew && daysSince <= NEW_DAYS)) return 'grey'
  return ratio < AMBER_RATIO ? 'green' : ratio < RED_RATIO ? 'amber' : 'red'
}
