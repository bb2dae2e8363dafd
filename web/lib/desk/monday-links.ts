import type { AlertMetric } from '#model/alerts/alert-metric.ts'
import type { Metric } from '#model/metrics.ts'
import { weekOf } from '#model/period.ts'
import { writeHistoryView } from './address.ts'
import { LATEST_FIRST, movementsAddress } from './statement-address.ts'

// Where a figure of a week leads: to the customers behind it, or to the store's history of it.

const HISTORY: Readonly<Record<AlertMetric, Metric>> = {
  visits: 'visits',
  identified_rate: 'identified_rate',
  new: 'new',
  second_visit_rate: 'new',
  lost_rate: 'active',
  tag_coverage: 'tag_coverage',
  spend_per_visit: 'spend_per_visit',
}

export function historyLink(metric: AlertMetric, storeId: string, monday: number): string {
  const view = { period: weekOf(monday), metric: HISTORY[metric], grain: 'week' } as const
  return `/desk/stores/${encodeURIComponent(storeId)}${writeHistoryView(view)}`
}

/** Lost and new customers are known by name; everything else leads to the store's history. */
export function recordsLink(metric: AlertMetric, storeId: string, monday: number): string {
  const kind = metric === 'lost_rate' ? 'lost' : metric === 'new' ? 'new' : null
  if (kind === null) return historyLink(metric, storeId, monday)
  return movementsAddress({
    ...{ period: weekOf(monday), scope: storeId, side: 'customers', view: 'restated' },
    ...{ kind, sort: LATEST_FIRST },
  })
}
