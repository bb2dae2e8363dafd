import Database from 'better-sqlite3'
import { Pool } from 'pg'

/** Where accounts live, apart from the ledger: no sign-in stands in its transactions. */
export interface AccountDatabase {
  handle: Database.Database | Pool
  close(): Promise<void>
}

/** A SQLite file of the accounts' own. */
export function openAccountFile(path: string): AccountDatabase {
  const handle = new Database(path)
  handle.pragma('journal_mode = WAL')
  handle.pragma('synchronous = FULL')
  handle.pragma('busy_timeout = 5000')
  return {
    handle,
    close: () => {
      handle.close()
      return Promise.resolve()
    },
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
