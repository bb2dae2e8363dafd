import * as v from 'valibot'
import {
  AlertRule,
  DIRECTIONS,
  type KnownRule,
  OWNERS,
  SEVERITIES,
  WINDOWS_WEEKS,
} from '#model/alert-rule.ts'
import { ALERT_STATES, TASK_STATES } from '#model/alert.ts'
import { ALERT_METRICS, ALERT_TESTS } from '#model/alerts/alert-metric.ts'
import type { AlertAct } from '#model/alerts/states.ts'
import type {
  AlertDetail,
  AlertPlace,
  AlertRow,
  AlertsReport,
  ReplayReport,
  RulesReport,
} from '#model/report-alerts.ts'
import { type Fetch, read, write } from './request.ts'

// Alerts and their rules, read and checked, and what people do about them. Throws DeskError.

type Shape<T> = v.GenericSchema<unknown, T>

const number = v.number()
const text = v.string()
const maybeNumber = v.nullable(number)
const maybeText = v.nullable(text)

export const placeEntries = {
  store_id: text,
  store_name: text,
  store_name_en: maybeText,
  region_id: maybeText,
  currency: text,
}
export const PlaceShape: Shape<AlertPlace> = v.object(placeEntries)

const Row: Shape<AlertRow> = v.object({
  id: text,
  rule: v.object({
    id: text,
    name: text,
    metric: v.picklist(ALERT_METRICS),
    test: v.picklist(ALERT_TESTS),
    direction: v.picklist(DIRECTIONS),
    severity: v.picklist(SEVERITIES),
    owner: v.picklist(OWNERS),
    task: text,
    window_weeks: v.picklist(WINDOWS_WEEKS),
  }),
  ...placeEntries,
  first_day: number,
  last_day: number,
  weeks: number,
  is_back: v.boolean(),
  is_derived: v.boolean(),
  last: v.nullable(
    v.object({ value: number, n: number, centre: number, low: maybeNumber, high: maybeNumber }),
  ),
  state: v.picklist(ALERT_STATES),
  is_automatic: v.boolean(),
  task_state: v.nullable(v.picklist(TASK_STATES)),
  task_text: maybeText,
  steps: v.array(
    v.object({
      state: v.picklist(['acknowledged', 'acting', 'resolved', 'false']),
      at: number,
      by: text,
      note: text,
      by_name: text,
    }),
  ),
})

const Alerts: Shape<AlertsReport> = v.object({
  alerts: v.array(Row),
  rules_on: number,
  coverage: v.object({ fresh: number, stores: number }),
  as_of: v.nullable(number),
  week: number,
  computed_at: number,
})

const Detail: Shape<AlertDetail> = v.object({
  alert: Row,
  evidence: v.array(
    v.object({
      day: number,
      value: maybeNumber,
      tested: maybeNumber,
      centre: maybeNumber,
      low: maybeNumber,
      high: maybeNumber,
      n: maybeNumber,
      fired: v.boolean(),
    }),
  ),
  as_of: v.nullable(number),
  computed_at: number,
})

const ruleEntries = { ...AlertRule.entries, id: text }
const Rules: Shape<RulesReport> = v.object({
  rules: v.array(
    v.object({ ...ruleEntries, decided: number, accepted: number, is_automatic: v.boolean() }),
  ),
  regions: v.array(v.object({ id: text, name: text, name_en: maybeText })),
  formats: v.array(text),
  stores: v.array(PlaceShape),
})
const Saved: Shape<{ rule: KnownRule }> = v.object({ rule: v.object(ruleEntries) })

const Replay: Shape<ReplayReport> = v.object({
  ...{ from: number, to: number, stores: number },
  ...{ fired: number, right: number, wrong: number, pending: number },
  ...{ said_right: number, said_false: number },
  alerts: v.array(
    v.object({
      ...placeEntries,
      ...{ first_day: number, last_day: number, weeks: number, value: number, n: number },
      ...{ low: maybeNumber, high: maybeNumber },
      verdict: v.picklist(['right', 'wrong', 'pending']),
    }),
  ),
})

export function getAlerts(get: Fetch, state: 'open' | 'over' | 'all'): Promise<AlertsReport> {
  return read(get, `/api/desk/alerts?state=${state}`, Alerts)
}

export function getAlert(get: Fetch, alertId: string): Promise<AlertDetail> {
  return read(get, `/api/desk/alerts/${encodeURIComponent(alertId)}`, Detail)
}

/** Takes an alert on; the answer is how it stands then. */
export function actOnAlert(
  get: Fetch,
  alertId: string,
  { to: state, note, task }: Pick<AlertAct, 'to' | 'note' | 'task'>,
): Promise<AlertDetail> {
  const path = `/api/desk/alerts/${encodeURIComponent(alertId)}/state`
  return write(get, path, { state, note, task }, Detail)
}

export function getRules(get: Fetch): Promise<RulesReport> {
  return read(get, '/api/desk/alert-rules', Rules)
}

export async function saveRule(get: Fetch, id: string, rule: AlertRule): Promise<KnownRule> {
  return (await write(get, '/api/desk/alert-rules', { id, rule }, Saved)).rule
}

/** What a rule would have said; `id` is null for one that is not saved. */
export function replayRule(get: Fetch, id: string | null, rule: AlertRule): Promise<ReplayReport> {
  return write(get, '/api/desk/alert-rules/replay', { id, rule }, Replay)
}
