import type { StaffReport, TagMixReport } from '#model/report-compare.ts'
import { type CsvCell, toCsv } from '#web/charts/csv.ts'
import type { Locale } from '#web/i18n/locale.ts'
import type { DeskMessages } from './words.ts'

// The tables of a store's page as files: each row says of which store and time it speaks.

/** What a file says of its store in every row. */
export interface FileOf {
  store: string
  /** Up to when the store's figures are whole, ms; null: no tablet. */
  asOf: number | null
}

export function instantCell(at: number | null): CsvCell {
  return at === null ? null : new Date(at).toISOString()
}

export function staffCsv(report: StaffReport, { store, asOf }: FileOf, say: DeskMessages): string {
  const { files } = say
  const { name, columns, unknown } = say.compare.staff
  const head = [
    ...[files.store, files.period, name],
    ...[columns.days, columns.visits, columns.tallied, columns.enrolled, files.asOf],
  ]
  const rows = report.staff.map((person): CsvCell[] => [
    ...[store, report.period, person.name || unknown],
    ...[person.days, person.visits, person.tallied, person.enrolled, instantCell(asOf)],
  ])
  return toCsv([head, ...rows])
}

/** Every tag of every group that somebody has, also those that the screen has no room for. */
export function tagsCsv(
  mix: TagMixReport,
  { store, asOf }: FileOf,
  { files }: DeskMessages,
  locale: Locale,
): string {
  const labelOf = (one: { label: string; label_en: string | null }) =>
    (locale === 'en' ? one.label_en : null) ?? one.label
  const head = [
    ...[files.store, files.tagGroup, files.tag],
    ...[files.tagged, files.share, files.taggedOf, files.home, files.asOf],
  ]
  const rows = mix.groups
    .filter((group) => group.customers > 0)
    .flatMap((group) =>
      group.tags.map((tag): CsvCell[] => [
        ...[store, labelOf(group), labelOf(tag)],
        ...[tag.customers, Number((tag.customers / group.customers).toFixed(4))],
        ...[group.customers, mix.customers, instantCell(asOf)],
      ]),
    )
  return toCsv([head, ...rows])
}
