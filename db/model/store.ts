import * as v from 'valibot'
import { id } from './id.ts'
import { NAME_MAX_CHARS } from './limits.ts'
import { line } from './text.ts'

export const STORE_TYPES = ['store', 'head-office'] as const

const minutes = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1440))

function isZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  } catch {
    return false // Intl has no other way to say that it does not know a zone.
  }
}

/**
 * A shop, or the head office (whose name is the chain's). A business day begins `cutoff_minutes`
 * after midnight of `zone`. `hours` has seven entries from Monday: minutes after midnight of
 * opening and closing, or null when closed.
 */
export const Store = v.object({
  name: line(NAME_MAX_CHARS),
  name_en: v.optional(line(NAME_MAX_CHARS)),
  code: v.optional(line(20)),
  type: v.optional(v.picklist(STORE_TYPES), 'store'),
  region_id: v.nullable(id),
  format: v.optional(line(40)),
  city: v.optional(line(NAME_MAX_CHARS)),
  /** The chain's own word for how large or rich its city is; peers share it. */
  city_tier: v.optional(line(40)),
  zone: v.pipe(v.string(), v.check(isZone, 'zone')),
  cutoff_minutes: v.optional(minutes, 240),
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, 'currency')),
  country: v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'country')),
  hours: v.optional(v.pipe(v.array(v.nullable(v.tuple([minutes, minutes]))), v.length(7))),
  opened_on: v.optional(v.pipe(v.number(), v.integer())),
})
export type Store = v.InferOutput<typeof Store>

/** What the figures need of a store. */
export type StoreClock = Pick<Store, 'zone' | 'cutoff_minutes'>

/** Minutes that the store was open between two instants; unknown hours count as 09:00 to 21:00. */
export function openMinutesBetween(
  hours: Store['hours'],
  localFrom: number,
  localTo: number,
): number {
  let open = 0
  for (let day = Math.floor(localFrom / 1440); day * 1440 < localTo; day += 1) {
    const span = hours ? hours[(((day + 3) % 7) + 7) % 7] : ([540, 1260] as const)
    if (!span) continue
    const from = Math.max(localFrom, day * 1440 + span[0])
    const to = Math.min(localTo, day * 1440 + span[1])
    if (to > from) open += to - from
  }
  return open
}
