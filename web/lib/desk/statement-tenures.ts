import { dayText } from '#model/calendar.ts'
import type { Period } from '#model/period.ts'
import type { TenuresReport } from '#model/report.ts'
import { TENURE_LINES, type TenureLine } from '#model/tenure.ts'
import { type CsvCell, toCsv } from '#web/charts/csv.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { oneOf, query } from './address.ts'
import { dayWords } from './periods.ts'
import { readShared, type Shared, writeShared } from './statement-address.ts'
import { inUnits } from './statement-csv.ts'
import type { DeskMessages } from './words.ts'

// The customers who counted in a store as a period opened or closed, or whose spend grew or shrank
// in it: the address of their list, its order, and the list as a file.

export type TenureRow = TenuresReport['rows'][number]

const TENURE_SORTS = ['customer', 'since', 'before', 'grew', 'shrank', 'after'] as const
export type TenureSort = (typeof TENURE_SORTS)[number]

export interface TenuresView extends Shared {
  line: TenureLine
  sort: { by: TenureSort; descending: boolean }
}

/** The column that a line is the sum of. */
export const COLUMN_OF = {
  opening: 'before',
  closing: 'after',
  expanded: 'grew',
  contracted: 'shrank',
} as const satisfies Record<TenureLine, TenureSort>

/** The line that a word means, or null. */
export function tenureLine(word: string | null): TenureLine | null {
  return oneOf(TENURE_LINES, word)
}

/** As the server gives them: what shrank most is the smallest number. */
export function largestFirst(line: TenureLine): TenuresView['sort'] {
  return { by: COLUMN_OF[line], descending: line !== 'contracted' }
}

export function readTenuresView(params: URLSearchParams, fallback: Period): TenuresView {
  const [, minus, word] = /^(-?)([a-z]+)$/.exec(params.get('sort') ?? '') ?? []
  const by = sortOf(word ?? null)
  const line = tenureLine(params.get('line')) ?? 'closing'
  const sort = by ? { by, descending: minus === '-' } : largestFirst(line)
  return { ...readShared(params, fallback), line, sort }
}

export function sortOf(word: string | null): TenureSort | null {
  return oneOf(TENURE_SORTS, word)
}

export function tenuresAddress(view: TenuresView): string {
  const { by, descending } = view.sort
  const plain = largestFirst(view.line)
  const isPlain = by === plain.by && descending === plain.descending
  const sort = isPlain ? '' : `${descending ? '-' : ''}${by}`
  return `/desk/statement/customers${query({ ...writeShared(view), line: view.line, sort })}`
}

function keyOf(row: TenureRow, by: TenureSort): string | number | null {
  switch (by) {
    case 'customer':
      return row.name
    case 'since':
      return row.since
    case 'before':
      return row.before_minor
    case 'grew':
      return row.grew_minor
    case 'shrank':
      return row.shrank_minor
    case 'after':
      return row.after_minor
  }
}

/** In the chosen order. Equals keep the server's, and those without a name stand last. */
export function sortTenures(
  rows: readonly TenureRow[],
  { by, descending }: TenuresView['sort'],
  locale: Locale,
): TenureRow[] {
  const names = new Intl.Collator(locale === 'zh' ? 'zh-u-co-pinyin' : 'en', { numeric: true })
  const sign = descending ? -1 : 1
  return rows
    .map((row) => ({ row, key: keyOf(row, by) }))
    .sort(({ key: a }, { key: b }) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null)
      if (typeof a === 'number' && typeof b === 'number') return sign * (a - b)
      return sign * names.compare(String(a), String(b))
    })
    .map(({ row }) => row)
}

/** When somebody counted: since when, and the last day if it lies within the period. */
export function stayWords(
  { since, until }: TenureRow,
  say: DeskMessages['statement']['tenures'],
  locale: Locale,
): string {
  const from = dayWords(since, locale)
  return until === null ? say.from(from) : say.span(from, dayWords(until - 1, locale))
}

/** Amounts of a row that its line is told with, in the order of the columns. */
export function amountsOf(line: TenureLine): readonly ('before' | 'grew' | 'shrank' | 'after')[] {
  if (line === 'opening') return ['before']
  return line === 'closing' ? ['after'] : ['before', 'grew', 'shrank', 'after']
}

/** What stands above a column of amounts; the only one of a list needs no time. */
export function amountLabel(
  line: TenureLine,
  amount: ReturnType<typeof amountsOf>[number],
  currency: string,
  say: DeskMessages['statement'],
): string {
  const isOnly = amountsOf(line).length === 1
  return isOnly ? say.movements.value(currency) : say.tenures[amount](currency)
}

export function tenuresCsv(
  rows: readonly TenureRow[],
  line: TenureLine,
  currency: string,
  say: DeskMessages,
): string {
  const { csv, movements, tenures } = say.statement
  const amounts = amountsOf(line)
  const head = [
    csv.customerId,
    movements.customer,
    tenures.since,
    tenures.lastDay,
    ...amounts.map((amount) => amountLabel(line, amount, currency, say.statement)),
  ]
  const body = rows.map((row): CsvCell[] => [
    row.customer_id,
    row.name,
    dayText(row.since),
    row.until === null ? null : dayText(row.until - 1),
    ...amounts.map((amount) => inUnits(row[`${amount}_minor`], currency)),
  ])
  return toCsv([head, ...body])
}
