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
import { LedgerError } from './errors.ts'
import type { Db, Engine, StatementWatch } from './engine.ts'
import { sqlite } from './dialect-sqlite.ts'
import { GROUP_MAX, runGroup, type Turn, turnOf } from './group-commit.ts'
import { prepareWrites, type RowRunner } from './rows.ts'
import { connectToRead, follow, SqliteFile } from './sqlite-file.ts'
import { FollowedStatement, preparedOn } from './statements.ts'
import { tables } from './tables.ts'
import { WriteWatch } from './writes.ts'

const MIGRATIONS = fileURLToPath(new URL('../migrations/sqlite', import.meta.url))

/** The async face of a synchronous driver; safe because its builders are awaitable as they are. */
function asDb(database: object): Db {
  return database as unknown as Db
}

/**
 * Runs transactions one at a time; whatever awaits inside only touches the synchronous driver.
 * Those that wait while another runs are committed together, see group-commit.ts. `between` runs
 * when none is open; `done` is there when all that was asked for is.
 */
function makeTx(file: SqliteFile, watched: WriteWatch, db: Db) {
  const inside = new AsyncLocalStorage<boolean>()
  const waiting: Turn[] = []
  let last: Promise<unknown> = Promise.resolve()
  const between = <T>(run: () => Promise<T>): Promise<T> => {
    assert(!inside.getStore(), 'a ledger transaction is open already')
    const turn = last.then(() => watched.watch(run))
    // The queue goes on after a failure; the caller of the failed turn is told by its own promise.
    last = turn.catch(() => undefined)
    return turn
  }
  const takeNext = async () => {
    const group = waiting.splice(0, GROUP_MAX)
    if (group.length > 0) await runGroup(file, db, group)
  }
  const tx: Engine['tx'] = (run) => {
    assert(!inside.getStore(), 'a ledger transaction is open already')
    const { turn, done } = turnOf(() => inside.run(true, () => run(db)))
    waiting.push(turn)
    // An earlier turn may have taken it along; each of a group that fails is told by itself.
    between(takeNext).catch(() => undefined)
    return done
  }
  return { tx, between, done: () => last }
}

/** Statements that a kept query may hold on to. */
function keeping(present: () => Database.Database) {
  return (text: string) => new FollowedStatement(present, text)
}

/** The hot writes: one statement, run per row. */
function rowRunner(present: () => Database.Database, watch?: StatementWatch): RowRunner {
  return (text, rows) => {
    const statement = preparedOn(present(), text)
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
    asDb(drizzle({ client: follow(present, keeping(present)), ...logged }))
  const watched = new WriteWatch()
  const file = openFile(path, watched)
  const db = handle(() => file.writer())
  prepareWrites(
    db,
    rowRunner(() => file.writer(), watch),
  )
  const { tx, between, done } = makeTx(file, watched, db)
  return {
    dialect: 'sqlite',
    t: tables(sqlite),
    db: handle(() => file.reader()),
    tx,
    writes: {
      get trouble() {
        return watched.trouble
      },
      onTrouble: (listener) => watched.onTrouble(listener),
      // The number is the application's own and unused: writing it is a whole commit.
      probe: () => watched.probe(() => tx(() => touch(file.writer()))),
    },
    forUpdate: (query) => query,
    scrub: () => between(() => Promise.resolve(file.settle())),
    close: async () => {
      await done()
      file.close()
      if (temporary) rmSync(temporary, { recursive: true, force: true })
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
    writes: { trouble: 'read-only', probe: refused, onTrouble: () => () => undefined },
    forUpdate: (query) => query,
    scrub: refused,
    close: () => {
      reader.close()
      return Promise.resolve()
    },
  }
}
