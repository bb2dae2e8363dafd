import { must } from './assert.ts'
import { DAY_MS } from './calendar.ts'
import type { Json } from './canonical.ts'
import { idOfDigits, isId } from './id.ts'

// Records as columns: alike values stand together, what follows from another column is left out,
// and ids have no punctuation. Gzipped, rows of a store take little more than half of what they
// take as a list of objects, from a sixth of the JSON. Nothing is lost: any list of JSON objects
// comes back equal, whatever members they have.

type Record = { [name: string]: Json }

/** A column in one of six spellings; `rows` where only some records have the member. */
type Column = { rows?: number[] } & (
  | { plain: Json[] }
  | { same: Json }
  /** Few values: each once, and for every record which. */
  | { words: Json[]; at: number[] }
  /** Ids, without their punctuation, end to end. */
  | { ids: string }
  /** Whole numbers, less what the column named says. */
  | { less: string; by: number[] }
  /** Lists of records: how many each has, and all of them. */
  | { counts: number[]; of: Table }
)

export interface Table {
  length: number
  columns: { [name: string]: Column }
}

const ID_DIGITS = 32

/** The time in the first 48 bits of an id, which ids of version 7 are made from; ms. */
function timeOfId(id: string): number {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}

/**
 * Which column says nearly the same as another, and what it says of it. Stored parts are read by
 * these lines: more may come, none may change.
 */
const NEARLY: { [name: string]: readonly { column: string; says: (value: Json) => number }[] } = {
  created_at: [{ column: 'id', says: (id) => timeOfId(String(id)) }],
  at: [
    { column: 'dot', says: (id) => timeOfId(String(id)) },
    { column: 'id', says: (id) => timeOfId(String(id)) },
  ],
  day: [{ column: 'at', says: (ms) => Math.floor(Number(ms) / DAY_MS) }],
  first_at: [{ column: 'day', says: (day) => Number(day) * DAY_MS }],
}

function said(name: string, column: string): (value: Json) => number {
  const known = NEARLY[name]?.find((near) => near.column === column)
  return must(known, `column ${name} is less ${column}`).says
}

function isRecord(value: Json): value is Record {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isListOfRecords(value: Json): value is Record[] {
  return Array.isArray(value) && value.every(isRecord)
}

function isScalar(value: Json): boolean {
  return typeof value !== 'object' || value === null
}

/** Numbers as differences from a neighbouring column that every record of these has. */
function asDifference(name: string, records: readonly Record[]): Column | null {
  for (const { column, says } of NEARLY[name] ?? []) {
    const by = records.map((record) => {
      const near = record[column]
      return near === undefined ? NaN : Number(record[name]) - says(near)
    })
    const isExact = records.every((record) => Number.isSafeInteger(record[name]))
    if (isExact && by.every(Number.isSafeInteger)) return { less: column, by }
  }
  return null
}

function asWords(values: readonly Json[]): Column | null {
  if (!values.every(isScalar)) return null
  const words = [...new Set(values)]
  const [first] = words
  if (words.length === 1 && first !== undefined) return { same: first }
  if (words.length > values.length / 2) return null
  const place = new Map(words.map((word, at) => [word, at]))
  return { words, at: values.map((value) => place.get(value) ?? 0) }
}

function packColumn(name: string, records: readonly Record[]): Column {
  const values = records.map((record) => record[name] ?? null)
  if (values.every(isListOfRecords))
    return { counts: values.map((list) => list.length), of: packTable(values.flat()) }
  const short = asDifference(name, records) ?? asWords(values)
  if (short) return short
  if (values.every(isId)) return { ids: values.map((id) => id.replaceAll('-', '')).join('') }
  return { plain: values }
}

/** Records as columns; every member is JSON, and none is undefined. */
export function packTable(records: readonly object[]): Table {
  const all = records as readonly Record[]
  const names = new Set(all.flatMap((record) => Object.keys(record)))
  const columns = [...names].map((name): [string, Column] => {
    const rows = all.flatMap((record, row) => (Object.hasOwn(record, name) ? [row] : []))
    if (rows.length === all.length) return [name, packColumn(name, all)]
    const having = rows.map((row) => must(all[row], 'a row that has it'))
    return [name, { rows, ...packColumn(name, having) }]
  })
  return { length: all.length, columns: Object.fromEntries(columns) }
}

function idsOf(digits: string): string[] {
  return Array.from({ length: digits.length / ID_DIGITS }, (_, at) =>
    idOfDigits(digits.slice(at * ID_DIGITS, (at + 1) * ID_DIGITS)),
  )
}

/** Records that stand end to end, as lists of these lengths. */
export function split<T>(records: readonly T[], counts: readonly number[]): T[][] {
  let from = 0
  return counts.map((count) => {
    from += count
    return records.slice(from - count, from)
  })
}

/** The values of a column, in the order of the records that have it. */
function valuesOf(name: string, column: Column, length: number, records: readonly Record[]) {
  if ('plain' in column) return column.plain
  if ('same' in column) return new Array<Json>(column.rows?.length ?? length).fill(column.same)
  if ('words' in column) return column.at.map((at) => column.words[at] ?? null)
  if ('ids' in column) return idsOf(column.ids)
  if ('counts' in column) return split(unpackTable<Record>(column.of), column.counts)
  const says = said(name, column.less)
  return column.by.map((by, at) => {
    const record = must(records[column.rows?.[at] ?? at], 'a record of the column')
    return by + says(must(record[column.less], 'the column beside'))
  })
}

/** Columns after those that they are less than. */
function inOrder(columns: Table['columns']): [string, Column][] {
  const ordered = new Map<string, Column>()
  const add = (name: string): void => {
    const column = columns[name]
    if (!column || ordered.has(name)) return
    if ('less' in column) add(column.less)
    ordered.set(name, column)
  }
  for (const name of Object.keys(columns)) add(name)
  return [...ordered]
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0)
}

function sliceColumn(column: Column, from: number, to: number): Column {
  if (column.rows) {
    const { rows, ...dense } = column
    const [first, after] = [from, to].map((end) => rows.filter((row) => row < end).length)
    const own = rows.slice(first, after).map((row) => row - from)
    return { ...sliceColumn(dense, first ?? 0, after ?? 0), rows: own }
  }
  if ('plain' in column) return { plain: column.plain.slice(from, to) }
  if ('words' in column) return { ...column, at: column.at.slice(from, to) }
  if ('ids' in column) return { ids: column.ids.slice(from * ID_DIGITS, to * ID_DIGITS) }
  if ('less' in column) return { ...column, by: column.by.slice(from, to) }
  if ('same' in column) return column
  const [before, counts] = [sum(column.counts.slice(0, from)), column.counts.slice(from, to)]
  return { counts, of: sliceTable(column.of, before, before + sum(counts)) }
}

/** Some neighbouring records of a table, as a table. */
export function sliceTable({ columns }: Table, from: number, to: number): Table {
  const sliced = Object.entries(columns).map(([name, column]): [string, Column] => {
    return [name, sliceColumn(column, from, to)]
  })
  return { length: to - from, columns: Object.fromEntries(sliced) }
}

/** The records of a table, each an object of its own. */
export function unpackTable<T extends object>({ length, columns }: Table): T[] {
  const records = Array.from({ length }, (): Record => ({}))
  for (const [name, column] of inOrder(columns)) {
    const values = valuesOf(name, column, length, records)
    values.forEach((value, at) => {
      const record = records[column.rows?.[at] ?? at]
      if (record) record[name] = value
    })
  }
  return records as T[]
}
