import { blob, index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'

// The words in which the tables are written, as SQLite means them. Every queried column is a real
// column; JSON is written and read whole, never queried.
export const sqlite = {
  table: sqliteTable,
  text: (name: string) => text(name),
  int: (name: string) => integer(name),
  float: (name: string) => real(name),
  bool: (name: string) => integer(name, { mode: 'boolean' }),
  json: <T>(name: string) => text(name, { mode: 'json' }).$type<T>(),
  bytes: (name: string) => blob(name, { mode: 'buffer' }),
  index,
  primaryKey,
}

export type Dialect = typeof sqlite
