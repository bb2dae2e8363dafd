import { dayText } from '#model/calendar.ts'
import type { Period } from '#model/period.ts'
import type { StatementReport } from '#model/report.ts'
import { type CsvCell, toCsv } from '#web/charts/csv.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { minorDigits } from './figures.ts'
import { restatedCell } from './restated.ts'
import type { ListedKind, Side } from './statement-address.ts'
import { amountOf, type Line, type StatementRow } from './statement-lines.ts'
import type { MovementRow } from './statement-movements.ts'
import { nameOf } from './stores-table.ts'
import type { DeskMessages } from './words.ts'

// The statement and the customers behind a line as files: what was seen, in the same order, as
// numbers that can be counted with. A gap is no data.

export interface StatementFile {
  report: StatementReport
  /** As shown, the sum last. */
  rows: readonly StatementRow[]
  lines: readonly Line[]
  side: Side
  recorded: ReadonlySet<string>
  before: Pick<Period, 'text'>
  /** The scopes in the period before, and those of them that there is data of. */
  earlier: readonly StatementRow[]
  recordedBefore: ReadonlySet<string>
  /** Stores whose figures may not be whole. */
  behind: readonly { scope: string }[]
}

/** In units of the currency: what spreadsheets expect of money. */
export function inUnits(minor: number, currency: string | null): number | null {
  if (currency === null) return null
  const digits = minorDigits(currency)
  return Number((minor / 10 ** digits).toFixed(digits))
}

/** Null: money of several currencies, which nobody adds up. */
function toldAmount(row: StatementRow, side: Side, line: Line): number | null {
  const told = row[side]
  return told && amountOf(told, line)
}

/** Of a scope: each line as it is, in the period before, and the difference of both. */
function figureCells(file: StatementFile, row: StatementRow): CsvCell[] {
  const { lines, side, recorded, recordedBefore } = file
  const earlier = file.earlier.find(({ scope }) => scope === row.scope && recordedBefore.has(scope))
  const cell = (amount: number | null): CsvCell =>
    amount === null || side === 'customers' ? amount : inUnits(amount, row.currency)
  return lines.flatMap((line) => {
    const now = recorded.has(row.scope) ? toldAmount(row, side, line) : null
    const then = earlier ? toldAmount(earlier, side, line) : null
    return [cell(now), cell(then), cell(now === null || then === null ? null : now - then)]
  })
}

function netCell({ recorded, side }: StatementFile, row: StatementRow): CsvCell {
  const told = row[side]
  if (!recorded.has(row.scope) || told === null) return null
  const net = told.closing - told.opening
  return side === 'customers' ? net : inUnits(net, row.currency)
}

function statementHead({ lines, before }: StatementFile, say: DeskMessages): CsvCell[] {
  const { csv, lines: names, parts } = say.statement
  const { files } = say
  return [
    ...[csv.level, csv.region, parts.name, csv.period, csv.from, csv.to, files.view],
    ...[csv.side, csv.currency],
    ...lines.flatMap((line) => [
      ...[names[line], files.before(names[line], before.text), files.change(names[line])],
    ]),
    ...[files.net, csv.asOf, files.behind, csv.restated],
  ]
}

/** The sums as they are shown, with what the page of one scope says beside them. */
export function statementCsv(file: StatementFile, say: DeskMessages, locale: Locale): string {
  const { report, rows, side } = file
  const behind = new Set(file.behind.map(({ scope }) => scope))
  const { csv, sides, views } = say.statement
  const changes = report.restatements.map((one) => restatedCell(one, say)).join('; ')
  const regions = new Map(report.rows.map((row) => [row.scope, row]))
  const regionOf = (row: StatementRow): CsvCell => {
    const region = row.level === 'store' ? regions.get(row.region_id ?? '') : undefined
    return region ? nameOf(region, locale) : null
  }
  const body = rows.map((row): CsvCell[] => [
    ...[csv.levels[row.level], regionOf(row), nameOf(row, locale), report.period],
    ...[dayText(report.from), dayText(report.to), views[report.view], sides[side]],
    row.currency ?? say.compare.currencies.mixed,
    ...figureCells(file, row),
    netCell(file, row),
    row.as_of === null ? null : new Date(row.as_of).toISOString(),
    behind.has(row.scope) ? say.files.yes : null,
    changes === '' ? null : changes,
  ])
  return toCsv([statementHead(file, say), ...body])
}

export interface MovementsFile {
  /** As shown, in the same order. */
  rows: readonly MovementRow[]
  kind: ListedKind
  /** Null: that of each row stands beside it. */
  currency: string | null
  /** Of a store by its id, also of one that the reader may not see. */
  storeName: (storeId: string) => string
}

export function movementsCsv(file: MovementsFile, say: DeskMessages): string {
  const { csv, lines, movements } = say.statement
  const { rows, kind, currency, storeName } = file
  const way = wayOf(kind)
  const head = [
    movements.day,
    csv.line,
    csv.customerId,
    movements.customer,
    movements.store,
    ...(way ? [movements.counterparty[way]] : []),
    ...(currency === null ? [csv.currency] : []),
    movements.value(currency ?? say.compare.currencies.mixed),
  ]
  const body = rows.map((row): CsvCell[] => [
    dayText(row.day),
    lines[row.kind],
    row.customer_id,
    row.name,
    storeName(row.store_id),
    ...(way ? [row.counterparty === null ? null : storeName(row.counterparty)] : []),
    ...(currency === null ? [row.currency] : []),
    inUnits(row.value_minor, currency ?? row.currency),
  ])
  return toCsv([head, ...body])
}

/** Which way a move went, for the name of its other store; null for what is no move. */
export function wayOf(kind: ListedKind): 'in' | 'out' | null {
  if (kind === 'transfer_in') return 'in'
  return kind === 'transfer_out' ? 'out' : null
}

/** `regulars-statement-2026-10.csv`: words and a period, with only what every file system takes. */
export function statementFileName(words: string, period: string): string {
  return `regulars-${words}-${period.replace('@', '-to-').replace('..', '-to-')}.csv`
}
