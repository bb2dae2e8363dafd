import { type KnownRule, readRule } from '#model/alert-rule.ts'
import { mayReadStore, type Scope } from '#model/access.ts'
import { type KnownAlert, readAlert } from '#model/alert.ts'
import { type AlertMetric, sideOf } from '#model/alerts/alert-metric.ts'
import { acceptance, decisionsOf, isAutomatic } from '#model/alerts/automatic.ts'
import {
  type DerivedAlert,
  deriveAlerts,
  lastWeek,
  ruledGroups,
  weeksToDerive,
} from '#model/alerts/derive.ts'
import { judgeWeek, weeksRead } from '#model/alerts/judge.ts'
import { AUTOMATED, type Handling, isOver, UNTOUCHED } from '#model/alerts/states.ts'
import { WEEK_DAYS, type WeekFigures } from '#model/alerts/week-figures.ts'
import { DAY_MS } from '#model/calendar.ts'
import { weekOf } from '#model/period.ts'
import type {
  AlertDetail,
  AlertPlace,
  AlertRow,
  AlertsReport,
  EvidenceWeek,
} from '#model/report-alerts.ts'
import { weekFigures } from './alert-figures.ts'
import { asOfStores, coverageOf, darkest } from './as-of.ts'
import { namesOf } from './fleet-scope.ts'
import { KeptForAWhile } from './kept-for-a-while.ts'
import type { Ledger } from './ledger.ts'
import { listReference } from './reference.ts'
import { readOrg, todayAt } from './reports.ts'

// Alerts as the desk reads them: derived from rules and figures, joined with what people did.

export async function readRules(ledger: Ledger): Promise<KnownRule[]> {
  const rows = await listReference(ledger, 'alert_rule')
  return rows.map(readRule).filter((rule) => rule !== null)
}

export async function readHandled(ledger: Ledger): Promise<KnownAlert[]> {
  const rows = await listReference(ledger, 'alert')
  return rows.map(readAlert).filter((alert) => alert !== null)
}

export async function alertPlaces(ledger: Ledger, scope: Scope): Promise<Map<string, AlertPlace>> {
  const { stores } = await readOrg(ledger)
  const shops = stores
    .filter((row) => row.type !== 'head-office' && mayReadStore(scope, row.id, row.region_id))
    .map((row): AlertPlace => {
      const { id: store_id, name: store_name, name_en: store_name_en, region_id, currency } = row
      return { store_id, store_name, store_name_en, region_id, currency }
    })
  return new Map(shops.map((place) => [place.store_id, place]))
}

interface Derived {
  alerts: DerivedAlert[]
  figures: Map<AlertMetric, WeekFigures>
  week: number
}

const derivedOf = new KeptForAWhile<Ledger, Derived>(() => performance.now())

async function derive(ledger: Ledger, rules: readonly KnownRule[], today: number) {
  const week = lastWeek(today)
  const count = Math.max(0, ...rules.map((rule) => weeksToDerive(rule, today))) + 1
  const metrics = [...new Set(rules.map((rule) => rule.metric))]
  const figures = await weekFigures(ledger, metrics, week - (count - 1) * WEEK_DAYS, count)
  const alerts = rules.flatMap((rule) => {
    const own = figures.get(rule.metric)
    return own ? deriveAlerts(rule, own, today, ledger.ports.sha256) : []
  })
  return { alerts, figures, week }
}

/** Alerts of all rules in force. On a large chain the answer is some seconds old. */
function derived(ledger: Ledger, rules: readonly KnownRule[], today: number): Promise<Derived> {
  const inForce = rules.filter((rule) => rule.state === 'on')
  const key = JSON.stringify([today, inForce])
  return derivedOf.get(ledger, key, () => derive(ledger, inForce, today))
}

export interface AlertBook {
  rules: KnownRule[]
  handled: Map<string, KnownAlert>
  derived: Derived
}

export async function alertBook(ledger: Ledger, today: number): Promise<AlertBook> {
  const rules = await readRules(ledger)
  const handled = new Map((await readHandled(ledger)).map((alert) => [alert.id, alert]))
  return { rules, handled, derived: await derived(ledger, rules, today) }
}

/** Whether the rule's tasks went out by themselves when the alert began. */
function wasAutomatic(book: AlertBook, rule: KnownRule, firstDay: number): boolean {
  if (!rule.may_automate) return false
  const own = [...book.handled.values()].filter((alert) => alert.rule_id === rule.id)
  const begun = (firstDay + WEEK_DAYS) * DAY_MS
  return isAutomatic(acceptance(decisionsOf(own), begun))
}

export interface Found {
  row: Omit<AlertRow, 'steps'> & Handling
  rule: KnownRule
}

function limitOf(limit: number): number | null {
  return Number.isFinite(limit) ? limit : null
}

function rowOf(
  book: AlertBook,
  rule: KnownRule,
  place: AlertPlace,
  known: DerivedAlert | KnownAlert,
): Found {
  const alert = 'last' in known ? known : null
  const is_automatic = wasAutomatic(book, rule, known.first_day)
  const record = book.handled.get(known.id)
  const handling: Handling = record ?? (is_automatic ? AUTOMATED : UNTOUCHED)
  const { state, steps, task_state, task_text } = handling
  const { id, name, metric, test, direction, severity, owner, task, window_weeks } = rule
  const row: Found['row'] = {
    id: known.id,
    rule: { id, name, metric, test, direction, severity, owner, task, window_weeks },
    ...place,
    first_day: known.first_day,
    last_day: alert?.last_day ?? known.first_day,
    weeks: alert?.weeks ?? 0,
    is_back: alert?.is_back ?? true,
    is_derived: alert !== null,
    last: alert && {
      ...{ value: alert.last.value, n: alert.last.n, centre: alert.last.centre },
      ...{ low: limitOf(alert.last.low), high: limitOf(alert.last.high) },
    },
    ...{ state, steps, task_state, task_text, is_automatic },
  }
  return { row, rule }
}

/** All alerts in a scope: those that are derived, and those that somebody handled. */
export function foundAlerts(book: AlertBook, places: ReadonlyMap<string, AlertPlace>): Found[] {
  const rules = new Map(book.rules.map((rule) => [rule.id, rule]))
  const ids = new Set(book.derived.alerts.map((alert) => alert.id))
  const left = [...book.handled.values()].filter((alert) => !ids.has(alert.id))
  return [...book.derived.alerts, ...left].flatMap((alert) => {
    const [rule, place] = [rules.get(alert.rule_id), places.get(alert.store_id)]
    return rule && place ? [rowOf(book, rule, place, alert)] : []
  })
}

const SEVERITY_ORDER = { urgent: 0, act: 1, watch: 2 }

function inOrder(a: Found, b: Found): number {
  return (
    Number(isOver(a.row.state)) - Number(isOver(b.row.state)) ||
    SEVERITY_ORDER[a.row.rule.severity] - SEVERITY_ORDER[b.row.rule.severity] ||
    b.row.first_day - a.row.first_day ||
    (a.row.id < b.row.id ? -1 : 1)
  )
}

async function withNames(ledger: Ledger, found: readonly Found[]): Promise<AlertRow[]> {
  const people = found.flatMap(({ row }) => row.steps.map((step) => step.by))
  const names = await namesOf(ledger, 'staff', people)
  return found.map(({ row }) => ({
    ...row,
    steps: row.steps.map((step) => ({ ...step, by_name: names.get(step.by) ?? '' })),
  }))
}

export async function alertsReport(
  ledger: Ledger,
  scope: Scope,
  which: 'open' | 'over' | 'all',
  now: number,
): Promise<AlertsReport> {
  const book = await alertBook(ledger, todayAt(await readOrg(ledger), now))
  const places = await alertPlaces(ledger, scope)
  const found = foundAlerts(book, places)
    .filter(({ row }) => which === 'all' || isOver(row.state) === (which === 'over'))
    .sort(inOrder)
  const alerts = await withNames(ledger, found)
  const rules_on = book.rules.filter((rule) => rule.state === 'on').length
  const { week } = book.derived
  const words = await asOfStores(ledger)
  const coverage = coverageOf(words, places.keys(), weekOf(week), now)
  const as_of = darkest([...places.keys()].map((id) => words.get(id) ?? null))
  return { alerts, rules_on, week, coverage, as_of, computed_at: now }
}

/** Weeks before an alert began that its evidence shows. */
const EVIDENCE_WEEKS_BEFORE = 26

const NOT_JUDGED = {
  ...{ value: null, tested: null, centre: null, low: null, high: null, n: null },
  fired: false,
}

async function evidenceOf(
  ledger: Ledger,
  { row, rule }: Found,
  today: number,
): Promise<EvidenceWeek[]> {
  const week = lastWeek(today)
  const shown = (week - row.first_day) / WEEK_DAYS + EVIDENCE_WEEKS_BEFORE
  const count = shown + weeksRead(rule)
  const first = week - (count - 1) * WEEK_DAYS
  const figures = (await weekFigures(ledger, [rule.metric], first, count)).get(rule.metric)
  if (!figures) return []
  const groups = ruledGroups({ ...rule, scope_kind: 'stores', scope_ids: [row.store_id] }, figures)
  const side = sideOf(rule.metric, rule.direction)
  return Array.from({ length: shown }, (_, at): EvidenceWeek => {
    const number = count - shown + at
    const [judged] = judgeWeek(groups, rule, number, side, true)
    const day = first + number * WEEK_DAYS
    if (!judged) return { day, ...NOT_JUDGED }
    const { value, tested, centre, low, high, n } = judged
    const limits = { low: limitOf(low), high: limitOf(high) }
    return { day, value, tested, centre, ...limits, n, fired: judged.side === side }
  })
}

/** One alert with its evidence; null when there is none of that id in the reader's scope. */
export async function alertDetail(
  ledger: Ledger,
  scope: Scope,
  alertId: string,
  now: number,
): Promise<AlertDetail | null> {
  const today = todayAt(await readOrg(ledger), now)
  const book = await alertBook(ledger, today)
  const places = await alertPlaces(ledger, scope)
  const found = foundAlerts(book, places).find(({ row }) => row.id === alertId)
  if (!found) return null
  const [alert] = await withNames(ledger, [found])
  if (!alert) return null
  const as_of = (await asOfStores(ledger)).get(alert.store_id) ?? null
  const evidence = await evidenceOf(ledger, found, today)
  return { alert, evidence, as_of, computed_at: now }
}

/** Alerts of one store that are not over. */
export function openAlertsOf(book: AlertBook, place: AlertPlace): number {
  const found = foundAlerts(book, new Map([[place.store_id, place]]))
  return found.filter(({ row }) => !isOver(row.state)).length
}
