import { getTableColumns, inArray, is, Placeholder, type SQL, sql } from 'drizzle-orm'
import { SQLiteColumn, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db, Engine } from './engine.ts'

// Hot writes. Building a statement is what costs: PostgreSQL gets multi-row statements, SQLite one
// prepared statement per table that is run row by row (measured: about four times as fast there).
const MAX_PARAMETERS = 30_000
const MAX_KEYS = 900

/** Runs one statement once per row of driver values. */
export type RowRunner = (statement: string, rows: readonly unknown[][]) => void

interface Prepared {
  run: RowRunner
  /** Texts of statements by table and kind. */
  texts: Map<SQLiteTable, Map<string, string>>
}

const preparing = new WeakMap<Db, Prepared>()

/** Makes writes through this handle use prepared statements. */
export function prepareWrites(db: Db, run: RowRunner): void {
  preparing.set(db, { run, texts: new Map() })
}

export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = []
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size))
  return chunks
}

/** Runs a select per slice of keys and joins the answers in order. */
export async function selectByKeys<K, R>(
  keys: readonly K[],
  select: (slice: K[]) => PromiseLike<R[]>,
): Promise<R[]> {
  const found: R[] = []
  for (const slice of chunksOf(keys, MAX_KEYS)) found.push(...(await select(slice)))
  return found
}

/**
 * A column among texts. On SQLite they travel as one parameter, so that the statement has the same
 * text for however many and is not built and prepared anew.
 */
export function among(column: SQLiteColumn, texts: readonly string[]): SQL {
  if (!is(column, SQLiteColumn)) return inArray(column, texts)
  const list: unknown = is(texts, Placeholder) ? texts : JSON.stringify(texts)
  return sql`${column} in (select value from json_each(${list}))`
}

/**
 * All values of a column or a scalar as one text, with commas; nothing is an empty text. Those
 * packed by one statement have their rows in the same order: a row less to fetch is what thousands
 * of them cost.
 */
export function packed(
  { dialect }: Pick<Engine, 'dialect'>,
  column: SQLiteColumn | SQL,
): SQL<string> {
  return dialect === 'sqlite'
    ? sql<string>`group_concat(coalesce(${column}, ''))`
    : sql<string>`string_agg(coalesce((${column})::text, ''), ',')`
}

/** What happens to a row whose key is there already. */
interface Conflict {
  name: 'fail' | 'keep' | 'replace' | 'add'
  key: readonly string[]
}

function columnsOf(table: SQLiteTable): Record<string, SQLiteColumn> {
  return getTableColumns(table)
}

function excluded(column: SQLiteColumn): SQL {
  return sql`excluded.${sql.identifier(column.name)}`
}

function changesOf(table: SQLiteTable, { name, key }: Conflict): Record<string, SQL> {
  const others = Object.entries(columnsOf(table)).filter(([column]) => !key.includes(column))
  return Object.fromEntries(
    others.map(([column, definition]) => [
      column,
      name === 'add' ? sql`${definition} + ${excluded(definition)}` : excluded(definition),
    ]),
  )
}

function statement(db: Db, table: SQLiteTable, rows: object[], conflict: Conflict) {
  const insert = db.insert(table).values(rowsOf(rows))
  if (conflict.name === 'fail') return insert
  if (conflict.name === 'keep') return insert.onConflictDoNothing()
  const columns = columnsOf(table)
  const target = conflict.key.flatMap((name) => columns[name] ?? [])
  return insert.onConflictDoUpdate({ target, set: changesOf(table, conflict) })
}

/** The public functions below type the rows per table; here they are only passed on. */
function rowsOf<R>(rows: object[]): R[] {
  return rows as unknown as R[]
}

function textOf(db: Db, prepared: Prepared, table: SQLiteTable, conflict: Conflict): string {
  let texts = prepared.texts.get(table)
  if (!texts) prepared.texts.set(table, (texts = new Map<string, string>()))
  const known = texts.get(conflict.name)
  if (known !== undefined) return known
  const names = Object.keys(columnsOf(table))
  const row = Object.fromEntries(names.map((name) => [name, sql.placeholder(name)]))
  const text = statement(db, table, [row], conflict).toSQL().sql
  texts.set(conflict.name, text)
  return text
}

function driverValues(table: SQLiteTable, row: object): unknown[] {
  return Object.entries(columnsOf(table)).map(([name, column]) => {
    const value: unknown = Reflect.get(row, name) ?? null
    return value === null ? null : column.mapToDriverValue(value)
  })
}

async function write(
  db: Db,
  table: SQLiteTable,
  rows: readonly object[],
  conflict: Conflict,
): Promise<void> {
  if (rows.length === 0) return
  const prepared = preparing.get(db)
  if (prepared) {
    const values = rows.map((row) => driverValues(table, row))
    prepared.run(textOf(db, prepared, table, conflict), values)
    return
  }
  const size = Math.floor(MAX_PARAMETERS / Object.keys(columnsOf(table)).length)
  for (const chunk of chunksOf(rows, size)) await statement(db, table, chunk, conflict)
}

type Row<T extends SQLiteTable> = T['$inferInsert']
type Key<T extends SQLiteTable> = readonly (keyof T['_']['columns'] & string)[]

/** Inserts rows; one whose key is there already fails the whole write. */
export function insertRows<T extends SQLiteTable>(db: Db, table: T, rows: readonly Row<T>[]) {
  return write(db, table, rows, { name: 'fail', key: [] })
}

/** Inserts the rows that are not there yet. */
export function insertNew<T extends SQLiteTable>(db: Db, table: T, rows: readonly Row<T>[]) {
  return write(db, table, rows, { name: 'keep', key: [] })
}

/** Inserts rows or replaces those with the same key; a key must stand in `rows` only once. */
export function upsertRows<T extends SQLiteTable>(
  db: Db,
  table: T,
  key: Key<T>,
  rows: readonly Row<T>[],
) {
  return write(db, table, rows, { name: 'replace', key })
}

/** Inserts rows or adds their columns outside the key to what stands there. */
export function addRows<T extends SQLiteTable>(
  db: Db,
  table: T,
  key: Key<T>,
  rows: readonly Row<T>[],
) {
  return write(db, table, rows, { name: 'add', key })
}
