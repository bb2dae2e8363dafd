import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { assert } from '#model/assert.ts'
import { LedgerError } from './errors.ts'
import type { Db, Engine, StatementWatch } from './engine.ts'
import { sqlite } from './dialect-sqlite.ts'
import { prepareWrites, type RowRunner } from './rows.ts'
import { tables } from './tables.ts'

const SYNCHRONOUS_FULL = 2
const MIGRATIONS = fileURLToPath(new URL('../migrations/sqlite', import.meta.url))

/**
 * Opens a connection that keeps what it acknowledges. The pragma is read back after a query,
 * because a WAL database silently falls back to NORMAL at its first read, and NORMAL loses
 * acknowledged pushes in a power cut.
 */
function connect(path: string, readonly: boolean): Database.Database {
  const connection = new Database(path, { readonly })
  if (!readonly) connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = FULL')
  connection.pragma('busy_timeout = 5000')
  connection.pragma('cache_size = -65536')
  connection.pragma('temp_store = MEMORY')
  connection.prepare('select count(*) from sqlite_master').get()
  const synchronous = connection.pragma('synchronous', { simple: true })
  const journal = connection.pragma('journal_mode', { simple: true })
  if (synchronous !== SYNCHRONOUS_FULL || journal !== 'wal')
    throw new LedgerError(
      'unsafe-database',
      `SQLite must run with journal_mode=wal and synchronous=2, found ${String(journal)} and ` +
        `${String(synchronous)}: ${path}`,
    )
  return connection
}

/** The async face of a synchronous driver; safe because its builders are awaitable as they are. */
function asDb(database: object): Db {
  return database as unknown as Db
}

/** Runs transactions one at a time; whatever awaits inside only touches the synchronous driver. */
function makeTx(connection: Database.Database, db: Db): Engine['tx'] {
  const inside = new AsyncLocalStorage<boolean>()
  let last: Promise<unknown> = Promise.resolve()
  return (run) => {
    assert(!inside.getStore(), 'a ledger transaction is open already')
    const turn = last.then(async () => {
      connection.exec('BEGIN IMMEDIATE')
      try {
        const result = await inside.run(true, () => run(db))
        connection.exec('COMMIT')
        return result
      } catch (error) {
        if (connection.inTransaction) connection.exec('ROLLBACK')
        throw error
      }
    })
    // The queue goes on after a failure; the caller of the failed turn is told by its own promise.
    last = turn.catch(() => undefined)
    return turn
  }
}

/** Statements of the hot writes, prepared once and run per row. */
function rowRunner(connection: Database.Database, watch?: StatementWatch): RowRunner {
  const statements = new Map<string, Database.Statement>()
  return (text, rows) => {
    let statement = statements.get(text)
    if (!statement) statements.set(text, (statement = connection.prepare(text)))
    watch?.(text)
    for (const row of rows) statement.run(row)
  }
}

export function openSqlite(url: string, watch?: StatementWatch): Engine {
  const temporary = url === ':memory:' ? mkdtempSync(join(tmpdir(), 'regulars-')) : null
  const path = temporary ? join(temporary, 'ledger.sqlite') : url
  const options = watch ? { logger: { logQuery: watch } } : {}
  const writer = connect(path, false)
  const migrated = drizzle(writer)
  migrate(migrated, { migrationsFolder: MIGRATIONS })
  const reader = connect(path, true)
  const db = asDb(drizzle(writer, options))
  prepareWrites(db, rowRunner(writer, watch))
  return {
    dialect: 'sqlite',
    t: tables(sqlite),
    db: asDb(drizzle(reader, options)),
    tx: makeTx(writer, db),
    forUpdate: (query) => query,
    close: () => {
      reader.close()
      writer.close()
      if (temporary) rmSync(temporary, { recursive: true, force: true })
      return Promise.resolve()
    },
  }
}
