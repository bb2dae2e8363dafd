// Backups of PostgreSQL are made with its own tools, and verified by restoring them into a new
// database beside the real one.
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import {
  describeLedger,
  type Manifest,
  readManifest,
  verifyAgainst,
  writeManifest,
} from '#sql/backup.ts'
import { BackupError, syncToDisk } from '#sql/backup-files.ts'
import { openLedgerToRead } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'

const run = promisify(execFile)
export const DUMP_FILE = 'regulars.dump'
const OUTPUT_MAX_BYTES = 16 * 1024 * 1024

/** Runs one of PostgreSQL's tools; the password travels by environment, where `ps` shows none. */
async function runTool(tool: 'pg_dump' | 'pg_restore', url: string, args: string[]): Promise<void> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  const env = {
    ...process.env,
    PGHOST: decodeURIComponent(hostname),
    PGPORT: port || '5432',
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    ...(searchParams.has('sslmode') ? { PGSSLMODE: searchParams.get('sslmode') ?? '' } : {}),
  }
  try {
    await run(tool, args, { env, maxBuffer: OUTPUT_MAX_BYTES })
  } catch (error) {
    throw new BackupError(wordsFor(tool, error))
  }
}

function wordsFor(tool: string, error: unknown): string {
  if (!(error instanceof Error)) return `${tool} failed`
  if ('code' in error && error.code === 'ENOENT')
    return (
      `${tool} is not to be found: install PostgreSQL's client programs of your server's ` +
      'version or a later one (Debian: postgresql-client), or put their folder into PATH'
    )
  return 'stderr' in error ? `${tool} failed:\n${String(error.stderr).trim()}` : error.message
}

export function urlOfDatabase(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${encodeURIComponent(name)}`
  return other.href
}

/** Runs statements on the server, outside the ledger's own database. */
export async function administer<T>(url: string, work: (client: pg.Client) => Promise<T>) {
  const client = new pg.Client({ connectionString: urlOfDatabase(url, 'postgres') })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Restores a dump into a new database of the server and gives its address. */
export async function restoreDump(url: string, folder: string, name: string): Promise<string> {
  const target = urlOfDatabase(url, name)
  await administer(url, async (client) => {
    const quoted = pg.escapeIdentifier(name)
    await client.query(`create database ${quoted} template template0 lc_collate 'C' lc_ctype 'C'`)
  }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : 'unknown'
    throw new BackupError(`A database to restore into cannot be made: ${why}`)
  })
  const args = ['--exit-on-error', '--no-owner', '--dbname', name, join(folder, DUMP_FILE)]
  await runTool('pg_restore', target, args).catch(async (error: unknown) => {
    await dropDatabase(url, name)
    throw error
  })
  return target
}

export async function dropDatabase(url: string, name: string): Promise<void> {
  await administer(url, (client) =>
    client.query(`drop database if exists ${pg.escapeIdentifier(name)}`),
  )
}

/** Dumps ledger and accounts as of one moment, and proves the dump by restoring it. */
export async function backUpPostgres(url: string, folder: string, now: number): Promise<Manifest> {
  await runTool('pg_dump', url, ['--format=custom', '--file', join(folder, DUMP_FILE)])
  syncToDisk(join(folder, DUMP_FILE))
  const name = `regulars_check_${randomUUID().replaceAll('-', '')}`
  const copy = await restoreDump(url, folder, name)
  try {
    const ledger = await openLedgerToRead(copy, nodePorts)
    try {
      await writeManifest(folder, [DUMP_FILE], await describeLedger(ledger), now)
      const manifest = readManifest(folder)
      await verifyAgainst(ledger, manifest)
      return manifest
    } finally {
      await ledger.close()
    }
  } finally {
    await dropDatabase(url, name)
  }
}
