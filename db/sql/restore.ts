import { constants, copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { and, asc, eq, gt, lte } from 'drizzle-orm'
import { CHAIN } from '#model/id.ts'
import { ACCOUNTS_FILE, LEDGER_FILE, type Manifest, verifyBackup } from './backup.ts'
import { BackupError, folderName, syncToDisk } from './backup-files.ts'
import { codeOf } from './errors.ts'
import type { Ledger } from './ledger.ts'
import { openLedger } from './open-ledger.ts'
import { nodePorts } from './ports.ts'
import { carryOver, type Present, readPresent, type Since } from './since-backup.ts'

const LOCK_WAIT_MS = 1_000

/**
 * Gives every feed and every device's counter a new epoch, as a restored ledger must: a device
 * that meets one offers again what the server no longer has, and pulls its feeds anew. Packed
 * parts of what the ledger still holds go on under the new epoch. Notes the restore as an event
 * of the chain; `madeAt` is when the backup was made, when that is known.
 */
export async function renewEpochs(
  ledger: Ledger,
  now: number,
  madeAt: number | null = null,
): Promise<void> {
  const { feedHead, deviceState, part, deviceEvent } = ledger.t
  const { uuid } = ledger.ports
  await ledger.tx(async (db) => {
    for (const { store_id, seq } of await db
      .select()
      .from(feedHead)
      .orderBy(asc(feedHead.store_id))) {
      const epoch = uuid()
      await db.update(feedHead).set({ epoch }).where(eq(feedHead.store_id, store_id))
      const ofFeed = eq(part.store_id, store_id)
      await db
        .update(part)
        .set({ epoch })
        .where(and(ofFeed, lte(part.seq, seq)))
      await db.delete(part).where(and(ofFeed, gt(part.seq, seq)))
    }
    const { store_id, device_id } = deviceState
    const devices = await db.select({ store_id, device_id }).from(deviceState)
    for (const device of devices)
      await db
        .update(deviceState)
        .set({ epoch: uuid() })
        .where(and(eq(store_id, device.store_id), eq(device_id, device.device_id)))
    await db.insert(deviceEvent).values({
      store_id: CHAIN,
      device_id: CHAIN,
      at: now,
      id: uuid(),
      kind: 'restored',
      detail: { made_at: madeAt },
    })
  })
}

/** What a restore did. */
export interface Restored {
  manifest: Manifest
  /** What the present ledger had beyond the backup; null when it could not be read. */
  since: Since | null
  /** The file that the present ledger was put aside as; null when there was none. */
  aside: string | null
}

/**
 * Puts a backup in place of the ledger and the accounts in `dataDir`. What is there is put aside,
 * never deleted, and is in place until the restored file is complete. `isStopped` is the
 * operator's word that no server runs, for a file so broken that it cannot be asked.
 * Throws BackupError; then nothing has changed.
 */
export async function restoreSqlite(
  backup: string,
  dataDir: string,
  now: number,
  isStopped = false,
): Promise<Restored> {
  const manifest = await verifyBackup(backup)
  if (manifest.engine !== 'sqlite')
    throw new BackupError(`${backup} is of PostgreSQL: set DATABASE_URL to restore it`)
  const ledger = join(dataDir, LEDGER_FILE)
  const accounts = join(dataDir, ACCOUNTS_FILE)
  const present = await readPresent(ledger)
  const locks = [lock(ledger, isStopped), lock(accounts, isStopped)]
  try {
    copyOf(join(backup, LEDGER_FILE), incoming(ledger))
    const since = await prepareLedger(incoming(ledger), present, now, manifest.made_at)
    const hasAccounts = existsSync(join(backup, ACCOUNTS_FILE))
    if (hasAccounts) copyOf(join(backup, ACCOUNTS_FILE), incoming(accounts))
    if (hasAccounts) endSessions(incoming(accounts))
    const aside = swap(ledger, now)
    if (hasAccounts) swap(accounts, now)
    return { manifest, since, aside }
  } finally {
    for (const path of [ledger, accounts]) removeFile(incoming(path))
    for (const connection of locks) connection?.close()
  }
}

/** Throws BackupError while a server, or anybody else, has the file open. */
export function checkUnused(path: string): void {
  lock(path, false)?.close()
}

function incoming(path: string): string {
  return `${path}.restoring`
}

/**
 * Keeps everybody out of the present file, its log folded in, until the swap is done. Leaving the
 * WAL mode needs the file alone, so it fails while a server has it open.
 */
function lock(path: string, isStopped: boolean): Database.Database | null {
  if (!existsSync(path)) return null
  const connection = new Database(path, { timeout: LOCK_WAIT_MS })
  try {
    connection.pragma('locking_mode = EXCLUSIVE')
    connection.pragma('journal_mode = DELETE')
    connection.exec('BEGIN EXCLUSIVE')
    return connection
  } catch (error) {
    connection.close()
    if (/^SQLITE_(BUSY|LOCKED)/.test(codeOf(error)))
      throw new BackupError(`${path} is in use: stop the server first`)
    if (isStopped) return null
    throw new BackupError(
      `${path} cannot be read, so it does not tell whether a server uses it. ` +
        'Make sure that none runs and say so with --stopped.',
    )
  }
}

function removeFile(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
}

function copyOf(from: string, to: string): void {
  removeFile(to)
  copyFileSync(from, to, constants.COPYFILE_FICLONE)
}

async function prepareLedger(path: string, present: Present | null, now: number, madeAt: number) {
  const ledger = await openLedger(path, nodePorts)
  let since: Since | null = null
  try {
    if (ledger.writes.trouble) throw new BackupError(`${path} cannot be written`)
    await renewEpochs(ledger, now, madeAt)
    if (present) since = await carryOver(ledger, present, now)
  } finally {
    await ledger.close()
  }
  syncToDisk(path)
  return since
}

/** Whoever was signed in signs in again: a session that was ended since must not come back. */
function endSessions(path: string): void {
  const file = new Database(path)
  try {
    file.exec('delete from session')
  } finally {
    file.close()
  }
  syncToDisk(path)
}

/** The present file gets a second name, then the restored one takes its first, in one step. */
function swap(path: string, now: number): string | null {
  const aside = existsSync(path) ? `${path}.before-${folderName(now)}` : null
  if (aside) nameAgain(path, aside)
  // A log is there only of a file that could not be read; it belongs to it. The index is made anew.
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${aside ?? `${path}.lost`}-wal`)
  rmSync(`${path}-shm`, { force: true })
  renameSync(incoming(path), path)
  syncToDisk(dirname(path))
  return aside
}

function nameAgain(path: string, name: string): void {
  try {
    linkSync(path, name)
  } catch (error) {
    if (!/^(EPERM|ENOTSUP|EMLINK)$/.test(codeOf(error))) throw error
    copyFileSync(path, name, constants.COPYFILE_EXCL) // A disk without hard links.
  }
}
