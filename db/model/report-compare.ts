import type { Metric, MetricValues } from './metrics.ts'
import type { ReportRow } from './report.ts'
import type { Break } from './stats/control.ts'
import type { FunnelVerdict } from './stats/funnel.ts'

// What the desk reads to compare stores, under /api/desk. Rows are cut to the reader's scope; peers
// are those of the whole chain, but only as numbers, so that no other region's name is told.

export const COMPARE_WITH = ['prev', 'year'] as const
/** The period before, or the same one a year earlier (weeks and days: 52 weeks earlier). */
export type CompareWith = (typeof COMPARE_WITH)[number]

/** At most so many stores side by side. */
export const COMPARE_MAX = 8

/** The middle half of a peer group, and over how many stores. */
export interface Band {
  low: number
  median: number
  high: number
  stores: number
}

export interface PeerGroup {
  /** `all` or `format:<format>`; a format of fewer than 8 stores is measured by all. */
  key: string
  format: string | null
  /**
   * What its money is counted in. In a chain of several currencies a group stands here once with
   * null and without any money, then once per currency, money being that of its stores alone.
   */
  currency: string | null
  /** Stores of the chain that belong to it, with or without data. */
  stores: number
  /** Of the newest period, over stores with fresh data and at least ten cases. */
  bands: Record<Metric, Band | null>
  /** Per period, oldest first. */
  medians: Record<Metric, (number | null)[]>
}

/** One metric of a place over the periods, oldest first; null is no data. */
export interface CompareLine {
  values: (number | null)[]
  /** Natural limits of the values before the newest; null with fewer than six. */
  limits: { low: number; high: number } | null
  /** The newest value against them; null also where it cannot be judged (yet). */
  breaks: Break | null
}

export interface ComparePlace extends Pick<
  ReportRow,
  'scope' | 'level' | 'region_id' | 'name' | 'name_en' | 'code' | 'format' | 'currency' | 'as_of'
> {
  /** Key of the group of its format; null for regions and the chain. */
  peer_group: string | null
  /** Its tablets have been silent for so long that its figures leave ranks and bands. */
  stale: boolean
  now: MetricValues
  before: MetricValues
  lines: Record<Metric, CompareLine>
}

/** GET /api/desk/compare?period=2026-10&periods=13&vs=prev|year[&s=…&s=…] (up to 8 places) */
export interface CompareReport {
  /** Period texts, oldest first; the last one is the period asked for. */
  periods: string[]
  /** The period compared with. */
  before: string
  places: ComparePlace[]
  groups: PeerGroup[]
  /** Stores in the reader's scope, and how many of them have figures that are not stale. */
  coverage: { fresh: number; stores: number }
  /** The newest period is over, so that it may be judged. */
  over: boolean
  computed_at: number
  dirty_days: number
}

export const FUNNEL_RATES = ['identified_rate', 'tag_coverage', 'second_visit'] as const
export type FunnelRate = (typeof FUNNEL_RATES)[number]

export interface FunnelStore {
  scope: string
  name: string
  name_en: string | null
  region_id: string | null
  as_of: number | null
  x: number
  n: number
  verdict: FunnelVerdict
  direction: 'above' | 'below' | null
}

/** GET /api/desk/funnel?period=2026-10&rate=identified_rate[&format=flagship] */
export interface FunnelReport {
  period: string
  rate: FunnelRate
  format: string | null
  /** Every format of the chain. */
  formats: string[]
  /** Null when no store has a case. `phi` and `stretch`: see db/model/stats/funnel.ts. */
  funnel: { mean: number; phi: number; stretch: number; stores: number } | null
  /** Stores in the reader's scope with cases. */
  points: FunnelStore[]
  /** Stores in scope that are left out: silent tablets, or not a single case. */
  left_out: { scope: string; name: string; name_en: string | null; as_of: number | null }[]
  over: boolean
  computed_at: number
  dirty_days: number
}

/** GET /api/desk/stores/:scope/tags: what the customers at home in one store are tagged with. */
export interface TagMixReport {
  /** Customers at home in the store. */
  customers: number
  groups: {
    id: string
    label: string
    label_en: string | null
    /** Customers with any tag of the group. */
    customers: number
    /** Most customers first. */
    tags: { id: string; label: string; label_en: string | null; customers: number }[]
  }[]
}

/** What one person recorded at a store in a period, on the tablet; not whom they served. */
export interface StaffRow {
  staff_id: string
  name: string
  /** Business days on which they recorded a visit here. */
  days: number
  /** Visits of customers. */
  visits: number
  /** People nobody asked for a name. */
  tallied: number
  /** Customers at home here whom they enrolled. */
  enrolled: number
}

/** GET /api/desk/stores/:scope/staff: who recorded what at one store; most visits first. */
export interface StaffReport {
  period: string
  staff: StaffRow[]
}
