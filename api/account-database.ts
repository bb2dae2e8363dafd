import type Database from 'better-sqlite3'
import { Pool } from 'pg'
import { diskFaultOf } from '#sql/errors.ts'
import { connectToRead, connectToWrite, follow } from '#sql/sqlite-file.ts'

/** Where accounts live, apart from the ledger: no sign-in stands in its transactions. */
export interface AccountDatabase {
  handle: Database.Database | Pool
  close(): Promise<void>
}

const RETRY_MS = 1_000

/**
 * A SQLite file of the accounts' own. On a disk that takes no writes it is read, so that whoever
 * is signed in stays so; it is tried again every second whether the disk takes them again.
 */
export function openAccountFile(path: string, now: () => number = Date.now): AccountDatabase {
  let connection = open(path)
  let triedAt = now()
  const present = () => {
    if (!connection.readonly || now() - triedAt < RETRY_MS) return connection
    triedAt = now()
    const before = connection
    connection = open(path)
    before.close()
    return connection
  }
  return {
    handle: follow(present),
    close: () => {
      connection.close()
      return Promise.resolve()
    },
  }
}

function open(path: string): Database.Database {
  try {
    return connectToWrite(path)
  } catch (error) {
    if (diskFaultOf(error) === null) throw error
    return connectToRead(path)
  }
}

/** A schema of its own in the PostgreSQL database that also holds the ledger. */
export async function openAccountSchema(url: string): Promise<AccountDatabase> {
  const handle = new Pool({ connectionString: url, max: 4, options: '-c search_path=accounts' })
  // A connection that breaks while idle is replaced at its next use; unheard it would end us.
  handle.on('error', () => undefined)
  await handle.query('create schema if not exists accounts')
  return { handle, close: () => handle.end() }
}
