import { SEVERITIES, type Severity } from '#model/alert-rule.ts'
import { parsePeriod, type Period } from '#model/period.ts'
import type { AlertRow } from '#model/report-alerts.ts'
import { oneOf, query } from './address.ts'

// The state of the alerts' pages, read from and written to their addresses.

export const ALERT_FILTERS = ['open', 'over', 'all'] as const
export type AlertFilter = (typeof ALERT_FILTERS)[number]

/** Empty texts choose everything. */
export interface AlertsView {
  state: AlertFilter
  severity: Severity | null
  rule: string
  store: string
}

export function readAlertsView(params: URLSearchParams): AlertsView {
  return {
    state: oneOf(ALERT_FILTERS, params.get('state')) ?? 'open',
    severity: oneOf(SEVERITIES, params.get('severity')),
    rule: params.get('rule') ?? '',
    store: params.get('store') ?? '',
  }
}

export function alertsAddress({ state, severity, rule, store }: AlertsView): string {
  const parts = { state: state === 'open' ? '' : state, severity: severity ?? '', rule, store }
  return `/desk/alerts${query(parts)}`
}

export function alertAddress(alertId: string): string {
  return `/desk/alerts/${alertId}`
}

/** The rows that a view chooses. Which states are asked for, the server chose already. */
export function chosenAlerts(
  rows: readonly AlertRow[],
  { severity, rule, store }: Pick<AlertsView, 'severity' | 'rule' | 'store'>,
): AlertRow[] {
  return rows.filter(
    (row) =>
      (severity === null || row.rule.severity === severity) &&
      (rule === '' || row.rule.id === rule) &&
      (store === '' || row.store_id === store),
  )
}

/** Null is the last week that is over. */
export function readWeek(params: URLSearchParams): Period | null {
  const period = parsePeriod(params.get('week') ?? '')
  return period?.kind === 'week' ? period : null
}

export function mondayAddress(storeId: string, week: string): string {
  return `/desk/monday/${storeId}${query({ week })}`
}
