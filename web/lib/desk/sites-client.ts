import * as v from 'valibot'
import type { SitesReport } from '#model/report-sites.ts'
import { ADVICE, type Advice, PURPOSES, type Purpose } from '#model/site.ts'
import { MEASURES } from '#model/site-assessment.ts'
import { type Fetch, read, write } from './request.ts'

// Sites and their quarters, and what people write about them. Every function throws DeskError.

type Shape<T> = v.GenericSchema<unknown, T>

const text = v.string()
const number = v.number()
const maybe = v.nullable(number)

const Evidence = v.object({
  measure: v.picklist([...MEASURES.divert, ...MEASURES.draw, ...MEASURES.serve]),
  value: maybe,
  peers: maybe,
  z: maybe,
  standing: v.picklist(['strong', 'usual', 'weak', 'no-data']),
})

const Assessment = v.object({
  purpose: v.picklist(PURPOSES),
  visits: number,
  peers: number,
  evidence: v.array(Evidence),
  kept: maybe,
  advice: v.nullable(v.picklist(ADVICE)),
  why: v.picklist([
    ...(['availability', 'weak-twice', 'weak', 'one-weak'] as const),
    ...(['sound', 'few-peers', 'few-visits', 'stale'] as const),
  ]),
})

const ToldDowntime = v.object({
  id: text,
  from: number,
  to: number,
  reason: text,
  withdrawn: v.nullable(v.object({ reason: text, by_name: text, at: number })),
})

const SitesReportShape: Shape<SitesReport> = v.object({
  quarter: text,
  from: number,
  to: number,
  coverage: v.object({ fresh: number, stores: number }),
  rows: v.array(
    v.object({
      store_id: text,
      name: text,
      name_en: v.nullable(text),
      code: v.nullable(text),
      city: v.nullable(text),
      currency: text,
      assessment: v.nullable(Assessment),
      availability: v.object({
        promised: number,
        available: number,
        lost: v.array(v.object({ reason: text, minutes: number })),
      }),
      hours_assumed: v.boolean(),
      zone: text,
      downtimes: v.array(ToldDowntime),
      review: v.nullable(v.object({ decided: v.picklist(ADVICE), note: text })),
      as_of: maybe,
    }),
  ),
})

const anything = v.unknown()

export function getSites(get: Fetch, quarter: string): Promise<SitesReport> {
  return read(get, `/api/desk/sites?${new URLSearchParams({ quarter })}`, SitesReportShape)
}

export async function setPurpose(get: Fetch, store_id: string, purpose: Purpose): Promise<void> {
  await write(get, '/api/desk/sites/purposes', { store_id, purpose }, anything)
}

export async function setReview(
  get: Fetch,
  review: { store_id: string; quarter: string; decided: Advice; note: string },
): Promise<void> {
  await write(get, '/api/desk/sites/reviews', review, anything)
}

/** Instants in ms; `to` is left out. */
export async function reportDowntime(
  get: Fetch,
  downtime: { store_id: string; from: number; to: number; reason: string },
): Promise<void> {
  await write(get, '/api/desk/sites/downtimes', downtime, anything)
}

/** Takes back a fault that was told in error. */
export async function withdrawDowntime(get: Fetch, id: string, reason: string): Promise<void> {
  await write(get, '/api/desk/sites/downtimes/withdrawals', { id, reason }, anything)
}
