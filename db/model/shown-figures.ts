import type { Acceptance } from './alerts/automatic.ts'
import type { DigestChange, DigestPractice } from './alerts/digest.ts'
import type { Save } from './alerts/saves.ts'
import type { DefinitionId } from './definitions.ts'
import type { AlertRow, ReplayReport } from './report-alerts.ts'
import type { Evidence, Measure, SiteAssessment } from './site-assessment.ts'
import type { Availability } from './site-hours.ts'

// What the numbers are that alerts, the Monday page and sites show, field by field. A new field of
// an answer does not compile until it is said here what it means.

/** The definition of a number in an answer; `metric`: it is a value of the metric that is named. */
export type ShownAs = DefinitionId | 'metric'
type Figures<T, Named extends keyof T = never> = Readonly<Record<Exclude<keyof T, Named>, ShownAs>>

export const SHOWN = {
  alert: {
    ...{ value: 'metric', n: 'sample_size', centre: 'usual' },
    ...{ low: 'alert_limits', high: 'alert_limits' },
  } satisfies Figures<NonNullable<AlertRow['last']>>,
  replay: {
    ...{ fired: 'alerts_fired', stores: 'alert_rate' },
    ...{ right: 'alert_verdict', wrong: 'alert_verdict', pending: 'alert_verdict' },
    ...{ said_right: 'alert_said', said_false: 'alert_said' },
  } satisfies Figures<ReplayReport, 'from' | 'to' | 'alerts'>,
  replayed: {
    ...{ weeks: 'weeks_beyond', value: 'metric', n: 'sample_size' },
    ...{ low: 'alert_limits', high: 'alert_limits', verdict: 'alert_verdict' },
  } satisfies Figures<
    ReplayReport['alerts'][number],
    | ('store_id' | 'store_name' | 'store_name_en' | 'region_id' | 'currency')
    | ('first_day' | 'last_day')
  >,
  proposals: { decided: 'acceptance', accepted: 'acceptance' } satisfies Figures<Acceptance>,
  change: {
    ...{ value: 'metric', n: 'sample_size', smoothed: 'recent_mean', usual: 'usual' },
    ...{ low: 'slide_limits', high: 'slide_limits', strength: 'slide_limits' },
  } satisfies Figures<DigestChange, 'metric'>,
  practice: {
    ...{ value: 'metric', own: 'metric', n: 'sample_size', usual: 'practice_usual' },
    ...{ limit: 'alert_limits', strength: 'alert_limits' },
  } satisfies Figures<DigestPractice, 'store_id' | 'metric' | 'test'>,
  save: {
    ...{ light: 'customer_health', gap_days: 'usual_gap', days_since: 'days_absent' },
    ...{ lost_on: 'lost_on', came_on: 'came_again' },
    ...{ visits: 'year_visits', spend_minor: 'year_spend', days: 'usual_gap' },
  } satisfies Figures<Save, 'customer_id'>,
  measure: {
    visits_per_open_hour: 'visits_per_open_hour',
    visits_change: 'visits_change',
    new_customers: 'new',
    new_share: 'new_share',
    returning_customers: 'returning',
    spend_per_visit: 'spend_per_visit',
  } satisfies Readonly<Record<Measure, DefinitionId>>,
  evidence: {
    ...{ value: 'metric', peers: 'purpose_median', z: 'site_standing', standing: 'site_standing' },
  } satisfies Figures<Evidence, 'measure'>,
  site: {
    ...{ visits: 'visits', peers: 'purpose_peers', kept: 'hours_kept' },
  } satisfies Figures<SiteAssessment, 'store_id' | 'purpose' | 'evidence' | 'advice' | 'why'>,
  availability: {
    ...{ promised: 'promised_hours', available: 'hours_kept', lost: 'hours_lost' },
  } satisfies Figures<Availability>,
} as const
