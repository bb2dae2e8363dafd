import { ACTIVITY_DAYS } from '#model/activity-window.ts'
import type { StatementWatch } from './engine.ts'
import { watchHeads } from './heads.ts'
import type { Ledger } from './ledger.ts'
import { openPostgres } from './open-postgres.ts'
import { openSqlite, openSqliteToRead } from './open-sqlite.ts'
import type { Ports } from './ports.ts'
import { restate, type Restated } from './restate.ts'

function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url)
}

export interface Opening {
  /** Dates a restatement. */
  clock?: () => number
  /** Is told when figures were counted anew. */
  restated?: (restated: Restated) => void
}

/**
 * Opens the ledger and brings its tables and figures up to date.
 * `url` is a SQLite file's path, `:memory:` (a temporary file), or `postgres://…`.
 * Throws LedgerError `unsafe-database` when an acknowledged write could be lost.
 */
export async function openLedger(
  url: string,
  ports: Ports,
  watch?: StatementWatch,
  { clock = Date.now, restated }: Opening = {},
): Promise<Ledger> {
  const engine = isPostgresUrl(url) ? await openPostgres(url, watch) : openSqlite(url, watch)
  const ledger = { ...engine, ...watchHeads(engine), ports, activityDays: ACTIVITY_DAYS.standard }
  // Brings the window that the chain has with it.
  const done = await restate(ledger, clock)
  if (done) restated?.(done)
  return ledger
}

/** Opens the ledger for reading alone: a SQLite file, such as a backup's, is not changed at all. */
export async function openLedgerToRead(url: string, ports: Ports): Promise<Ledger> {
  const engine = isPostgresUrl(url) ? await openPostgres(url) : openSqliteToRead(url)
  // A backup of an old program may not know of windows, and nobody counts figures in it.
  const activityDays = ACTIVITY_DAYS.standard
  return { ...engine, ...watchHeads(engine), ports, activityDays }
}
