import * as v from 'valibot'
import { id } from './id.ts'
import { line, prose } from './text.ts'

// Why a chain keeps a site at a place, whether it does what it is there for, and whether it was
// open when it said it would be: a site that diverts a queue is not judged on exposure.

/** Takes visits off other stores; draws people in who were not known; serves those who are. */
export const PURPOSES = ['divert', 'draw', 'serve'] as const
export type Purpose = (typeof PURPOSES)[number]

const NOTE_MAX_CHARS = 500
const REASON_MAX_CHARS = 80

/** What a store is there for. One record a store, under an id made from the store's. */
export const SitePurpose = v.object({
  store_id: id,
  purpose: v.picklist(PURPOSES),
  note: v.optional(prose(NOTE_MAX_CHARS)),
})
export type SitePurpose = v.InferOutput<typeof SitePurpose>

/** The end of 2099, in ms: beyond what any clock here will show, and within what a date can. */
const INSTANT_MAX = 4_102_444_799_000
const instant = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(INSTANT_MAX))

/** A time in which a store could not serve though it had promised to; `to` is left out. */
export const Downtime = v.object({
  store_id: id,
  from: instant,
  to: instant,
  reason: line(REASON_MAX_CHARS),
  /** Why it was told in error, and who took it back; empty while it stands. */
  withdrawn: v.optional(prose(NOTE_MAX_CHARS)),
  withdrawn_by: v.optional(id),
})
export type Downtime = v.InferOutput<typeof Downtime>

export const ADVICE = ['keep', 'fix', 'move', 'close'] as const
export type Advice = (typeof ADVICE)[number]

/** What headquarters decided about a site's quarter; the advice stands beside it. */
export const SiteReview = v.object({
  store_id: id,
  quarter: v.pipe(v.string(), v.regex(/^\d{4}-Q[1-4]$/, 'period')),
  decided: v.picklist(ADVICE),
  note: v.optional(prose(NOTE_MAX_CHARS)),
})
export type SiteReview = v.InferOutput<typeof SiteReview>
