// `npm run backup`: copies the ledger and the accounts while the server works, verifies the copy,
// and drops backups that need not be kept any longer. Ends with 0 only when the backup is good.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Config } from '#api/config.ts'
import { ACCOUNTS_FILE, backUpSqlite, type Manifest } from '#sql/backup.ts'
import { BackupError, folderName, KEEP, outdated, syncToDisk } from '#sql/backup-files.ts'
import { backUpPostgres } from './postgres-backup.ts'
import { settingsOrExit } from './serve.ts'

const PARTIAL = '.partial'
const STALE_MS = 86_400_000

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    to: { type: 'string' },
    hourly: { type: 'string', default: String(KEEP.hourly) },
    daily: { type: 'string', default: String(KEEP.daily) },
    weekly: { type: 'string', default: String(KEEP.weekly) },
    monthly: { type: 'string', default: String(KEEP.monthly) },
  },
})
if (values.data !== undefined) process.env['DATA_DIR'] = values.data
// Copies hold personal data: they are their owner's alone.
process.umask(0o077)

function countOf(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 0) return count
  throw new BackupError(`"${text}" is no number of backups to keep`)
}

/** Drops what is no longer to be kept, and what an interrupted run left behind. */
function prune(home: string, now: number): number {
  const { hourly, daily, weekly, monthly } = values
  const keep = {
    hourly: countOf(hourly),
    daily: countOf(daily),
    weekly: countOf(weekly),
    monthly: countOf(monthly),
  }
  const names = readdirSync(home)
  const isStale = (name: string) => now - statSync(join(home, name)).mtimeMs > STALE_MS
  const left = names.filter((name) => name.endsWith(PARTIAL) && isStale(name))
  const old = outdated(names, keep)
  for (const name of [...left, ...old]) rmSync(join(home, name), { recursive: true })
  return old.length
}

function make(config: Config, folder: string, now: number): Promise<Manifest> {
  if (config.isPostgres) return backUpPostgres(config.ledgerUrl, folder, now)
  const accounts = join(config.dataDir, ACCOUNTS_FILE)
  if (!existsSync(config.ledgerUrl))
    throw new BackupError(`There is no ledger at ${config.ledgerUrl}: set DATA_DIR or --data`)
  return backUpSqlite({ ledger: config.ledgerUrl, accounts }, folder, now)
}

/** A folder gets its name when it is good: whatever has the name of a backup is one. */
async function backUp(config: Config, now: number): Promise<void> {
  const home = values.to ?? join(config.dataDir, 'backups')
  const folder = join(home, folderName(now))
  const partial = `${folder}${PARTIAL}`
  if (existsSync(folder)) throw new BackupError(`${folder} is there already: wait a second`)
  mkdirSync(home, { recursive: true })
  mkdirSync(partial)
  try {
    const manifest = await make(config, partial, now)
    renameSync(partial, folder)
    syncToDisk(home)
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
    const seconds = ((Date.now() - now) / 1000).toFixed(1)
    const { op: ops = 0 } = manifest.counts
    console.log(`${folder}: ${ops} ops, ${megabytes(bytes)} MB, verified, in ${seconds} s`)
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    throw error
  }
  const dropped = prune(home, now)
  if (dropped > 0) console.log(`${dropped} older backups dropped`)
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}

try {
  await backUp(settingsOrExit({}), Date.now())
} catch (error) {
  console.error(error instanceof BackupError ? error.message : error)
  console.error('No backup was made.')
  process.exitCode = 1
}
