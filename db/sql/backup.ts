import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { asc, getTableName, sql } from 'drizzle-orm'
import { SCHEMA } from '#model/op.ts'
import { BackupError, hashFile, syncToDisk } from './backup-files.ts'
import type { Ledger } from './ledger.ts'
import { openLedgerToRead } from './open-ledger.ts'
import { nodePorts } from './ports.ts'
import { verifyChains } from './verify.ts'

// Copies of the ledger and of the accounts that can be relied on: taken from one moment while
// work goes on, synced to the disk, and read back before anybody calls them a backup.

const FORMAT = 1
const MANIFEST = 'manifest.json'
export const LEDGER_FILE = 'ledger.sqlite'
export const ACCOUNTS_FILE = 'accounts.sqlite'

/** What a backup says of itself, in `manifest.json`. Times in ms, sizes in bytes. */
export interface Manifest {
  format: typeof FORMAT
  made_at: number
  engine: 'sqlite' | 'postgres'
  /** Schema of ops, and the time of the newest migration of the tables. */
  schema: { ops: number; tables: number }
  files: { name: string; bytes: number; sha256: string }[]
  /** Rows of every table of the ledger. */
  counts: Record<string, number>
  /** Where each feed and each device's chain stood. */
  feeds: { store_id: string; seq: number }[]
  devices: { store_id: string; device_id: string; last_n: number; last_hash: string }[]
}

/**
 * Writes a consistent copy of a SQLite file that others may be writing to, and syncs it. The copy
 * is one transaction's view and holds no erased content of free pages. Readers and writers go on.
 */
export function copySqlite(from: string, to: string): void {
  const source = new Database(from, { readonly: true, fileMustExist: true })
  try {
    source.pragma('busy_timeout = 5000')
    source.prepare('vacuum into ?').run(to)
  } finally {
    source.close()
  }
  syncToDisk(to)
}

/**
 * Backs up a ledger's file and, where there is one, the accounts' file into the folder, and
 * verifies the result. Throws BackupError when it is not as good as the original.
 */
export async function backUpSqlite(
  files: { ledger: string; accounts: string },
  folder: string,
  now: number,
): Promise<Manifest> {
  // Accounts first: a person without an account can be given one, the other way round is odd.
  if (existsSync(files.accounts)) copySqlite(files.accounts, join(folder, ACCOUNTS_FILE))
  copySqlite(files.ledger, join(folder, LEDGER_FILE))
  const names = [LEDGER_FILE, ACCOUNTS_FILE].filter((name) => existsSync(join(folder, name)))
  const ledger = await openLedgerToRead(join(folder, LEDGER_FILE), nodePorts)
  try {
    await writeManifest(folder, names, await describeLedger(ledger), now)
  } finally {
    await ledger.close()
  }
  return verifyBackup(folder)
}

type Described = Omit<Manifest, 'format' | 'made_at' | 'files'>

/** Writes down what lies in a backup's folder, and syncs it. */
export async function writeManifest(
  folder: string,
  names: readonly string[],
  described: Described,
  now: number,
): Promise<void> {
  const files: Manifest['files'] = []
  for (const name of names) {
    const path = join(folder, name)
    files.push({ name, bytes: statSync(path).size, sha256: await hashFile(path) })
  }
  const manifest: Manifest = { format: FORMAT, made_at: now, files, ...described }
  writeFileSync(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`)
  syncToDisk(join(folder, MANIFEST))
  syncToDisk(folder)
}

/** What a ledger holds at the moment, as a manifest tells it. */
export async function describeLedger(ledger: Ledger): Promise<Described> {
  const { feedHead, deviceState: state } = ledger.t
  const { store_id, device_id, last_n, last_hash } = state
  const counts: Record<string, number> = {}
  for (const table of Object.values(ledger.t)) {
    const [row] = await ledger.db.select({ rows: sql<number>`count(*)` }).from(table)
    counts[getTableName(table)] = Number(row?.rows ?? 0)
  }
  return {
    engine: ledger.dialect,
    schema: { ops: SCHEMA, tables: await newestMigration(ledger) },
    counts,
    feeds: await ledger.db
      .select({ store_id: feedHead.store_id, seq: feedHead.seq })
      .from(feedHead)
      .orderBy(asc(feedHead.store_id)),
    devices: await ledger.db
      .select({ store_id, device_id, last_n, last_hash })
      .from(state)
      .orderBy(asc(store_id), asc(device_id)),
  }
}

async function newestMigration(ledger: Ledger): Promise<number> {
  const table =
    ledger.dialect === 'sqlite' ? '__drizzle_migrations' : 'drizzle.__drizzle_migrations'
  const [row] = await ledger.db.select({ at: sql<number>`max(created_at)` }).from(sql.raw(table))
  return Number(row?.at ?? 0)
}

/** What a folder says of itself. Throws BackupError when it is no backup. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST)
  if (!existsSync(path)) throw new BackupError(`${folder} is no backup: it has no ${MANIFEST}`)
  try {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest
    if (manifest.format === FORMAT) return manifest
  } catch {
    throw new BackupError(`${path} cannot be read`)
  }
  throw new BackupError(`${folder} is a backup of a later version`)
}

/**
 * Reads a backup whole: its files are those that were written, the database is sound, every op
 * fits its chain, every chain ends where the manifest says. Throws BackupError otherwise.
 */
export async function verifyBackup(folder: string): Promise<Manifest> {
  const manifest = readManifest(folder)
  for (const { name, sha256 } of manifest.files) {
    const path = join(folder, name)
    if (!existsSync(path)) throw new BackupError(`${path} is missing`)
    if ((await hashFile(path)) !== sha256)
      throw new BackupError(`${path} is not as it was written: its SHA-256 is another one`)
    if (manifest.engine === 'sqlite') checkIntegrity(path)
  }
  if (manifest.engine === 'sqlite') await verifyLedgerFile(join(folder, LEDGER_FILE), manifest)
  return manifest
}

function checkIntegrity(path: string): void {
  const file = new Database(path, { readonly: true })
  try {
    const [found] = file.pragma('integrity_check(1)') as { integrity_check: string }[]
    if (found?.integrity_check !== 'ok')
      throw new BackupError(`${path} is damaged: ${found?.integrity_check ?? 'unreadable'}`)
  } finally {
    file.close()
  }
}

async function verifyLedgerFile(path: string, manifest: Manifest): Promise<void> {
  const ledger = await openLedgerToRead(path, nodePorts)
  try {
    await verifyAgainst(ledger, manifest)
  } finally {
    await ledger.close()
  }
}

/** Throws BackupError unless the ledger is whole and stands where the manifest says. */
export async function verifyAgainst(ledger: Ledger, manifest: Manifest): Promise<void> {
  const { broken } = await verifyChains(ledger, () => undefined)
  if (broken > 0) throw new BackupError(`${broken} faults in the ops: see npm run verify`)
  const { counts, feeds, devices } = await describeLedger(ledger)
  const text = (described: object) => JSON.stringify(described)
  const isSame =
    text(counts) === text(manifest.counts) &&
    text(feeds) === text(manifest.feeds) &&
    text(devices) === text(manifest.devices)
  if (!isSame) throw new BackupError('the ledger holds something else than its manifest says')
}
