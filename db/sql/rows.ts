import { getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from './ledger.ts'

// Hot writes are multi-row statements: building one is what costs, on both engines. SQLite takes
// at most 32,766 parameters a statement.
const MAX_PARAMETERS = 30_000
const MAX_KEYS = 900

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

function rowsPerStatement(table: SQLiteTable): number {
  return Math.floor(MAX_PARAMETERS / Object.keys(getTableColumns(table)).length)
}

export async function insertRows<T extends SQLiteTable>(
  db: Db,
  table: T,
  rows: readonly T['$inferInsert'][],
): Promise<void> {
  for (const chunk of chunksOf(rows, rowsPerStatement(table))) await db.insert(table).values(chunk)
}

export async function insertNew<T extends SQLiteTable>(
  db: Db,
  table: T,
  rows: readonly T['$inferInsert'][],
): Promise<void> {
  for (const chunk of chunksOf(rows, rowsPerStatement(table)))
    await db.insert(table).values(chunk).onConflictDoNothing()
}

function columnsOf(table: SQLiteTable): Record<string, SQLiteColumn> {
  return getTableColumns(table)
}

function excluded(column: SQLiteColumn): SQL {
  return sql`excluded.${sql.identifier(column.name)}`
}

/** Inserts rows or replaces those with the same key; a key must stand in `rows` only once. */
export async function upsertRows<T extends SQLiteTable>(
  db: Db,
  table: T,
  key: readonly (keyof T['_']['columns'] & string)[],
  rows: readonly T['$inferInsert'][],
): Promise<void> {
  const columns = columnsOf(table)
  const isKey = new Set<string>(key)
  const others = Object.entries(columns).filter(([name]) => !isKey.has(name))
  const set = Object.fromEntries(others.map(([name, column]) => [name, excluded(column)]))
  await upsertWith(db, table, key, rows, set)
}

/** Inserts rows or adds their `value` to what stands there. */
export async function addRows<T extends SQLiteTable>(
  db: Db,
  table: T,
  key: readonly (keyof T['_']['columns'] & string)[],
  rows: readonly T['$inferInsert'][],
): Promise<void> {
  const value = columnsOf(table)['value']
  if (!value) throw new Error(`Bug: ${getTableName(table)} has no value to add to`)
  await upsertWith(db, table, key, rows, { value: sql`${value} + ${excluded(value)}` })
}

async function upsertWith<T extends SQLiteTable>(
  db: Db,
  table: T,
  key: readonly string[],
  rows: readonly T['$inferInsert'][],
  set: Record<string, SQL>,
): Promise<void> {
  const columns = columnsOf(table)
  const target = key.flatMap((name) => columns[name] ?? [])
  for (const chunk of chunksOf(rows, rowsPerStatement(table)))
    await db
      .insert(table)
      .values(chunk)
      .onConflictDoUpdate({ target, set: updateOf(set) })
}

/** The builder types `set` per table; the columns above come from that very table. */
function updateOf<S>(set: Record<string, SQL>): S {
  return set as unknown as S
}
