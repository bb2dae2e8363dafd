// The table twin: the same figures as the chart, in lines and columns.
import type { CsvCell } from './csv.ts'

export interface TwinColumn {
  label: string
  /** How a figure is written on screen; texts are shown as they are. */
  format?: (value: number) => string
  /**
   * Decimals of the figure itself that the format shows: 3 for a share (0.873) shown as 87.3 %. The
   * file is rounded to them, so that it holds what was seen and nothing else.
   */
  digits?: number
}

/** The first cell of a row names it and may be a link. null is no data. */
export interface TwinRow {
  cells: readonly CsvCell[]
  href?: string
}

export interface Twin {
  columns: readonly TwinColumn[]
  rows: readonly TwinRow[]
}

/** The text of a cell on screen; undefined where nothing was measured. */
export function shownCell(cell: CsvCell, column: TwinColumn | undefined): string | undefined {
  if (cell === null) return undefined
  return typeof cell === 'number' ? (column?.format?.(cell) ?? String(cell)) : cell
}

/** Head and rows of the file: the same cells in the same order as on screen. */
export function fileRows({ columns, rows }: Twin): CsvCell[][] {
  const round = (cell: CsvCell, at: number): CsvCell => {
    const digits = columns[at]?.digits
    return typeof cell === 'number' && digits !== undefined ? Number(cell.toFixed(digits)) : cell
  }
  return [columns.map(({ label }) => label), ...rows.map(({ cells }) => cells.map(round))]
}
