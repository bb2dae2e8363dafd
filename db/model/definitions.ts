import type { ComponentId } from './score/components.ts'
import type { AnyMetric } from './metrics.ts'
import type { StatementSide } from './statement.ts'

// Every figure that the desk shows, once: where it stands, its unit, the window it looks at, and
// which version of its definition is in force since when. Formula, denominator and edge cases are
// words, in `web/lib/i18n/zh/desk-definitions.ts` and its English twin, under the same names.
// Whoever changes what a figure means raises its version here, says so in the words, and raises
// FIGURES_VERSION when kept figures change with it, with a line in `definition-history.ts`: they
// are then counted anew.

export const DEFINITION_AREAS = [
  'stores',
  'statement',
  'rhythm',
  'score',
  'alerts',
  'sites',
  'quality',
] as const
export type DefinitionArea = (typeof DEFINITION_AREAS)[number]

export type DefinitionUnit =
  | 'customers'
  | 'visits'
  | 'people'
  | 'stores'
  | 'alerts'
  | 'proposals'
  | 'share'
  | 'money'
  | 'days'
  | 'weeks'
  | 'points'
  | 'time'
  | 'ratio'
  /** Whatever the figure that is judged is told in. */
  | 'of-the-figure'

export interface Definition {
  area: DefinitionArea
  unit: DefinitionUnit
  /**
   * Days that it looks back (or, of what is expected, ahead); `activity`: those of the chain's
   * activity window; null: the period that was chosen.
   */
  window_days: number | 'activity' | null
  version: number
  /** The day from which this version holds. */
  since: string
  /** Whether the product records the facts as yet. */
  recorded: boolean
}

/** Figures of the customers' rhythm. */
export const RHYTHM_METRICS = [
  'retention',
  'second_visit_rate',
  'rfm',
  'repeat_interval',
  'repeat_interval_open',
  'activity_window',
  'alive_share',
  'expected_visits',
  'customer_health',
  'lost_rate',
] as const
export type RhythmMetric = (typeof RHYTHM_METRICS)[number]

/** What stands beside other figures and says how far these can be trusted. */
export const QUALITY_METRICS = [
  'as_of',
  'coverage',
  'sample_size',
  'peer_band',
  'natural_limits',
  'funnel_limits',
  'slide_limits',
  'sensing_lag',
  'late_share',
  'merged_share',
  'entry_bursts',
  'entry_places',
  'entry_hours',
  'entry_notes',
] as const
export type QualityMetric = (typeof QUALITY_METRICS)[number]

/** Of the score itself; its components stand beside them. */
export const SCORE_METRICS = ['score', 'rank_range', 'weakest_link'] as const
export type ScoreMetric = (typeof SCORE_METRICS)[number]

/** Of alerts and the Monday page, beside the figures that are watched. */
export const ALERT_FIGURES = [
  'usual',
  'recent_mean',
  'alert_limits',
  'weeks_beyond',
  'alerts_fired',
  'alert_rate',
  'alert_verdict',
  'alert_said',
  'acceptance',
  'usual_gap',
  'days_absent',
  'lost_on',
  'came_again',
  'year_visits',
  'year_spend',
  'practice_usual',
] as const
export type AlertFigure = (typeof ALERT_FIGURES)[number]

/** Of sites, beside the figures of the stores. */
export const SITE_FIGURES = [
  'visits_per_open_hour',
  'visits_change',
  'new_share',
  'purpose_median',
  'site_standing',
  'purpose_peers',
  'promised_hours',
  'hours_kept',
  'hours_lost',
] as const
export type SiteFigure = (typeof SITE_FIGURES)[number]

export type DefinitionId =
  | (AnyMetric | keyof StatementSide | 'value' | RhythmMetric)
  | (ComponentId | ScoreMetric | AlertFigure | SiteFigure | QualityMetric)

function define(
  area: DefinitionArea,
  unit: DefinitionUnit,
  window_days: Definition['window_days'] = null,
  more: Partial<Definition> = {},
): Definition {
  return { area, unit, window_days, version: 1, since: '2026-11-21', recorded: true, ...more }
}

const RHYTHM = { since: '2026-11-22' }
const ENTRIES = { since: '2026-11-23' }
const LATER = { recorded: false }

/** In the order of the definitions page. */
export const DEFINITIONS: Readonly<Record<DefinitionId, Definition>> = {
  visits: define('stores', 'visits'),
  identified_rate: define('stores', 'share'),
  visitors: define('stores', 'people'),
  new: define('stores', 'customers'),
  returning: define('stores', 'customers', null, { version: 2, since: '2026-11-23' }),
  active: define('stores', 'customers', 'activity'),
  tag_coverage: define('stores', 'share'),
  spend_per_visit: define('stores', 'money'),
  returning_here: define('stores', 'people', null, { since: '2026-11-23' }),
  repeat_visits: define('stores', 'visits', null, { since: '2026-11-23' }),
  spend_per_identified: define('stores', 'money', null, { since: '2026-11-23' }),

  opening: define('statement', 'customers', 'activity'),
  reactivated: define('statement', 'customers', 'activity'),
  transfer_in: define('statement', 'customers'),
  unmerged: define('statement', 'customers'),
  lost: define('statement', 'customers', 'activity'),
  transfer_out: define('statement', 'customers'),
  merged: define('statement', 'customers'),
  erased: define('statement', 'customers'),
  late: define('statement', 'customers', null, RHYTHM),
  redefined: define('statement', 'customers', null, { since: '2026-11-23' }),
  closing: define('statement', 'customers', 'activity'),
  value: define('statement', 'money', 365),
  expanded: define('statement', 'money', 365),
  contracted: define('statement', 'money', 365),

  retention: define('rhythm', 'share', null, RHYTHM),
  second_visit_rate: define('rhythm', 'share', 60, RHYTHM),
  rfm: define('rhythm', 'customers', 365, RHYTHM),
  repeat_interval: define('rhythm', 'days', 365, RHYTHM),
  repeat_interval_open: define('rhythm', 'days', 365, RHYTHM),
  activity_window: define('rhythm', 'days', 365, RHYTHM),
  alive_share: define('rhythm', 'share', null, RHYTHM),
  expected_visits: define('rhythm', 'visits', 90, RHYTHM),
  customer_health: define('rhythm', 'ratio', 365),
  lost_rate: define('rhythm', 'share', 7, RHYTHM),

  score: define('score', 'points', null, { version: 2, since: '2026-11-23' }),
  rank_range: define('score', 'points', null, RHYTHM),
  weakest_link: define('score', 'points', null, RHYTHM),
  retained_rate: define('score', 'share', 'activity', RHYTHM),
  spend_growth: define('score', 'share', null, RHYTHM),
  follow_up_rate: define('score', 'share', null, LATER),
  promise_rate: define('score', 'share', null, LATER),
  satisfaction_rate: define('score', 'share', null, LATER),
  referrals: define('score', 'ratio', null, LATER),
  fatigue_rate: define('score', 'share', 30, LATER),
  staff_hour_visits: define('score', 'ratio', null, LATER),

  usual: define('alerts', 'of-the-figure', 182, RHYTHM),
  recent_mean: define('alerts', 'of-the-figure', 91, RHYTHM),
  alert_limits: define('alerts', 'of-the-figure', null, RHYTHM),
  weeks_beyond: define('alerts', 'weeks', 7, RHYTHM),
  alerts_fired: define('alerts', 'alerts', 364, RHYTHM),
  alert_rate: define('alerts', 'ratio', 364, RHYTHM),
  alert_verdict: define('alerts', 'share', 28, RHYTHM),
  alert_said: define('alerts', 'alerts', null, RHYTHM),
  acceptance: define('alerts', 'proposals', null, RHYTHM),
  usual_gap: define('alerts', 'days', 365, RHYTHM),
  days_absent: define('alerts', 'days', null, RHYTHM),
  lost_on: define('alerts', 'time', 'activity', RHYTHM),
  came_again: define('alerts', 'time', null, RHYTHM),
  year_visits: define('alerts', 'visits', 365, RHYTHM),
  year_spend: define('alerts', 'money', 365, RHYTHM),
  practice_usual: define('alerts', 'of-the-figure', 91, RHYTHM),

  visits_per_open_hour: define('sites', 'ratio', null, RHYTHM),
  visits_change: define('sites', 'share', null, RHYTHM),
  new_share: define('sites', 'share', null, RHYTHM),
  purpose_median: define('sites', 'of-the-figure', null, RHYTHM),
  site_standing: define('sites', 'ratio', null, RHYTHM),
  purpose_peers: define('sites', 'stores', null, RHYTHM),
  promised_hours: define('sites', 'time', null, RHYTHM),
  hours_kept: define('sites', 'share', null, RHYTHM),
  hours_lost: define('sites', 'time', null, RHYTHM),

  as_of: define('quality', 'time'),
  coverage: define('quality', 'share'),
  sample_size: define('quality', 'people'),
  peer_band: define('quality', 'ratio'),
  natural_limits: define('quality', 'ratio', null, { ...RHYTHM, version: 2 }),
  funnel_limits: define('quality', 'share'),
  slide_limits: define('quality', 'ratio', null, RHYTHM),
  sensing_lag: define('quality', 'time', 1),
  late_share: define('quality', 'share', null, ENTRIES),
  merged_share: define('quality', 'ratio', null, ENTRIES),
  entry_bursts: define('quality', 'visits', null, ENTRIES),
  entry_places: define('quality', 'visits', null, ENTRIES),
  entry_hours: define('quality', 'share', null, ENTRIES),
  entry_notes: define('quality', 'visits', null, ENTRIES),
}

/** The names of all definitions, in the order of the page. */
export const DEFINITION_IDS = definitionIds()

function definitionIds(): DefinitionId[] {
  // Object.keys forgets the names; the record above holds these and no others.
  return Object.keys(DEFINITIONS) as DefinitionId[]
}
