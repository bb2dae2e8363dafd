// A table as a file that spreadsheets of every language read: RFC 4180 with a byte order mark, so
// that Chinese is not garbled, and no text that a spreadsheet would run as a formula.

export type CsvCell = string | number | null

const BYTE_ORDER_MARK = '\uFEFF'
/** The last four are the full-width signs, which some spreadsheets take for the ASCII ones. */
const FORMULA_START = /^[=+\-@\t\r＝＋－＠]/

function cellText(cell: CsvCell): string {
  if (cell === null) return ''
  // A number is written by us and cannot be a formula, so −12 stays a number.
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : ''
  const safe = FORMULA_START.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Rows as the text of a file, each ended by CR LF; null is an empty cell and never a zero. */
export function toCsv(rows: readonly (readonly CsvCell[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('')
}
