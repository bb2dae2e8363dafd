import { ALERT_METRIC, type AlertMetric } from '#model/alerts/alert-metric.ts'
import type { AlertRule } from '#model/alert-rule.ts'
import { type AlertPlace, ALERT_METRIC_UNIT, type AlertRow } from '#model/report-alerts.ts'
import { formatMoney, formatNumber, formatPercent } from '#web/i18n/format.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { dayWords } from './periods.ts'
import { storeNameOf } from './store-name.ts'
import type { DeskMessages } from './words.ts'

// How alerts and their figures are put on paper.

type Say = DeskMessages['alerts']

/** A share, money, or a count per week, of which small ones keep a decimal. */
export function alertFigure(
  metric: AlertMetric,
  value: number,
  currency: string,
  locale: Locale,
): string {
  const unit = ALERT_METRIC_UNIT[metric]
  if (unit === 'share') return formatPercent(value, locale)
  if (unit === 'money') return formatMoney(Math.round(value), currency, locale)
  const isWhole = Number.isInteger(value) || Math.abs(value) >= 20
  return formatNumber(value, locale, isWhole ? 0 : 1)
}

/** Decimals of a figure in a file: money is in minor units. */
export function alertDigits(metric: AlertMetric): number {
  return { share: 4, money: 0, count: 1 }[ALERT_METRIC_UNIT[metric]]
}

/** `识别率偏低`: what an alert says, in a few words. */
export function headline(
  { metric, direction }: Pick<AlertRule, 'metric' | 'direction'>,
  say: Say,
): string {
  return say.headline(say.metrics[metric], say.sides[direction][ALERT_METRIC[metric].good])
}

/** The limits that a figure was held against, as far as there are any. */
export function limitWords(
  { rule, last, currency }: Pick<AlertRow, 'rule' | 'last' | 'currency'>,
  say: Say,
  locale: Locale,
): string {
  if (!last) return ''
  if (rule.test === 'threshold')
    return say.limits.threshold(alertFigure(rule.metric, last.centre, currency, locale))
  return boundsWords(rule.metric, last, currency, say, locale)
}

export function boundsWords(
  metric: AlertMetric,
  { low, high }: { low: number | null; high: number | null },
  currency: string,
  say: Say,
  locale: Locale,
): string {
  const figure = (value: number) => alertFigure(metric, value, currency, locale)
  if (low !== null && high !== null) return say.limits.between(figure(low), figure(high))
  if (low !== null) return say.limits.above(figure(low))
  return high === null ? '' : say.limits.below(figure(high))
}

/** What is proposed: the rule's own words, else those of the product. */
export function proposedTask(
  { metric, direction, task }: Pick<AlertRule, 'metric' | 'direction' | 'task'>,
  say: Say,
): string {
  return task.trim() === '' ? say.tasks[metric][direction] : task
}

/** How a rule judges, in one line. */
export function ruleLine(
  { test, window_weeks, min_n }: Pick<AlertRule, 'test' | 'window_weeks' | 'min_n'>,
  say: Say,
  locale: Locale,
): string {
  return say.ruleLine(say.tests[test], say.window(window_weeks), formatNumber(min_n, locale))
}

export function placeName(place: AlertPlace, locale: Locale): string {
  return storeNameOf(place, locale)
}

/** A Monday as people read it. */
export function mondayWords(day: number, locale: Locale): string {
  return dayWords(day, locale)
}
