import type { ComparePlace } from '#model/report-compare.ts'
import type { Locale } from '#web/i18n/locale.ts'
import type { Sort } from './address.ts'
import { isApart } from './apart.ts'
import { type RankRange, rankRanges } from './compare-ranks.ts'
import { changeOf } from './figures.ts'
import type { StoresView } from './stores-address.ts'

/** A row as shown. A region's or the chain's figures are always those of all its stores. */
export interface ShownRow {
  row: ComparePlace
  /** Stores of this scope that the filter lets through, and all of them; null for a store. */
  stores: { shown: number; all: number } | null
  /** Whether the stores below are folded away; null where nothing can be folded. */
  closed: boolean | null
  /** Among all stores of the reader, by the figure that the table is sorted by; null: none. */
  rank: RankRange | null
}

interface Named {
  name: string
  name_en?: string | null | undefined
}

export function nameOf(row: Named, locale: Locale): string {
  return locale === 'en' && row.name_en ? row.name_en : row.name
}

function filterRows(rows: readonly ComparePlace[], view: StoresView): ComparePlace[] {
  const words = view.q.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter((row) => {
    if (view.region !== '' && row.region_id !== view.region) return false
    if (view.format !== '' && row.format !== view.format) return false
    if (words.length === 0) return true
    const text = `${row.name} ${row.name_en ?? ''} ${row.code ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

function sortValue(row: ComparePlace, sort: Sort): number | null {
  if (sort.by === 'name') return null
  if (sort.by === 'as_of') return row.as_of
  return sort.of === 'change' ? changeOf(sort.by, row.now, row.before) : row.now[sort.by]
}

/** Place of each name in the alphabet of the language; sorting again then costs no letters. */
export function rankNames(
  rows: readonly ComparePlace[],
  locale: Locale,
): ReadonlyMap<string, number> {
  const names = new Intl.Collator(locale === 'zh' ? 'zh-u-co-pinyin' : 'en', { numeric: true })
  const sorted = rows
    .map((row) => ({ scope: row.scope, name: nameOf(row, locale) }))
    .sort((a, b) => names.compare(a.name, b.name))
  return new Map(sorted.map(({ scope }, rank) => [scope, rank]))
}

/** Rows without data stand last whichever way the column is sorted; equals go by name. */
function sortRows(
  rows: readonly ComparePlace[],
  sort: Sort,
  ranks: ReadonlyMap<string, number>,
): ComparePlace[] {
  const sign = sort.descending ? -1 : 1
  const isByName = sort.by === 'name'
  return rows
    .map((row) => ({ row, key: sortValue(row, sort), rank: ranks.get(row.scope) ?? 0 }))
    .sort((a, b) => {
      if (isByName) return sign * (a.rank - b.rank)
      if (a.key === null || b.key === null) {
        return Number(a.key === null) - Number(b.key === null) || a.rank - b.rank
      }
      return sign * (a.key - b.key) || a.rank - b.rank
    })
    .map(({ row }) => row)
}

function group(rows: readonly ComparePlace[]): Map<string | null, ComparePlace[]> {
  const groups = new Map<string | null, ComparePlace[]>()
  for (const row of rows) {
    const known = groups.get(row.region_id)
    if (known) known.push(row)
    else groups.set(row.region_id, [row])
  }
  return groups
}

/** Ranks are those of a figure, never of a difference or a name. */
export function isRanked(sort: Sort): boolean {
  return sort.of === 'now' && sort.by !== 'name' && sort.by !== 'as_of'
}

function ranksBy(sort: Sort, all: readonly ComparePlace[]): ReadonlyMap<string, RankRange> {
  if (sort.of !== 'now' || sort.by === 'name' || sort.by === 'as_of') return new Map()
  // Amounts of different currencies are not in one order.
  if (isApart(sort.by, all)) return new Map()
  return rankRanges(all, sort.by)
}

/** The table: the chain, then each region with its stores, or all stores in one order. */
export function storesTable(
  rows: readonly ComparePlace[],
  view: StoresView,
  ranks: ReadonlyMap<string, number>,
): ShownRow[] {
  const all = rows.filter((row) => row.level === 'store')
  const shown = sortRows(filterRows(all, view), view.sort, ranks)
  const places = ranksBy(view.sort, all)
  const leaf = (row: ComparePlace): ShownRow => {
    return { row, stores: null, closed: null, rank: places.get(row.scope) ?? null }
  }
  const chain = rows
    .filter((row) => row.level === 'chain')
    .map((row) => ({
      row,
      stores: { shown: shown.length, all: all.length },
      closed: null,
      rank: null,
    }))
  if (!view.grouped) return [...chain, ...shown.map(leaf)]

  const [allOf, shownOf] = [group(all), group(shown)]
  const isFiltered = view.q !== '' || view.format !== '' || view.region !== ''
  const areas = rows.filter((row) => row.level === 'region')
  const regions = sortRows(areas, view.sort, ranks)
  const parts = regions.flatMap((region) => {
    const own = shownOf.get(region.scope) ?? []
    if (own.length === 0 && isFiltered) return []
    const stores = { shown: own.length, all: allOf.get(region.scope)?.length ?? 0 }
    const closed = view.closed.includes(region.scope)
    return [{ row: region, stores, closed, rank: null }, ...(closed ? [] : own.map(leaf))]
  })
  const regionIds = new Set(regions.map((region) => region.scope))
  const homeless = shown.filter((row) => !row.region_id || !regionIds.has(row.region_id))
  return [...chain, ...parts, ...homeless.map(leaf)]
}

/** What the filters can choose from, in the order of the names. */
export function formatsOf(rows: readonly ComparePlace[]): string[] {
  const found = rows.flatMap((row) => (row.format === null ? [] : [row.format]))
  return [...new Set(found)].sort()
}
