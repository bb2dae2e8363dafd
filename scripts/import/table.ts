import { globSync } from 'node:fs'
import { join } from 'node:path'
import { type CsvRow, openCsv } from './csv.ts'
import type { Encoding } from './encoding.ts'
import { ImportError } from './import-error.ts'

type Column = string | string[]

/** What a mapping says about any table; see mapping.ts. */
export interface TableMapping {
  files: string[]
  encoding: Encoding
  delimiter?: string | undefined
  id?: Column | undefined
  columns: Record<string, Column | undefined>
  fixed: Record<string, string | number | undefined>
  values: Record<string, Record<string, string> | undefined>
  empty: string[]
  tags?: { column: string } | undefined
  consents?: readonly { column: string }[]
  attributes?: Record<string, string>
  alike?: readonly (readonly string[])[]
}

/** Where something stands in the source, for people to find it. */
export type Origin = Pick<CsvRow, 'file' | 'row'>

/** A row of a table in the words of its mapping. */
export interface TableRow extends Origin {
  /** The row's own id in the source. */
  key: string
  /** Our field's value, or '' when the source has none. */
  field(name: string): string
  /** A column of the source by its own name. */
  cell(column: string): string
}

/** The files of a table in the order of their names. Throws ImportError when there are none. */
export function filesOf(folder: string, patterns: readonly string[]): string[] {
  const found = patterns.flatMap((pattern) => {
    const names = globSync(pattern, { cwd: folder }).sort()
    if (names.length === 0) throw new ImportError(`${folder}: there is no file ${pattern}`)
    return names
  })
  return [...new Set(found)].map((name) => join(folder, name))
}

/** The names of the columns behind a field, for the reader of a report. */
export function columnNames(table: TableMapping, field: string): string {
  return [table.columns[field] ?? field].flat().join(' ')
}

type ReadCell = (cells: readonly string[], column: string) => string

// A part that begins with "=" is literal text, so that "=Store" and "id" become "Store 27".
function readParts(cells: readonly string[], parts: readonly string[], cell: ReadCell): string {
  return parts
    .map((part) => (part.startsWith('=') ? part.slice(1) : cell(cells, part)))
    .filter((text) => text !== '')
    .join(' ')
}

function translate(text: string, values: Record<string, string> | undefined): string {
  return values?.[text] ?? values?.['*'] ?? text
}

/** Every column that the mapping speaks of. */
function namedColumns(table: TableMapping): string[] {
  const parts = [...Object.values(table.columns), table.id].flatMap((column) => column ?? [])
  const single = [table.tags, ...(table.consents ?? [])].flatMap((one) => one?.column ?? [])
  return [
    ...parts,
    ...single,
    ...Object.values(table.attributes ?? {}),
    ...(table.alike ?? []).flat(),
  ]
}

function cellReader(table: TableMapping, file: string, header: readonly string[]): ReadCell {
  const places = new Map(header.map((name, index) => [name, index]))
  const empty = new Set(table.empty)
  for (const name of namedColumns(table))
    if (!name.startsWith('=') && !places.has(name))
      throw new ImportError(`${file}: there is no column "${name}" among: ${header.join(', ')}`)
  return (cells, column) => {
    const text = cells[places.get(column) ?? -1] ?? ''
    return empty.has(text) ? '' : text
  }
}

/** Makes rows of one file speak the words of the mapping. Throws ImportError: missing column. */
function bind(
  table: TableMapping,
  file: string,
  header: readonly string[],
): (csv: CsvRow) => TableRow {
  const cell = cellReader(table, file, header)
  const field = (cells: readonly string[], name: string) => {
    const column = table.columns[name]
    if (column === undefined) return String(table.fixed[name] ?? '')
    const text = readParts(cells, [column].flat(), cell)
    const meant = translate(text, table.values[name])
    return meant === '' ? String(table.fixed[name] ?? '') : meant
  }
  const idParts = table.id === undefined ? null : [table.id].flat()
  return ({ file: name, row, cells }) => ({
    file: name,
    row,
    key: idParts ? keyOf(idParts.map((part) => cell(cells, part))) : JSON.stringify(cells),
    field: (wanted) => field(cells, wanted),
    cell: (column) => cell(cells, column),
  })
}

function keyOf(parts: readonly string[]): string {
  if (parts.every((part) => part === '')) return ''
  return parts.length === 1 ? (parts[0] ?? '') : JSON.stringify(parts)
}

/** Rows that have not as many cells as the header cannot be told apart: they are handed over. */
export type OnRagged = (origin: Origin, found: number, wanted: number) => void

/** All rows of a table, file by file. */
export async function* readTable(
  folder: string,
  table: TableMapping,
  onRagged: OnRagged,
): AsyncGenerator<TableRow> {
  for (const path of filesOf(folder, table.files)) {
    const { header, rows } = await openCsv(path, table)
    const read = bind(table, path, header)
    for await (const csv of rows) {
      if (csv.cells.length === header.length) yield read(csv)
      else onRagged(csv, csv.cells.length, header.length)
    }
  }
}
