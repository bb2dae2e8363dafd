import { type AnyMetric, METRIC_UNIT, METRICS, type Metric } from '#model/metrics.ts'
import type { Period } from '#model/period.ts'
import type { ComparePlace, PeerGroup } from '#model/report-compare.ts'
import type { CsvCell } from '#web/charts/csv.ts'
import type { Twin, TwinColumn } from '#web/charts/twin.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { isMoney } from '#model/currency.ts'
import { formatNumber } from '#web/i18n/format.ts'
import { formatFigure, minorDigits } from './figures.ts'
import { nameOf } from './stores-table.ts'
import type { DeskMessages } from './words.ts'

// Figures as the tables beside the charts hold them: as on screen there, as numbers in the file.

/**
 * How a column of one metric is written. Its cells are those of `cellOf`, so that the file holds
 * what was seen: money in the currency's own unit, shares between 0 and 1. Without a currency the
 * column holds money of several, which another column names.
 */
export function figureColumn(
  metric: Metric,
  currency: string | null,
  locale: Locale,
): Omit<TwinColumn, 'label'> {
  if (isMoney(metric) && currency === null)
    return { format: (value) => formatNumber(value, locale, 2) }
  const minor = isMoney(metric) && currency !== null ? 10 ** minorDigits(currency) : 1
  return { format: (value) => formatFigure(metric, value * minor, currency, locale) }
}

/** One figure as it is shown: metrics of one column differ in their units. */
function textOf(
  metric: Metric,
  value: number | null,
  currency: string | null,
  locale: Locale,
): CsvCell {
  return value === null ? null : formatFigure(metric, value, currency, locale)
}

/** A number for a file, in the figure's own unit and with as many decimals as are shown. */
export function cellOf(metric: AnyMetric, value: number | null, currency: string | null): CsvCell {
  if (value === null) return null
  if (METRIC_UNIT[metric] === 'count') return value
  if (METRIC_UNIT[metric] === 'share') return Number(value.toFixed(3))
  if (currency === null) return null
  const digits = minorDigits(currency)
  return Number((Math.round(value) / 10 ** digits).toFixed(digits))
}

interface Compared {
  places: readonly ComparePlace[]
  group: PeerGroup | null
  period: Period
  before: Period
}

/** A row per metric; of each place this period and the one compared with. */
export function figuresTwin(
  { places, group, period, before }: Compared,
  say: DeskMessages,
  locale: Locale,
): Twin {
  const heads = places.flatMap((place) => {
    const name = nameOf(place, locale)
    const { now } = say.desk.stores.csvColumns
    return [{ label: now(name, period.text) }, { label: now(name, before.text) }]
  })
  return {
    columns: [
      { label: say.compare.page.figure },
      ...heads,
      ...(group ? [{ label: say.compare.page.peers }] : []),
    ],
    rows: METRICS.map((metric) => ({
      cells: [
        say.metrics.names[metric],
        ...places.flatMap((place) => [
          textOf(metric, place.now[metric], place.currency, locale),
          textOf(metric, place.before[metric], place.currency, locale),
        ]),
        ...(group
          ? [textOf(metric, group.bands[metric]?.median ?? null, group.currency, locale)]
          : []),
      ],
    })),
  }
}
