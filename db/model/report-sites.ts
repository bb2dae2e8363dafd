import type { Advice } from './site.ts'
import type { SiteAssessment } from './site-assessment.ts'
import type { Availability } from './site-hours.ts'

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
  /** Faults of the quarter, the latest first; instants in ms. */
  downtimes: { id: string; from: number; to: number; reason: string }[]
  review: { decided: Advice; note: string } | null
  as_of: number | null
}

/** GET /api/desk/sites?quarter=2026-Q3; a quarter that runs ends today. */
export interface SitesReport {
  quarter: string
  from: number
  to: number
  rows: SiteRow[]
}
