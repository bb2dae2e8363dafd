import * as v from 'valibot'
import { ALERT_METRIC, ALERT_METRICS, ALERT_TESTS } from './alerts/alert-metric.ts'
import { id } from './id.ts'
import { NAME_MAX_CHARS } from './limits.ts'
import { line, prose } from './text.ts'

export const SCOPE_KINDS = ['all', 'region', 'format', 'stores'] as const
export const SEVERITIES = ['watch', 'act', 'urgent'] as const
export type Severity = (typeof SEVERITIES)[number]
export const OWNERS = ['store-manager', 'regional', 'hq'] as const
export type Owner = (typeof OWNERS)[number]
export const DIRECTIONS = ['bad', 'good'] as const
/** Weeks that are told as one figure. */
export const WINDOWS_WEEKS = [1, 2, 4, 8, 13] as const
/** A store against itself needs many figures: of longer windows there are too few. */
export const OVER_TIME_WINDOW_MAX = 4
export const TASK_MAX_CHARS = 300
const SCOPES_MAX = 200
const COOL_DOWN_MAX_DAYS = 365
const N_MAX = 1_000_000

const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most))

/**
 * What is watched, where, and when it speaks. `scope_ids` are the regions, formats or stores that
 * `scope_kind` names; `limit` is the threshold in the metric's own unit; `cool_down_days` is how
 * long it must have been quiet before it speaks anew; `since` the business day it was switched on.
 */
export const AlertRule = v.object({
  name: line(NAME_MAX_CHARS),
  metric: v.picklist(ALERT_METRICS),
  scope_kind: v.picklist(SCOPE_KINDS),
  scope_ids: v.pipe(v.array(line(NAME_MAX_CHARS)), v.maxLength(SCOPES_MAX)),
  test: v.picklist(ALERT_TESTS),
  limit: v.nullable(v.pipe(v.number(), v.finite())),
  window_weeks: v.picklist(WINDOWS_WEEKS),
  min_n: whole(0, N_MAX),
  severity: v.picklist(SEVERITIES),
  owner: v.picklist(OWNERS),
  cool_down_days: whole(7, COOL_DOWN_MAX_DAYS),
  direction: v.picklist(DIRECTIONS),
  /** What is proposed to be done; empty: the words of the product. */
  task: prose(TASK_MAX_CHARS),
  /** Whether tasks may go out by themselves once proposals were accepted often enough. */
  may_automate: v.boolean(),
  state: v.picklist(['on', 'off']),
  since: v.nullable(v.pipe(v.number(), v.integer())),
})
export type AlertRule = v.InferOutput<typeof AlertRule>

export interface KnownRule extends AlertRule {
  id: string
}

/** Why fields that are right one by one make no rule together, or null. */
export function ruleFault(rule: AlertRule): 'test' | 'limit' | 'window_weeks' | 'scope_ids' | null {
  if (!ALERT_METRIC[rule.metric].tests.includes(rule.test)) return 'test'
  if ((rule.test === 'threshold') !== (rule.limit !== null)) return 'limit'
  const isOverTime = rule.test === 'ewma' || rule.test === 'xmr'
  if (isOverTime && rule.window_weeks > OVER_TIME_WINDOW_MAX) return 'window_weeks'
  return (rule.scope_kind === 'all') === (rule.scope_ids.length === 0) ? null : 'scope_ids'
}

/** The rule that a record's row holds; null when it is of a version that this one cannot read. */
export function readRule(row: { id: string }): KnownRule | null {
  const read = v.safeParse(AlertRule, row)
  return read.success && v.is(id, row.id) ? { ...read.output, id: row.id } : null
}

export interface RuledStore {
  store_id: string
  region_id: string | null
  format: string | null
}

export function isRuled(rule: AlertRule, store: RuledStore): boolean {
  if (rule.scope_kind === 'all') return true
  const key = { region: store.region_id, format: store.format, stores: store.store_id }
  return rule.scope_ids.includes(key[rule.scope_kind] ?? '')
}
