import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  index,
  json,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core'
import type { Dialect } from './dialect-sqlite.ts'

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })

const words = {
  table: pgTable,
  text: (name: string) => text(name),
  int: (name: string) => bigint(name, { mode: 'number' }),
  float: (name: string) => doublePrecision(name),
  bool: (name: string) => boolean(name),
  json: <T>(name: string) => json(name).$type<T>(),
  bytes: (name: string) => bytea(name),
  index,
  primaryKey,
} satisfies Record<keyof Dialect, unknown>

/**
 * The same words for PostgreSQL. The cast is safe because both sets build columns of the same
 * JavaScript types and the query builder takes its SQL from the handle, not from the table's type.
 */
export const postgres = words as unknown as Dialect
