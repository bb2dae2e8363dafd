import { type Metric, METRIC_UNIT, METRICS } from '#model/metrics.ts'
import type { Period } from '#model/period.ts'
import type { Locale } from '#web/i18n/locale.ts'
import type { DeskMessages } from './words.ts'
import { type CsvCell, writeCsv } from './csv.ts'
import type { StoreFreshness } from './devices.ts'
import { changeOf, minorDigits } from './figures.ts'
import { nameOf, type ShownRow } from './stores-table.ts'

export interface StoresFile {
  rows: readonly ShownRow[]
  period: Period
  before: Period
  /** Words for formats, regions and freshness, as the table shows them. */
  formatName: (format: string) => string
  regionName: (regionId: string) => string
  freshness: (scope: string) => StoreFreshness | undefined
}

// As many decimals as the table shows, so that the file holds what was seen and nothing else.
function cellOf(metric: Metric, value: number | null, currency: string): CsvCell {
  if (value === null) return null
  if (METRIC_UNIT[metric] === 'count') return value
  if (METRIC_UNIT[metric] === 'share') return Number(value.toFixed(3))
  const digits = minorDigits(currency)
  return Number((Math.round(value) / 10 ** digits).toFixed(digits))
}

function headOf(file: StoresFile, say: DeskMessages): CsvCell[] {
  const columns = say.desk.stores.csvColumns
  const figures = METRICS.flatMap((metric) => {
    const name = say.metrics.names[metric]
    const unit = METRIC_UNIT[metric] === 'share' ? ' (0–1)' : ''
    return [
      columns.now(name + unit, file.period.text),
      columns.now(name + unit, file.before.text),
      columns.change(name + unit),
    ]
  })
  const own = [say.desk.stores.name, columns.level, columns.region, columns.code, columns.format]
  return [...own, columns.currency, ...figures, say.desk.stores.freshness, columns.state]
}

function lineOf({ row }: ShownRow, file: StoresFile, say: DeskMessages, locale: Locale): CsvCell[] {
  const fresh = file.freshness(row.scope)
  const figures = METRICS.flatMap((metric) => [
    cellOf(metric, row.now[metric], row.currency),
    cellOf(metric, row.before[metric], row.currency),
    cellOf(metric, changeOf(metric, row.now, row.before), row.currency),
  ])
  return [
    nameOf(row, locale),
    say.desk.stores.csvColumns.levels[row.level],
    row.level === 'store' && row.region_id !== null ? file.regionName(row.region_id) : null,
    row.code,
    row.format === null ? null : file.formatName(row.format),
    row.currency,
    ...figures,
    row.as_of === null ? null : new Date(row.as_of).toISOString(),
    fresh?.state ? say.sync.device[fresh.state] : null,
  ]
}

/** The table as a file: the same rows in the same order, with both periods. */
export function storesCsv(file: StoresFile, say: DeskMessages, locale: Locale): string {
  return writeCsv([headOf(file, say), ...file.rows.map((row) => lineOf(row, file, say, locale))])
}

/** `regulars-stores-2026-10.csv`, with only what every file system takes. */
export function storesFileName(period: Period, say: DeskMessages['desk']['stores']): string {
  return `regulars-${say.csvName}-${period.text.replace('@', '-to-').replace('..', '-to-')}.csv`
}
