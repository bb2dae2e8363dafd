import { basename } from 'node:path'
import { Readable, pipeline } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { decodeText, type Encoding } from './encoding.ts'
import { ImportError } from './import-error.ts'

/** One record; `row` is its row in a spreadsheet, where the header is row 1. */
export interface CsvRow {
  file: string
  row: number
  cells: string[]
}

export interface CsvFormat {
  encoding: Encoding
  /** Told from the header when absent. */
  delimiter?: string | undefined
}

const DELIMITERS = [',', ';', '\t', '|']
/** A quote that is never closed must not swallow a file of any size into one record. */
const RECORD_MAX_BYTES = 1_000_000

/**
 * A cell as it was meant: without the TABs and the leading apostrophe by which other systems keep
 * a spreadsheet from reading a phone as a number. The apostrophe of a name ('t Hooft) stays.
 */
export function cleanCell(text: string): string {
  const trimmed = text.trim()
  const bare = /^'[\d+=@-]/.test(trimmed) ? trimmed.slice(1) : trimmed
  return bare.normalize('NFC')
}

/** The delimiter that the header holds most of. */
export function guessDelimiter(header: string): string {
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ','
}

async function firstLine(path: string, encoding: Encoding): Promise<string> {
  let text = ''
  for await (const piece of decodeText(path, encoding)) {
    text += piece
    const end = text.search(/[\r\n]/)
    if (end >= 0) return text.slice(0, end)
  }
  return text
}

async function* readRecords(path: string, format: CsvFormat): AsyncGenerator<string[]> {
  const delimiter = format.delimiter ?? guessDelimiter(await firstLine(path, format.encoding))
  const parser = parse({
    bom: true,
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: RECORD_MAX_BYTES,
  })
  pipeline(Readable.from(decodeText(path, format.encoding)), parser, () => undefined)
  try {
    for await (const record of parser) yield record as string[] // Without `columns` it is a list.
  } catch (error) {
    if (error instanceof CsvError) throw new ImportError(`${path}: ${error.message}`)
    throw error
  }
}

/**
 * Streams a CSV file: the header first, then its rows with clean cells.
 * Throws ImportError when the file is no CSV or its text cannot be read.
 */
export async function openCsv(
  path: string,
  format: CsvFormat,
): Promise<{ header: string[]; rows: AsyncGenerator<CsvRow> }> {
  const records = readRecords(path, format)
  const first = await records.next()
  if (first.done) throw new ImportError(`${path}: the file is empty`)
  return { header: first.value.map(cleanCell), rows: rowsOf(basename(path), records) }
}

async function* rowsOf(file: string, records: AsyncGenerator<string[]>): AsyncGenerator<CsvRow> {
  let row = 1
  for await (const record of records) {
    row += 1
    yield { file, row, cells: record.map(cleanCell) }
  }
}
