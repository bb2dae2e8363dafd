import type { Advice } from './site.ts'
import type { SiteAssessment } from './site-assessment.ts'
import type { Availability } from './site-hours.ts'

export interface ToldDowntime {
  id: string
  from: number
  to: number
  reason: string
  /** Who took it back, when and why; null while it stands. */
  withdrawn: { reason: string; by_name: string; at: number } | null
}

/** A site and its quarter. */
export interface SiteRow {
  store_id: string
  name: string
  name_en: string | null
  code: string | null
  city: string | null
  currency: string
  /** Null while nobody has said what the site is there for. */
  assessment: Omit<SiteAssessment, 'store_id'> | null
  availability: Availability
  /** No opening hours are on the store's record: 9 to 21 is taken for its promise. */
  hours_assumed: boolean
  /** The store's zone: what happened there is told and written by its clock. */
  zone: string
  /** Faults of the quarter, the latest first; instants in ms. What was withdrawn costs nothing. */
  downtimes: ToldDowntime[]
  review: { decided: Advice; note: string } | null
  as_of: number | null
}

/** GET /api/desk/sites?quarter=2026-Q3; a quarter that runs ends today. */
export interface SitesReport {
  quarter: string
  from: number
  to: number
  /** Of the stores with a tablet: of how many nothing more of the quarter is awaited. */
  coverage: { fresh: number; stores: number }
  rows: SiteRow[]
}
