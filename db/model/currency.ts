// Money of several currencies is never added up: a minor unit of one is none of another.
import { ALL_METRICS, type AnyMetric, METRIC_UNIT, type MetricValues } from './metrics.ts'

/** What places count in that are added up or compared; null where that is not one currency. */
export function commonCurrency(currencies: Iterable<string | null>): string | null {
  const [only = null, ...others] = new Set(currencies)
  return others.length === 0 ? only : null
}

export function isMoney(metric: AnyMetric): boolean {
  return METRIC_UNIT[metric] === 'money'
}

/** The same figures as they are told of a scope of several currencies. */
export function withoutMoney(values: MetricValues): MetricValues {
  const told = { ...values }
  for (const metric of ALL_METRICS) if (isMoney(metric)) told[metric] = null
  return told
}
