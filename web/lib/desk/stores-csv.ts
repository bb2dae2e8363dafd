import { ALL_METRICS, METRIC_UNIT } from '#model/metrics.ts'
import type { Period } from '#model/period.ts'
import type { Locale } from '#web/i18n/locale.ts'
import type { DeskMessages } from './words.ts'
import { type CsvCell, toCsv } from '#web/charts/csv.ts'
import type { StoreFreshness } from './devices.ts'
import { cellOf } from './compare-twins.ts'
import { changeOf } from './figures.ts'
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

function headOf(file: StoresFile, say: DeskMessages): CsvCell[] {
  const columns = say.desk.stores.csvColumns
  const figures = ALL_METRICS.flatMap((metric) => {
    const name = say.metrics.names[metric]
    const unit = METRIC_UNIT[metric] === 'share' ? ' (0–1)' : ''
    return [
      columns.now(name + unit, file.period.text),
      columns.now(name + unit, file.before.text),
      columns.change(name + unit),
    ]
  })
  const own = [
    say.compare.rank,
    say.desk.stores.name,
    columns.level,
    columns.region,
    columns.code,
    columns.format,
  ]
  return [...own, columns.currency, ...figures, say.desk.stores.freshness, columns.state]
}

function lineOf(
  { row, rank }: ShownRow,
  file: StoresFile,
  say: DeskMessages,
  locale: Locale,
): CsvCell[] {
  const fresh = file.freshness(row.scope)
  const { rankRange } = say.compare
  const figures = ALL_METRICS.flatMap((metric) => [
    cellOf(metric, row.now[metric], row.currency),
    cellOf(metric, row.before[metric], row.currency),
    cellOf(metric, changeOf(metric, row.now, row.before), row.currency),
  ])
  return [
    rank && rankRange(String(rank.best), String(rank.worst)),
    nameOf(row, locale),
    say.desk.stores.csvColumns.levels[row.level],
    row.level === 'store' && row.region_id !== null ? file.regionName(row.region_id) : null,
    row.code,
    row.format === null ? null : file.formatName(row.format),
    row.currency ?? say.compare.currencies.mixed,
    ...figures,
    row.as_of === null ? null : new Date(row.as_of).toISOString(),
    row.stale ? say.compare.staleMark : fresh?.state ? say.sync.device[fresh.state] : null,
  ]
}

/** The table as a file: the same rows in the same order, with both periods. */
export function storesCsv(file: StoresFile, say: DeskMessages, locale: Locale): string {
  return toCsv([headOf(file, say), ...file.rows.map((row) => lineOf(row, file, say, locale))])
}

/** `regulars-stores-2026-10.csv`, with only what every file system takes. */
export function storesFileName(period: Period, say: DeskMessages['desk']['stores']): string {
  return `${fileName(say.csvName, period)}.csv`
}

/** The name of a file about a period, without its ending. */
export function fileName(subject: string, period: Period): string {
  return `regulars-${subject}-${period.text.replace('@', '-to-').replace('..', '-to-')}`
}
