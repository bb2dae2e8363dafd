import type { SiteRow } from '#model/report-sites.ts'
import type { Evidence, Measure } from '#model/site-assessment.ts'
import { type CsvCell, toCsv } from '#web/charts/csv.ts'
import { formatMoney, formatNumber, formatPercent } from '#web/i18n/format.ts'
import type { Locale } from '#web/i18n/locale.ts'

const SHARES: readonly Measure[] = ['visits_change', 'new_share']

/** A measure's value on paper; money in the store's currency, shares as per cent. */
export function measureText(
  measure: Measure,
  value: number,
  currency: string,
  locale: Locale,
): string {
  if (measure === 'spend_per_visit') return formatMoney(Math.round(value), currency, locale)
  if (SHARES.includes(measure)) return formatPercent(value, locale).replace('-', '−')
  return formatNumber(value, locale, measure === 'visits_per_open_hour' ? 1 : 0)
}

/** Hours and minutes that were lost, as `3:05`. */
export function hoursText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), Math.round(minutes % 60)]
  return `${hours}:${String(rest).padStart(2, '0')}`
}

const HEADER = [
  ...['store_id', 'name', 'purpose', 'promised_minutes', 'available_minutes'],
  ...['measure_1', 'value_1', 'median_1', 'z_1', 'measure_2', 'value_2', 'median_2', 'z_2'],
  ...['advice', 'why', 'decided', 'note', 'visits', 'sites_compared', 'data_as_of'],
]

function measureCells(one: Evidence | undefined): CsvCell[] {
  return [one?.measure ?? null, one?.value ?? null, one?.peers ?? null, one?.z ?? null]
}

/** The sites as rows of a file; the measures of a site are those of its purpose. */
export function sitesCsv(rows: readonly SiteRow[]): string {
  const lines = rows.map(
    ({ store_id, name, assessment, availability, review, as_of }): CsvCell[] => [
      ...[store_id, name, assessment?.purpose ?? null],
      ...[availability.promised, availability.available],
      ...measureCells(assessment?.evidence[0]),
      ...measureCells(assessment?.evidence[1]),
      ...[assessment?.advice ?? null, assessment?.why ?? null],
      ...[review?.decided ?? null, review?.note ?? null],
      ...[assessment?.visits ?? null, assessment?.peers ?? null],
      as_of === null ? null : new Date(as_of).toISOString(),
    ],
  )
  return toCsv([HEADER, ...lines])
}
