import type { AlertRule, KnownRule } from './alert-rule.ts'
import type { AlertState, AlertStep, TaskState } from './alert.ts'
import type { AlertMetric } from './alerts/alert-metric.ts'
import type { Acceptance } from './alerts/automatic.ts'
import type { DigestChange, DigestPractice } from './alerts/digest.ts'
import type { ReplayVerdict } from './alerts/replay.ts'
import type { Save } from './alerts/saves.ts'

// What the desk reads of alerts and of the Monday page. Every answer is cut to the reader's scope.

/** A store as the alerts name it. */
export interface AlertPlace {
  store_id: string
  store_name: string
  store_name_en: string | null
  region_id: string | null
  currency: string
}

export interface AlertRow extends AlertPlace {
  id: string
  rule: Pick<
    KnownRule,
    'id' | 'name' | 'metric' | 'test' | 'direction' | 'severity' | 'owner' | 'task'
  > & { window_weeks: number }
  /** Mondays of the first and the last week beyond the limits, and how many there were. */
  first_day: number
  last_day: number
  weeks: number
  /** Whether the figures are within the limits again. */
  is_back: boolean
  /** Whether rule and figures still give it; late data or another rule may have taken it back. */
  is_derived: boolean
  /** As it last was beyond its limits; null once it is derived no more. A null limit is none. */
  last: {
    value: number
    n: number
    centre: number
    low: number | null
    high: number | null
  } | null
  state: AlertState
  /** Its task went out by itself. */
  is_automatic: boolean
  task_state: TaskState | null
  task_text: string | null
  /** With the names of those who took them. */
  steps: (AlertStep & { by_name: string })[]
}

/** GET /api/desk/alerts?state=open|over|all */
export interface AlertsReport {
  alerts: AlertRow[]
  /** Rules in force. */
  rules_on: number
  /** The Monday of the last week that was judged. */
  week: number
  /** Of the stores with a tablet: of how many nothing more of that week is awaited. */
  coverage: { fresh: number; stores: number }
  /** Up to when the figures of all these stores are whole: that of the darkest. */
  as_of: number | null
  computed_at: number
}

/** A week of the evidence; null where the store could not be judged. */
export interface EvidenceWeek {
  day: number
  value: number | null
  /** What was tested: of a slide the weighted mean, else the value. */
  tested: number | null
  centre: number | null
  low: number | null
  high: number | null
  n: number | null
  fired: boolean
}

/** GET /api/desk/alerts/:id */
export interface AlertDetail {
  alert: AlertRow
  /** The weeks around it, in the order of time. */
  evidence: EvidenceWeek[]
  /** Up to when the figures of its store are whole. */
  as_of: number | null
  computed_at: number
}

/** GET /api/desk/alert-rules */
export interface RulesReport {
  rules: (KnownRule & Acceptance & { is_automatic: boolean })[]
  /** What a rule's scope can name. */
  regions: { id: string; name: string; name_en: string | null }[]
  formats: string[]
  stores: AlertPlace[]
}

/** POST /api/desk/alert-rules: writes a rule; a new id makes a new one. */
export interface RuleReply {
  rule: KnownRule
}

/** POST /api/desk/alert-rules/replay, with a rule that need not be saved. */
export interface ReplayReport {
  from: number
  to: number
  /** Stores that the rule is for. */
  stores: number
  fired: number
  right: number
  wrong: number
  pending: number
  /** What people said of alerts of this rule: resolved, and false. */
  said_right: number
  said_false: number
  /** In the order of time; at most 500 of them. */
  alerts: (AlertPlace & {
    first_day: number
    last_day: number
    weeks: number
    value: number
    low: number | null
    high: number | null
    n: number
    verdict: ReplayVerdict
  })[]
}

export type ReplayBody = AlertRule & { id: string | null }

/** GET /api/desk/monday/:store?week=2026-W46 */
export interface MondayReport {
  store: AlertPlace
  week: string
  from: number
  to: number
  as_of: number | null
  /** Whether the store's figures of that week are whole. */
  is_whole: boolean
  improved: DigestChange[]
  slipping: DigestChange[]
  saves: (Save & { name: string | null })[]
  /** A peer's name is told where the reader may see that store. */
  practice: (DigestPractice & { place: AlertPlace | null }) | null
  /** Alerts of the store that are not over. */
  alerts: number
  computed_at: number
}

/** GET /api/desk/monday: whose page there is. */
export interface MondayStores {
  stores: AlertPlace[]
  week: string
}

/** The unit in which a metric is told: minor units of the currency, a share of 1, or a count. */
export const ALERT_METRIC_UNIT: Readonly<Record<AlertMetric, 'count' | 'share' | 'money'>> = {
  visits: 'count',
  identified_rate: 'share',
  new: 'count',
  second_visit_rate: 'share',
  lost_rate: 'share',
  tag_coverage: 'share',
  spend_per_visit: 'money',
}
