import { DAY_MS } from '#model/calendar.ts'
import type { Period } from '#model/period.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { darkestOf } from './darkest.ts'
import { isBlank, type StatementRow } from './statement-lines.ts'
import { nameOf } from './stores-table.ts'

// Which scopes a reader sees: the one on the page, the way up from it, and the parts below it.

/** The scope that is asked for, or the widest one. Undefined: not there for the reader. */
export function scopeRow(rows: readonly StatementRow[], asked: string): StatementRow | undefined {
  if (asked !== '') return rows.find((row) => row.scope === asked)
  const widest = (level: StatementRow['level']) => rows.find((row) => row.level === level)
  return widest('chain') ?? widest('region') ?? rows[0]
}

/** From the widest scope that the reader sees down to this one. */
export function pathTo(rows: readonly StatementRow[], row: StatementRow): StatementRow[] {
  const chain = rows.find((one) => one.level === 'chain')
  const region = rows.find((one) => one.level === 'region' && one.scope === row.region_id)
  const above = row.level === 'chain' ? [] : [chain, row.level === 'store' ? region : undefined]
  return [...above.filter((one) => one !== undefined), row]
}

export interface Part {
  row: StatementRow
  /** The sum of the others stands last and is ruled twice. */
  kind: 'row' | 'group' | 'total'
  /** Below a region of the same table. */
  inner: boolean
  /** Stores of a region's row; null for others. */
  stores: number | null
  /** Whether a region's stores are folded away; null where nothing can be folded. */
  folded: boolean | null
}

/** Regions keep headquarters' order; stores go by the alphabet of the language on screen. */
function byName(rows: readonly StatementRow[], locale: Locale): StatementRow[] {
  const names = new Intl.Collator(locale === 'zh' ? 'zh-u-co-pinyin' : 'en', { numeric: true })
  return [...rows].sort((a, b) => names.compare(nameOf(a, locale), nameOf(b, locale)))
}

const store = (row: StatementRow, inner: boolean): Part => ({
  row,
  kind: 'row',
  inner,
  stores: null,
  folded: null,
})

/** What a scope's statement is the sum of, and the sum. A store has no parts. */
export function partsOf(
  rows: readonly StatementRow[],
  of: StatementRow,
  folded: readonly string[],
  locale: Locale,
): Part[] {
  const stores = byName(
    rows.filter((row) => row.level === 'store'),
    locale,
  )
  const total: Part = { row: of, kind: 'total', inner: false, stores: null, folded: null }
  if (of.level === 'store') {
    // Somebody with several stores and no region has no sum, but a way between them.
    const hasSum = rows.some((row) => row.level !== 'store')
    return hasSum || stores.length < 2 ? [] : stores.map((row) => store(row, false))
  }
  if (of.level === 'region') {
    const own = stores.filter((row) => row.region_id === of.scope)
    return own.length === 0 ? [] : [...own.map((row) => store(row, false)), total]
  }
  const regions = rows.filter((row) => row.level === 'region')
  const grouped = regions.flatMap((row): Part[] => {
    const own = stores.filter((one) => one.region_id === row.scope)
    const isFolded = folded.includes(row.scope)
    const head = { row, kind: 'group', inner: false, stores: own.length } as const
    const fold = own.length === 0 ? null : isFolded
    return [{ ...head, folded: fold }, ...(isFolded ? [] : own.map((one) => store(one, true)))]
  })
  const known = new Set(regions.map((row) => row.scope))
  const alone = stores.filter((row) => row.region_id === null || !known.has(row.region_id))
  const parts = [...grouped, ...alone.map((row) => store(row, false))]
  return parts.length === 0 ? [] : [...parts, total]
}

/**
 * Scopes with data in the period. Nothing in it, nothing in the one before and nothing carried over
 * is no data, and no zero is shown for it: such a store had not begun.
 */
export function recordedScopes(
  rows: readonly StatementRow[],
  before: readonly StatementRow[],
  period: Period,
  firstDay: number | null,
): ReadonlySet<string> {
  if (firstDay === null || period.to <= firstDay) return new Set()
  const filled = [...rows, ...before].filter((row) => !isBlank(row))
  return new Set(filled.map((row) => row.scope))
}

export interface Freshness {
  /** The store in the sum that was heard of least lately; null when none has a device. */
  darkest: StatementRow | null
  /** Stores that were silent before the last day began: their figures may lack some of it. */
  behind: StatementRow[]
}

/** Up to when the statement of a scope can be trusted, `lastDay` being the last it tells of. */
export function freshnessOf(
  rows: readonly StatementRow[],
  of: StatementRow,
  lastDay: number,
): Freshness {
  const isIn = (row: StatementRow) =>
    row.level === 'store' &&
    (of.level === 'chain' || row.scope === of.scope || row.region_id === of.scope)
  const known = rows
    .filter((row) => isIn(row) && row.as_of !== null)
    .sort((a, b) => (a.as_of ?? 0) - (b.as_of ?? 0))
  const behind = known.filter((row) => (row.as_of ?? 0) < lastDay * DAY_MS)
  return { darkest: darkestOf(known), behind }
}
