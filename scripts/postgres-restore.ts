// Restoring a dump of PostgreSQL: into a new database, which then takes the name of the old one.
import pg from 'pg'
import { type Manifest, verifyAgainst, verifyBackup } from '#sql/backup.ts'
import { BackupError, folderName } from '#sql/backup-files.ts'
import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { renewEpochs, type Restored } from '#sql/restore.ts'
import { carryOver, readPresent } from '#sql/since-backup.ts'
import { administer, dropDatabase, restoreDump } from './postgres-backup.ts'

/** Throws BackupError while anybody is connected to the database. */
export async function refuseUsers(url: string): Promise<void> {
  const name = nameIn(url)
  const users = await countUsers(url, name)
  if (users === 0) return
  throw new BackupError(`${name} is in use by ${users} connections: stop the server first`)
}

function nameIn(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1))
}

/** How many others are connected to a database: a server that runs, most likely. */
async function countUsers(url: string, name: string): Promise<number> {
  return administer(url, async (client) => {
    const sql = 'select count(*)::int as users from pg_stat_activity where datname = $1'
    const { rows } = await client.query<{ users: number }>(sql, [name])
    return rows[0]?.users ?? 0
  })
}

async function prepare(ledger: Ledger, url: string, manifest: Manifest, now: number) {
  await verifyAgainst(ledger, manifest)
  const present = await readPresent(url)
  await renewEpochs(ledger, now, manifest.made_at)
  return present ? carryOver(ledger, present, now) : null
}

async function endSessions(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('delete from accounts.session')
  } finally {
    await client.end()
  }
}

/**
 * Puts a dump in place of the database. The present one keeps everything under another name. The
 * role must be the owner of the database and may make databases. Throws BackupError; then nothing
 * has changed.
 */
export async function restorePostgres(folder: string, url: string, now: number): Promise<Restored> {
  const manifest = await verifyBackup(folder)
  if (manifest.engine !== 'postgres')
    throw new BackupError(`${folder} is of SQLite: unset DATABASE_URL to restore it`)
  const name = nameIn(url)
  await refuseUsers(url)
  const stamp = folderName(now).replaceAll(/[-:]/g, '').toLowerCase()
  const incoming = `${name}_restoring_${stamp}`
  const target = await restoreDump(url, folder, incoming)
  try {
    const ledger = await openLedger(target, nodePorts)
    const since = await prepare(ledger, url, manifest, now).finally(() => ledger.close())
    await endSessions(target)
    await refuseUsers(url)
    const aside = `${name}_before_${stamp}`
    await swap(url, name, incoming, aside)
    return { manifest, since, aside }
  } catch (error) {
    await dropDatabase(url, incoming)
    throw error
  }
}

async function swap(url: string, name: string, incoming: string, aside: string): Promise<void> {
  const quoted = pg.escapeIdentifier
  await administer(url, async (client) => {
    const rename = (from: string, to: string) =>
      client.query(`alter database ${quoted(from)} rename to ${quoted(to)}`)
    await rename(name, aside)
    try {
      await rename(incoming, name)
    } catch (error) {
      await rename(aside, name)
      throw error
    }
  })
}
