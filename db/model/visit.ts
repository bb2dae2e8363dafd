import * as v from 'valibot'
import { id } from './id.ts'
import { NOTE_MAX_CHARS } from './limits.ts'
import { prose, line } from './text.ts'

/** What the customer came for; the order is that of the chips, and of the bits in history. */
export const PURPOSES = [
  'buy',
  'browse',
  'pickup',
  'return',
  'service',
  'consult',
  'booking',
  'event',
] as const
export type Purpose = (typeof PURPOSES)[number]

const minor = v.pipe(v.number(), v.integer(), v.minValue(-1e12), v.maxValue(1e12))
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(999))

const details = {
  purpose: v.picklist(PURPOSES),
  need: v.nullish(line(120)),
  spend_minor: v.nullish(minor),
  items: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9))),
  note: v.nullish(prose(NOTE_MAX_CHARS)),
}

/**
 * Payload of a visit: an identified customer, or `customer_id` null and a count of people nobody
 * asked for a name. `receipt` is the id of the source's receipt: visits with one are never merged.
 */
export const VisitLogged = v.pipe(
  v.object({
    customer_id: v.nullable(id),
    home_store_id: v.nullable(id),
    count: v.optional(count, 1),
    receipt: v.nullish(line(64)),
    ...details,
  }),
  v.check((visit) => visit.customer_id === null || visit.count === 1, 'count'),
  v.check((visit) => (visit.customer_id === null) === (visit.home_store_id === null), 'home'),
)

/** What may be added to a visit after it was logged, each field by the later writer. */
export const VisitSet = v.partial(v.object(details))

/** A visit as kept and sent: `at` is the effective time, `day` the business day of its store. */
export interface Visit {
  id: string
  store_id: string
  customer_id: string | null
  home_store_id: string | null
  count: number
  purpose: Purpose
  need: string | null
  spend_minor: number | null
  items: number | null
  note: string | null
  receipt: string | null
  at: number
  day: number
  actor_id: string
  void: boolean
}

/** Visits of one customer at one store within this long of the first are one. */
export const SAME_VISIT_MS = 30 * 60_000

/**
 * What one customer did at one store on one business day: the row that every fold reads.
 * `visits` counts after merging (0, 25, 50 minutes are two); `purposes` has a bit per purpose.
 */
export interface HistoryRow {
  customer_id: string
  day: number
  store_id: string
  region_id: string | null
  visits: number
  sales: number
  spend_minor: number
  purposes: number
  first_at: number
}

/** The id under which a history row travels. */
export function historyRowId(row: Pick<HistoryRow, 'customer_id' | 'day' | 'store_id'>): string {
  return `${row.customer_id}:${row.day}:${row.store_id}`
}

/** The history row of a day's visits of one customer at one store, or null when none is valid. */
export function foldDay(visits: readonly Visit[], regionId: string | null): HistoryRow | null {
  const valid = visits.filter((visit) => !visit.void).sort((a, b) => a.at - b.at)
  const first = valid[0]
  if (!first?.customer_id) return null
  let merged = 0
  let groupStart = -Infinity
  for (const visit of valid) {
    if (visit.receipt !== null) merged += 1
    else if (visit.at - groupStart > SAME_VISIT_MS) {
      merged += 1
      groupStart = visit.at
    }
  }
  return {
    customer_id: first.customer_id,
    day: first.day,
    store_id: first.store_id,
    region_id: regionId,
    visits: merged,
    sales: valid.filter((visit) => visit.spend_minor !== null).length,
    spend_minor: valid.reduce((sum, visit) => sum + (visit.spend_minor ?? 0), 0),
    purposes: valid.reduce((bits, visit) => bits | (1 << PURPOSES.indexOf(visit.purpose)), 0),
    first_at: first.at,
  }
}
