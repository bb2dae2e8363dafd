import { accessSync, constants, readFileSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { codeOf, diskFaultOf, LedgerError } from './errors.ts'
import { preparedOn } from './statements.ts'

// Connections to a SQLite file on a disk that may be full, broken or closed to writes.

const SYNCHRONOUS_FULL = 2
/** These bytes of a file's header say how it is journalled: 2 with a log beside it, 1 without. */
const JOURNAL_BYTES = [18, 19]

/**
 * Opens a connection that keeps what it acknowledges. The pragma is read back after a query,
 * because a WAL database silently falls back to NORMAL at its first read, and NORMAL loses
 * acknowledged pushes in a power cut.
 */
export function connectToWrite(path: string): Database.Database {
  return opened(
    path,
    () => new Database(path),
    (connection) => {
      connection.pragma('journal_mode = WAL')
      // What is deleted is overwritten, so that an erased person is not read from a free page.
      connection.pragma('secure_delete = ON')
      setUp(connection)
      const synchronous = connection.pragma('synchronous', { simple: true })
      const journal = connection.pragma('journal_mode', { simple: true })
      if (synchronous !== SYNCHRONOUS_FULL || journal !== 'wal')
        throw new LedgerError(
          'unsafe-database',
          `SQLite must run with journal_mode=wal and synchronous=2, found ${String(journal)} and ` +
            `${String(synchronous)}: ${path}`,
        )
      settleLog(connection)
    },
  )
}

function setUp(connection: Database.Database): void {
  connection.pragma('synchronous = FULL')
  connection.pragma('busy_timeout = 5000')
  connection.pragma('cache_size = -65536')
  connection.pragma('temp_store = MEMORY')
  connection.prepare('select count(*) from sqlite_master').get()
}

/**
 * Moves the log into the file, with a sync of its own. After a failed sync the system may call
 * pages clean that never reached the disk, and a log with a hole in it would end there for every
 * commit after it; so nothing is written behind a log of which that may be true. False when
 * somebody else is reading from the log.
 */
function settleLog(connection: Database.Database): boolean {
  connection.pragma('busy_timeout = 1000')
  const busy = connection.pragma('wal_checkpoint(TRUNCATE)', { simple: true })
  connection.pragma('busy_timeout = 5000')
  return busy === 0
}

/** A connection for reading only; it never changes the file, and needs no room on the disk. */
export function connectToRead(path: string): Database.Database {
  try {
    return opened(path, () => new Database(path, { readonly: true, fileMustExist: true }), setUp)
  } catch (error) {
    if (codeOf(error) !== 'SQLITE_CANTOPEN' && diskFaultOf(error) === null) throw error
    if (logBytes(path) !== 0) throw error
    return readCopy(path)
  }
}

function logBytes(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
}

/**
 * A file that was closed well has no log beside it, and SQLite cannot make the one it wants for
 * reading on a disk that takes no writes. Then it is read into memory as it is; up to 2 GiB.
 */
function readCopy(path: string): Database.Database {
  const bytes = readFileSync(path)
  for (const at of JOURNAL_BYTES) bytes[at] = 1
  return new Database(bytes, { readonly: true })
}

function opened(
  path: string,
  open: () => Database.Database,
  prepare: (connection: Database.Database) => void,
): Database.Database {
  let connection: Database.Database | undefined
  try {
    connection = open()
    prepare(connection)
    return connection
  } catch (error) {
    connection?.close()
    throw reasonOf(error, path)
  }
}

/** Why a file cannot be opened, where the system knows better than the driver. */
function reasonOf(error: unknown, path: string): unknown {
  if (codeOf(error) !== 'SQLITE_CANTOPEN') return error
  const folder = dirname(path)
  try {
    accessSync(folder, constants.W_OK)
    if (statfsSync(folder).bavail > 0) return error
    return Object.assign(new Error('no room on the disk', { cause: error }), { code: 'ENOSPC' })
  } catch (reason) {
    return reason
  }
}

/**
 * One handle whose connection may be replaced: whatever is asked of it is asked of the connection
 * that `present` gives at that moment. Statements are prepared once per connection.
 */
export function follow(
  present: () => Database.Database,
  prepare: (text: string) => unknown = (text) => preparedOn(present(), text),
): Database.Database {
  const handler: ProxyHandler<object> = {
    get: (_, key) => {
      if (key === 'prepare') return prepare
      const connection = present()
      const value: unknown = Reflect.get(connection, key, connection)
      return typeof value === 'function' ? (value.bind(connection) as unknown) : value
    },
    has: (_, key) => Reflect.has(present(), key),
  }
  return asDatabase(new Proxy({}, handler))
}

/** Safe because every property of the proxy is a connection's own. */
function asDatabase(proxy: object): Database.Database {
  return proxy as unknown as Database.Database
}

/**
 * A file with one writer and one reader. Opens for reading alone when the disk takes no writes,
 * tries again at every write, and begins with a new connection after a fault of the disk.
 */
export class SqliteFile {
  readonly #path: string
  readonly #prepare: (writer: Database.Database) => void
  readonly #checkReader: (reader: Database.Database) => void
  #writer: Database.Database | null = null
  #reader: Database.Database | null = null
  /** A write failed in the middle: what the log holds may not be on the disk. */
  #isSuspect = false

  /** `prepare` brings the tables up to date; `check` throws when a reader could not use them. */
  constructor(
    path: string,
    prepare: (writer: Database.Database) => void,
    check: (reader: Database.Database) => void,
  ) {
    this.#path = path
    this.#prepare = prepare
    this.#checkReader = check
  }

  /** The connection for writes; throws what the disk says when there can be none. */
  writer(): Database.Database {
    if (this.#writer?.open) return this.#writer
    const writer = connectToWrite(this.#path)
    try {
      if (!settleLog(writer) && this.#isSuspect)
        throw Object.assign(new Error('the log is being read'), { code: 'SQLITE_BUSY' })
      this.#prepare(writer)
    } catch (error) {
      closeQuietly(writer)
      throw error
    }
    this.#writer = writer
    this.#isSuspect = false
    // A copy in memory does not see what is written from here on.
    if (this.#reader?.memory) this.#closeReader()
    return writer
  }

  reader(): Database.Database {
    if (this.#reader) return this.#reader
    const reader = connectToRead(this.#path)
    if (!this.#writer) this.#checkReader(reader)
    return (this.#reader = reader)
  }

  /** Empties the log, in which deleted rows stand as they were; false while somebody reads it. */
  settle(): boolean {
    return settleLog(this.writer())
  }

  /** Fail-stop: a writer that met a fault of the disk never writes again. */
  dropWriter(): void {
    closeQuietly(this.#writer)
    this.#writer = null
    this.#isSuspect = true
  }

  #closeReader(): void {
    closeQuietly(this.#reader)
    this.#reader = null
  }

  close(): void {
    this.#closeReader()
    this.#writer?.close()
  }
}

/** Closing folds the log into the file; on a broken disk that fails, and the log stays. */
function closeQuietly(connection: Database.Database | null): void {
  try {
    connection?.close()
  } catch {
    // The connection is closed all the same.
  }
}
