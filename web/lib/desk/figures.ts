import { type AnyMetric, METRIC_UNIT, type MetricValues } from '#model/metrics.ts'
import { formatChange, formatMoney, formatNumber, formatPercent } from '#web/i18n/format.ts'
import type { Locale } from '#web/i18n/locale.ts'

// How a figure is put on paper. A figure that is null is "no data" and never reaches these
// functions as a zero.

export function formatFigure(
  metric: AnyMetric,
  value: number,
  currency: string | null,
  locale: Locale,
): string {
  const unit = METRIC_UNIT[metric]
  if (unit === 'share') return formatPercent(value, locale)
  // Of several currencies there is no money to be told; the value is null before it comes here.
  if (unit === 'money' && currency === null) return '–'
  if (unit === 'money' && currency !== null) return formatMoney(Math.round(value), currency, locale)
  return formatNumber(value, locale)
}

/** This period less the one before, in the figure's own unit; null when either has no data. */
export function changeOf(
  metric: AnyMetric,
  now: MetricValues,
  before: MetricValues,
): number | null {
  const [later, earlier] = [now[metric], before[metric]]
  return later === null || earlier === null ? null : later - earlier
}

/**
 * A difference with its sign and without its unit, which stands beside it: `+54`, `−1.2` percentage
 * points, `+3.50` of the currency.
 */
export function formatDifference(
  metric: AnyMetric,
  change: number,
  currency: string | null,
  locale: Locale,
): string {
  const unit = METRIC_UNIT[metric]
  if (unit === 'share') return formatChange(change * 100, locale, 1)
  if (unit === 'count') return formatChange(change, locale)
  if (currency === null) return '–'
  const digits = minorDigits(currency)
  return formatChange(Math.round(change) / 10 ** digits, locale, digits)
}

const knownDigits = new Map<string, number>()

/** Decimals of a currency: 2 for CNY, 0 for JPY. */
export function minorDigits(currency: string): number {
  const known = knownDigits.get(currency)
  if (known !== undefined) return known
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  knownDigits.set(currency, digits)
  return digits
}

/** Which way a difference points once it is rounded as it is shown: no arrow beside a `0.0`. */
export function direction(metric: AnyMetric, change: number): -1 | 0 | 1 {
  const shown = METRIC_UNIT[metric] === 'share' ? Math.round(change * 1000) : Math.round(change)
  return shown > 0 ? 1 : shown < 0 ? -1 : 0
}

/** 95 % interval of a share of `cases` (Wilson), both ends between 0 and 1. */
export function shareInterval(share: number, cases: number): [low: number, high: number] {
  const z = 1.959964
  const spread = (z * z) / cases
  const centre = (share + spread / 2) / (1 + spread)
  const half = (z * Math.sqrt((share * (1 - share)) / cases + spread / (4 * cases))) / (1 + spread)
  return [Math.max(0, centre - half), Math.min(1, centre + half)]
}
