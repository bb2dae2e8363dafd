import { AsyncLocalStorage } from 'node:async_hooks'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { assert } from '#model/assert.ts'
import { diskFaultOf, LedgerError } from './errors.ts'
import type { Db, Engine, StatementWatch } from './engine.ts'
import { sqlite } from './dialect-sqlite.ts'
import { prepareWrites, type RowRunner } from './rows.ts'
import { connectToRead, follow, SqliteFile } from './sqlite-file.ts'
import { takeScrub } from './scrub.ts'
import { tables } from './tables.ts'
import { WriteWatch } from './writes.ts'

const MIGRATIONS = fileURLToPath(new URL('../migrations/sqlite', import.meta.url))

/** The async face of a synchronous driver; safe because its builders are awaitable as they are. */
function asDb(database: object): Db {
  return database as unknown as Db
}

/**
 * Runs transactions one at a time; whatever awaits inside only touches the synchronous driver.
 * `between` runs when none is open.
 */
function makeTx(file: SqliteFile, watched: WriteWatch, db: Db) {
  const inside = new AsyncLocalStorage<boolean>()
  let last: Promise<unknown> = Promise.resolve()
  const between = <T>(run: () => Promise<T>): Promise<T> => {
    assert(!inside.getStore(), 'a ledger transaction is open already')
    const turn = last.then(() => watched.watch(run))
    // The queue goes on after a failure; the caller of the failed turn is told by its own promise.
    last = turn.catch(() => undefined)
    return turn
  }
  const tx: Engine['tx'] = (run) =>
    between(async () => {
      takeScrub(db) // A transaction that failed may have asked before.
      const result = await runInside(file, inside, () => run(db))
      if (takeScrub(db)) scrubQuietly(file)
      return result
    })
  return { tx, between }
}

/** The commit stands; where the log cannot be emptied at once, the next checkpoint does it. */
function scrubQuietly(file: SqliteFile): void {
  try {
    file.settle()
  } catch {
    // The next write meets the same fault of the disk, and tells of it.
  }
}

async function runInside<T>(
  file: SqliteFile,
  inside: AsyncLocalStorage<boolean>,
  run: () => Promise<T>,
): Promise<T> {
  const connection = file.writer()
  try {
    connection.exec('BEGIN IMMEDIATE')
    const result = await inside.run(true, run)
    connection.exec('COMMIT')
    return result
  } catch (error) {
    // After a failed sync nobody knows what is on the disk: this connection may not go on.
    if (diskFaultOf(error) === 'disk-fault') file.dropWriter()
    else if (connection.inTransaction) connection.exec('ROLLBACK')
    throw error
  }
}

/** Statements of the hot writes, prepared once per connection and run per row. */
function rowRunner(present: () => Database.Database, watch?: StatementWatch): RowRunner {
  const prepared = new WeakMap<Database.Database, Map<string, Database.Statement>>()
  return (text, rows) => {
    const connection = present()
    const statements = prepared.get(connection) ?? new Map<string, Database.Statement>()
    prepared.set(connection, statements)
    let statement = statements.get(text)
    if (!statement) statements.set(text, (statement = connection.prepare(text)))
    watch?.(text)
    for (const row of rows) statement.run(row)
  }
}

function bringUpToDate(writer: Database.Database): void {
  migrate(drizzle(writer), { migrationsFolder: MIGRATIONS })
}

/** Throws when tables of this version are missing and the disk takes no writes to make them. */
function checkUpToDate(reader: Database.Database): void {
  const newest = readMigrationFiles({ migrationsFolder: MIGRATIONS }).at(-1)?.folderMillis ?? 0
  const made = reader.prepare('select max(created_at) from __drizzle_migrations').pluck().get()
  if (Number(made) >= newest) return
  const why = 'the tables have to be brought up to date, and the disk takes no writes'
  throw new LedgerError('unsafe-database', why)
}

/** Opens for writing; where the disk does not let it, for reading alone until it does. */
function openFile(path: string, watched: WriteWatch): SqliteFile {
  const file = new SqliteFile(path, bringUpToDate, checkUpToDate)
  try {
    file.writer()
  } catch (error) {
    if (watched.note(error) === null || !existsSync(path)) throw error
  }
  file.reader()
  return file
}

export function openSqlite(url: string, watch?: StatementWatch): Engine {
  const temporary = url === ':memory:' ? mkdtempSync(join(tmpdir(), 'regulars-')) : null
  const path = temporary ? join(temporary, 'ledger.sqlite') : url
  const logged = watch ? { logger: { logQuery: watch } } : {}
  const handle = (present: () => Database.Database) =>
    asDb(drizzle({ client: follow(present), ...logged }))
  const watched = new WriteWatch()
  const file = openFile(path, watched)
  const db = handle(() => file.writer())
  prepareWrites(
    db,
    rowRunner(() => file.writer(), watch),
  )
  const { tx, between } = makeTx(file, watched, db)
  return {
    dialect: 'sqlite',
    t: tables(sqlite),
    db: handle(() => file.reader()),
    tx,
    writes: {
      get trouble() {
        return watched.trouble
      },
      // The number is the application's own and unused: writing it is a whole commit.
      probe: () => watched.probe(() => tx(() => touch(file.writer()))),
    },
    forUpdate: (query) => query,
    scrub: () => between(() => Promise.resolve(file.settle())),
    close: () => {
      file.close()
      if (temporary) rmSync(temporary, { recursive: true, force: true })
      return Promise.resolve()
    },
  }
}

function touch(connection: Database.Database): Promise<void> {
  connection.pragma('user_version = 0')
  return Promise.resolve()
}

/** A ledger's file as it is, for reading alone; nothing is brought up to date. */
export function openSqliteToRead(path: string): Engine {
  const reader = connectToRead(path)
  const refused = () =>
    Promise.reject(new LedgerError('unsafe-database', 'opened for reading alone'))
  return {
    dialect: 'sqlite',
    t: tables(sqlite),
    db: asDb(drizzle(reader)),
    tx: refused,
    writes: { trouble: 'read-only', probe: refused },
    forUpdate: (query) => query,
    scrub: refused,
    close: () => {
      reader.close()
      return Promise.resolve()
    },
  }
}
