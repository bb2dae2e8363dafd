import type { CohortSide } from './rhythm/cohort.ts'
import type { CohortRow } from './rhythm/cohort-table.ts'
import type { RfmGroup } from './rhythm/rfm-group.ts'
import type { RfmBreaks } from './rhythm/rfm.ts'
import type { GroupSum, RepeatFigures } from './rhythm/store-rhythm.ts'
import type { SurvivalStep } from './stats/kaplan-meier.ts'

// What the desk reads about the customers of a scope: who comes back, how often, and who will.

/** Which scope a report tells of, and up to when its figures are whole. */
export interface ScopeHead {
  /** Store id, region id, or `chain`. */
  scope: string
  level: 'store' | 'region' | 'chain'
  name: string
  name_en: string | null
  /** Null: its stores keep several currencies, and no spend is told. */
  currency: string | null
  /** Today's business day at the head office: what is dated later has not happened. */
  today: number
  /** Up to when the store's numbers are whole; of several the darkest. Null: never heard of. */
  as_of: number | null
  computed_at: number
}

/** The 60-day second visit of those who were due in a month; the running month up to today. */
export interface SecondVisits {
  /** First day of the month. */
  month: number
  due: number
  done: number
}

/** GET /api/desk/cohorts/:scope?side=acquired|homed */
export interface CohortsReport extends ScopeHead {
  side: CohortSide
  rows: CohortRow[]
  second: SecondVisits[]
  /** Days whose region and chain figures are being computed. */
  dirty_days: number
}

/** Why nothing is said of a scope's rhythm, or how it was come to. */
export type ModelBasis = 'fitted' | 'too-few-customers' | 'no-repeats' | 'not-converged'

/** What BG/NBD says of a scope's customers. */
export interface AliveFigures {
  basis: ModelBasis
  /** Customers of the scope that the model was fitted to, and those lent by the chain. */
  own: number
  lent: number
  /** Customers with two visit days or more: the share is of them. */
  repeaters: number
  /** Mean of P(alive) over the repeaters; null without a model or a repeater. */
  share: number | null
  /** Customers with a visit, whose next visits are expected. */
  customers: number
  /** Visits expected of them within 90 days; null without a model. */
  expected: number | null
}

/** A group's customers, and what they spent; null of a scope of several currencies. */
export interface ToldGroup extends Omit<GroupSum, 'spend_minor'> {
  spend_minor: number | null
}

/** One scope's figures, or one store's line of a region. */
export interface RhythmFigures {
  /** Customers with a visit; enrolled ones without a visit stand in the group of prospects. */
  customers: number
  groups: Record<RfmGroup, ToldGroup>
  repeat: RepeatFigures
  alive: AliveFigures
}

export interface StoreLine extends RhythmFigures {
  scope: string
  name: string
  name_en: string | null
  as_of: number | null
}

/** GET /api/desk/rhythm/:scope */
export interface RhythmReport extends ScopeHead {
  /** Null while a region or the chain has more stores than are read for one question. */
  figures: RhythmFigures | null
  breaks: RfmBreaks
  /** Whether scores come from R and F alone, as the chain's stores have several currencies. */
  several_currencies: boolean
  /** The share of gaps longer than so many days. */
  survival: SurvivalStep[]
  /** The stores of a region or the chain that have been read. */
  stores: StoreLine[]
  /** Of the stores of the scope: ask again while fewer are counted. */
  stores_counted: number
  stores_total: number
  stores_max: number
}

export interface RhythmCustomer {
  customer_id: string
  /** Null for somebody whose name the reader may not know. */
  name: string | null
  /** Null for somebody who never came. */
  last_day: number | null
  /** Visit days and spend of 365 days. */
  visit_days: number
  spend_minor: number | null
  /** P(alive); null without a model. */
  alive: number | null
}

/** GET /api/desk/rhythm/:store/customers?group=at-risk: who stands behind a group of a store. */
export interface RhythmCustomers {
  scope: string
  group: RfmGroup
  /** The highest spend first; at most 500. */
  rows: RhythmCustomer[]
  total: number
}
