import { instantOf, parseDay, zoneOffsetMs } from '#model/calendar.ts'
import type { SiteRow } from '#model/report-sites.ts'
import type { Evidence, Measure } from '#model/site-assessment.ts'
import { type CsvCell, toCsv } from '#web/charts/csv.ts'
import { formatMoney, formatNumber, formatPercent } from '#web/i18n/format.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { minorDigits } from './figures.ts'
import type { DeskMessages } from './words.ts'

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

/** Money in units of the currency, shares of 1; what is no data is a gap. */
function measureCells(
  one: Evidence | undefined,
  currency: string,
  { sites }: DeskMessages,
): CsvCell[] {
  if (!one) return [null, null, null, null]
  const digits = one.measure === 'spend_per_visit' ? minorDigits(currency) : 0
  const cell = (value: number | null): CsvCell =>
    value === null ? null : Number((value / 10 ** digits).toFixed(4))
  const z = one.z === null ? null : Number(one.z.toFixed(2))
  return [sites.measures[one.measure], cell(one.value), cell(one.peers), z]
}

/** The sites as rows of a file; the measures of a site are those of its purpose. */
export function sitesCsv(rows: readonly SiteRow[], quarter: string, say: DeskMessages): string {
  const { sites, files } = say
  const { csvColumns } = sites
  const measures = ([1, 2] as const).flatMap((number) => [
    ...[csvColumns.measure(number), csvColumns.value(number)],
    ...[csvColumns.median(number), csvColumns.z(number)],
  ])
  const head = [
    ...[files.storeId, files.store, csvColumns.quarter, sites.columns.purpose],
    ...[csvColumns.promised, csvColumns.available, csvColumns.assumed, ...measures],
    ...[sites.columns.advice, csvColumns.why, sites.columns.decided, sites.note],
    ...[csvColumns.visits, csvColumns.peers, files.currency, files.asOf],
  ]
  const lines = rows.map((row): CsvCell[] => {
    const { assessment, availability, review, currency } = row
    return [
      ...[row.store_id, row.name, quarter],
      ...[assessment ? sites.purposes[assessment.purpose] : null, availability.promised],
      ...[availability.available, row.hours_assumed ? sites.hoursAssumed : null],
      ...measureCells(assessment?.evidence[0], currency, say),
      ...measureCells(assessment?.evidence[1], currency, say),
      ...[assessment?.advice ? sites.advice[assessment.advice] : null],
      assessment ? sites.why[assessment.why] : null,
      ...[review ? sites.advice[review.decided] : null, review?.note ?? null],
      ...[assessment?.visits ?? null, assessment?.peers ?? null, currency],
      row.as_of === null ? null : new Date(row.as_of).toISOString(),
    ]
  })
  return toCsv([head, ...lines])
}

/** An instant as a field for date and time takes it, by the clock of a zone. */
export function fieldOf(at: number, zone: string): string {
  return new Date(at + zoneOffsetMs(zone, at)).toISOString().slice(0, 16)
}

/** The instant that such a field says, by the clock of a zone; null when it says none. */
export function instantIn(field: string, zone: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})/.exec(field)
  const day = match ? parseDay(match[1] ?? '') : null
  return match && day !== null
    ? instantOf(day, Number(match[2]) * 60 + Number(match[3]), zone)
    : null
}
