import type { AlertRule } from '#model/alert-rule.ts'
import type { AlertMetric } from '#model/alerts/alert-metric.ts'
import { dayText } from '#model/calendar.ts'
import {
  ALERT_METRIC_UNIT,
  type AlertRow,
  type AlertsReport,
  type ReplayReport,
  type RulesReport,
} from '#model/report-alerts.ts'
import { type CsvCell, toCsv } from '#web/charts/csv.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { scopeWords } from './alert-scope.ts'
import { headline, placeName, proposedTask } from './alerts-words.ts'
import { minorDigits } from './figures.ts'
import type { DeskMessages } from './words.ts'

// Alerts, what a rule would have said, and the rules as files: figures to count with, days as they
// sort, and an empty cell where there is no data or no limit.

/** Shares of 1, money in units of the currency, counts as they were judged. */
export function alertCell(metric: AlertMetric, value: number | null, currency: string): CsvCell {
  if (value === null) return null
  const unit = ALERT_METRIC_UNIT[metric]
  if (unit === 'share') return Number(value.toFixed(4))
  if (unit === 'count') return Number(value.toFixed(2))
  const digits = minorDigits(currency)
  return Number((value / 10 ** digits).toFixed(digits))
}

/** The figure's name, with the unit that a bare number would not tell. */
export function metricCell(metric: AlertMetric, say: DeskMessages): string {
  const unit = ALERT_METRIC_UNIT[metric] === 'share' ? ' (0–1)' : ''
  return say.alerts.metrics[metric] + unit
}

export function yesOrNo(is: boolean, { files }: DeskMessages): string {
  return is ? files.yes : files.no
}

/** The list as it was narrowed, in its order. */
export function alertsCsv(
  rows: readonly AlertRow[],
  { week }: Pick<AlertsReport, 'week'>,
  say: DeskMessages,
  locale: Locale,
): string {
  const { files, alerts } = say
  const head = [
    ...[files.severity, alerts.columns.what, files.rule, alerts.columns.store, files.storeId],
    ...[alerts.columns.state, files.automatic, files.metric, files.value, files.n, files.centre],
    ...[files.low, files.high, files.currency, files.firstWeek, files.lastWeek, files.weeks],
    ...[files.isBack, alerts.columns.owner, files.task, files.judgedTo],
  ]
  const lines = rows.map((row): CsvCell[] => {
    const { rule, last, currency } = row
    const figure = (value: number | null) => alertCell(rule.metric, value, currency)
    return [
      ...[alerts.severities[rule.severity], headline(rule, alerts), rule.name],
      ...[placeName(row, locale), row.store_id, alerts.states[row.state]],
      ...[yesOrNo(row.is_automatic, say), metricCell(rule.metric, say)],
      ...[figure(last?.value ?? null), last?.n ?? null, figure(last?.centre ?? null)],
      ...[figure(last?.low ?? null), figure(last?.high ?? null), currency],
      ...[dayText(row.first_day), dayText(row.last_day), row.weeks],
      ...[yesOrNo(row.is_back, say), alerts.owners[rule.owner]],
      ...[row.task_text ?? proposedTask(rule, alerts), dayText(week + 6)],
    ]
  })
  return toCsv([head, ...lines])
}

/** What a rule would have said, alert by alert, as far as they were listed. */
export function replayCsv(
  { alerts: rows, from, to }: Pick<ReplayReport, 'alerts' | 'from' | 'to'>,
  rule: AlertRule,
  say: DeskMessages,
  locale: Locale,
): string {
  const { files } = say
  const { columns, verdicts } = say.alerts.replay
  const head = [
    ...[files.rule, columns.store, files.storeId, files.firstWeek, files.lastWeek, columns.weeks],
    ...[files.metric, columns.value, files.n, files.low, files.high, files.currency],
    ...[columns.verdict, files.period],
  ]
  const lines = rows.map((row): CsvCell[] => {
    const figure = (value: number | null) => alertCell(rule.metric, value, row.currency)
    return [
      ...[rule.name, placeName(row, locale), row.store_id],
      ...[dayText(row.first_day), dayText(row.last_day), row.weeks],
      ...[metricCell(rule.metric, say), figure(row.value), row.n],
      ...[figure(row.low), figure(row.high), row.currency],
      ...[verdicts[row.verdict], `${dayText(from)}..${dayText(to + 6)}`],
    ]
  })
  return toCsv([head, ...lines])
}

/** The rules of the chain; a threshold of money is in units of the chain's currency. */
export function rulesCsv(
  report: RulesReport,
  currency: string,
  say: DeskMessages,
  locale: Locale,
): string {
  const { files, alerts } = say
  const { columns, on, off } = alerts.rules
  const head = [
    ...[files.severity, columns.name, columns.state, files.since, files.metric, files.direction],
    ...[files.scope, columns.test, files.limit, files.window, files.minN, columns.owner],
    ...[files.decided, files.accepted, files.automatic, files.task],
  ]
  const lines = report.rules.map((rule): CsvCell[] => [
    ...[alerts.severities[rule.severity], rule.name, rule.state === 'on' ? on : off],
    rule.state === 'on' && rule.since !== null ? dayText(rule.since) : null,
    ...[metricCell(rule.metric, say), alerts.directions[rule.direction]],
    ...[scopeWords(rule, report, alerts, locale), alerts.tests[rule.test]],
    alertCell(rule.metric, rule.limit, currency),
    ...[rule.window_weeks, rule.min_n, alerts.owners[rule.owner]],
    ...[rule.decided, rule.decided === 0 ? null : rule.accepted],
    ...[yesOrNo(rule.is_automatic, say), proposedTask(rule, alerts)],
  ])
  return toCsv([head, ...lines])
}
