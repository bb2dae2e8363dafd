/** How a cell is compared: text by the reader's alphabet, figures by size, nothing always last. */
export type SortValue = string | number | null

export interface TableColumn<Row> {
  id: string
  label: string
  /** Figures stand at the end, so that their units line up. */
  align?: 'start' | 'end'
  /** What the figure means, behind the header. */
  definition?: string
  /** The text of a cell when the table is given no snippet for it. */
  text?: (row: Row) => string
  /** Makes the column sortable. */
  sortValue?: (row: Row) => SortValue
  /** A CSS length; without one the content decides. */
  width?: string
}

export interface TableSort {
  columnId: string
  direction: 'ascending' | 'descending'
}

/** A plain line, the line of a group (its subtotal), or the double-ruled total. */
export type RowKind = 'row' | 'group' | 'total'

/**
 * The sort after a press on a header. Figures begin with the largest, words with the first letter;
 * a second press turns the order round.
 */
export function nextSort<Row>(column: TableColumn<Row>, sort: TableSort | undefined): TableSort {
  const first = column.align === 'end' ? 'descending' : 'ascending'
  if (sort?.columnId !== column.id) return { columnId: column.id, direction: first }
  const turned = sort.direction === 'ascending' ? 'descending' : 'ascending'
  return { columnId: column.id, direction: turned }
}

/** Sorted rows, as a new list. Equal rows keep their order, and rows without a value come last. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  sort: TableSort | undefined,
  compareText: (a: string, b: string) => number,
): Row[] {
  const value = columns.find((column) => column.id === sort?.columnId)?.sortValue
  if (!value || !sort) return [...rows]
  const sign = sort.direction === 'ascending' ? 1 : -1
  return rows
    .map((row) => ({ row, key: value(row) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null)
      return sign * compareKeys(a.key, b.key, compareText)
    })
    .map(({ row }) => row)
}

function compareKeys(
  a: string | number,
  b: string | number,
  compareText: (a: string, b: string) => number,
): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return compareText(String(a), String(b))
}

export interface RowWindow {
  first: number
  end: number
}

/**
 * Which rows to draw: those in sight and a margin above and below, so that a table of five thousand
 * devices scrolls like one of fifty. Short tables are drawn whole.
 */
export function windowRows(
  rowCount: number,
  rowHeightPx: number,
  scrollTopPx: number,
  heightPx: number,
): RowWindow {
  const marginRows = 20
  const wholeBelow = 150
  if (rowCount < wholeBelow || rowHeightPx <= 0 || heightPx <= 0) return { first: 0, end: rowCount }
  const shown = Math.ceil(heightPx / rowHeightPx) + 2 * marginRows
  const first = Math.max(0, Math.floor(scrollTopPx / rowHeightPx) - marginRows)
  const start = Math.min(first, Math.max(0, rowCount - shown))
  return { first: start, end: Math.min(rowCount, start + shown) }
}
