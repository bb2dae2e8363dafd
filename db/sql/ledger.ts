import type { Engine, StatementWatch } from './engine.ts'
import { openPostgres } from './open-postgres.ts'
import { openSqlite } from './open-sqlite.ts'
import type { Ports } from './ports.ts'

export interface Ledger extends Engine {
  ports: Ports
}

/**
 * Opens the ledger and brings its tables up to date.
 * `url` is a SQLite file's path, `:memory:` (a temporary file), or `postgres://…`.
 * Throws LedgerError `unsafe-database` when an acknowledged write could be lost.
 */
export async function openLedger(
  url: string,
  ports: Ports,
  watch?: StatementWatch,
): Promise<Ledger> {
  const isPostgres = /^postgres(ql)?:\/\//.test(url)
  const engine = isPostgres ? await openPostgres(url, watch) : openSqlite(url, watch)
  return { ...engine, ports }
}
