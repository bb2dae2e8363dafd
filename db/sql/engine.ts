import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import type { Tables } from './tables.ts'
import type { Writes } from './writes.ts'

/** A query handle: reads outside a transaction, or everything inside one. */
export type Db = BaseSQLiteDatabase<'async', unknown, Record<string, never>>

/** What either engine offers; the rest of db/sql does not know which one it is. */
export interface Engine {
  dialect: 'sqlite' | 'postgres'
  t: Tables
  /** Reads of what is committed. */
  db: Db
  /** All writes. Must not be nested; on SQLite one runs at a time. */
  tx<T>(run: (db: Db) => Promise<T>): Promise<T>
  /** Whether writes reach the disk; reads go on when they do not. */
  writes: Writes
  /** Adds a row lock to a select where the engine has them; SQLite's writer is alone anyway. */
  forUpdate<Q>(query: Q): Q
  /**
   * Takes what was deleted off the disk at once, where the engine would keep it for a while.
   * False when it could not, because somebody is reading; it is safe to ask again.
   */
  scrub(): Promise<boolean>
  close(): Promise<void>
}

/** Called with every statement; tests use it to prove the rule of store_id. */
export type StatementWatch = (sql: string) => void
