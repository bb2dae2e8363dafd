import { ALERT_METRIC, type AlertMetric, type AlertTest } from '#model/alerts/alert-metric.ts'
import {
  type AlertRule,
  OVER_TIME_WINDOW_MAX,
  ruleFault,
  WINDOWS_WEEKS,
} from '#model/alert-rule.ts'
import { ALERT_METRIC_UNIT } from '#model/report-alerts.ts'
import { STARTER_IDS, STARTERS, type StarterId } from '#model/alerts/starters.ts'
import { AlertRule as RuleShape } from '#model/alert-rule.ts'
import { minorDigits } from './figures.ts'
import * as v from 'valibot'

// A rule as a form: numbers are texts while they are typed, a threshold stands in its own unit.

export interface RuleForm extends Pick<
  AlertRule,
  | 'name'
  | 'metric'
  | 'direction'
  | 'test'
  | 'scope_kind'
  | 'severity'
  | 'owner'
  | 'task'
  | 'may_automate'
> {
  limit: string
  window: string
  min_n: string
  cool_down: string
  scope_ids: string[]
}

/** How much of the stored unit one of the typed unit is: percent, or the major unit of money. */
function limitFactor(metric: AlertMetric, currency: string): number {
  const unit = ALERT_METRIC_UNIT[metric]
  return unit === 'share' ? 0.01 : unit === 'money' ? 10 ** minorDigits(currency) : 1
}

export function formOf(rule: AlertRule, currency: string): RuleForm {
  const { limit, window_weeks, min_n, cool_down_days, scope_ids } = rule
  const shown =
    limit === null ? '' : String(Number((limit / limitFactor(rule.metric, currency)).toFixed(6)))
  return {
    name: rule.name,
    metric: rule.metric,
    direction: rule.direction,
    test: rule.test,
    scope_kind: rule.scope_kind,
    severity: rule.severity,
    owner: rule.owner,
    task: rule.task,
    may_automate: rule.may_automate,
    limit: shown,
    window: String(window_weeks),
    min_n: String(min_n),
    cool_down: String(cool_down_days),
    scope_ids: [...scope_ids],
  }
}

export type FormField = 'name' | 'limit' | 'min_n' | 'cool_down' | 'scope_ids' | 'task'

export type FormReading =
  { ok: true; rule: AlertRule } | { ok: false; faults: Partial<Record<FormField, true>> }

const FIELD_OF: Readonly<Record<string, FormField>> = {
  name: 'name',
  limit: 'limit',
  min_n: 'min_n',
  cool_down_days: 'cool_down',
  scope_ids: 'scope_ids',
  task: 'task',
}

function numberOf(text: string): number {
  return text.trim() === '' ? NaN : Number(text)
}

/** The rule that a form says, switched on or off, or which fields say none. */
export function readForm(form: RuleForm, currency: string, state: AlertRule['state']): FormReading {
  const { limit, window, min_n, cool_down, scope_ids, name, task, ...same } = form
  const isThreshold = form.test === 'threshold'
  const rule = {
    ...same,
    name: name.trim().normalize('NFC'),
    task: task.trim(),
    limit: isThreshold ? numberOf(limit) * limitFactor(form.metric, currency) : null,
    window_weeks: Number(window),
    min_n: numberOf(min_n),
    cool_down_days: numberOf(cool_down),
    scope_ids: form.scope_kind === 'all' ? [] : scope_ids,
    state,
    since: null,
  }
  const read = v.safeParse(RuleShape, rule)
  if (!read.success) {
    const fields = read.issues.map((issue) => FIELD_OF[String(issue.path?.[0]?.key)] ?? 'name')
    return { ok: false, faults: Object.fromEntries(fields.map((field) => [field, true])) }
  }
  const fault = ruleFault(read.output)
  if (fault === 'scope_ids') return { ok: false, faults: { scope_ids: true } }
  return fault === null ? { ok: true, rule: read.output } : { ok: false, faults: { limit: true } }
}

export function testsOf(metric: AlertMetric): readonly AlertTest[] {
  return ALERT_METRIC[metric].tests
}

/** The windows that make sense for a test: against itself a store needs many figures. */
export function windowsOf(test: AlertTest): readonly number[] {
  const isOverTime = test === 'ewma' || test === 'xmr'
  return WINDOWS_WEEKS.filter((weeks) => !isOverTime || weeks <= OVER_TIME_WINDOW_MAX)
}

/** The form after another metric or test was chosen: what no longer fits goes to what does. */
export function fitted(form: RuleForm): RuleForm {
  const tests = testsOf(form.metric)
  const test = tests.includes(form.test) ? form.test : (tests[0] ?? form.test)
  const windows = windowsOf(test)
  const window = windows.some((weeks) => String(weeks) === form.window)
    ? form.window
    : String(windows.at(-1) ?? 1)
  return { ...form, test, window }
}

export function starterOf(text: string | null): StarterId | null {
  return STARTER_IDS.find((starter) => starter === text) ?? null
}

/** A new rule: one that is offered, or an empty one. */
export function newRule(starter: StarterId | null, name: string): AlertRule {
  return { ...STARTERS[starter ?? 'visits-slide'], name, task: '' }
}

/** Rules of the product that watch something which no rule of the chain watches in the same way. */
export function offeredStarters(rules: readonly AlertRule[]): StarterId[] {
  return STARTER_IDS.filter((id) => {
    const { metric, test, direction } = STARTERS[id]
    return !rules.some(
      (rule) => rule.metric === metric && rule.test === test && rule.direction === direction,
    )
  })
}
