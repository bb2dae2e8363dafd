// `npm run restore -- <backup>`: puts a backup in place of the ledger and the accounts, while no
// server runs. What is there is put aside. Tablets then bring back what the backup lacks.
import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Config } from '#api/config.ts'
import { type Restored, restoreSqlite } from '#sql/restore.ts'
import { BackupError } from '#sql/backup-files.ts'
import type { Since } from '#sql/since-backup.ts'
import { restorePostgres } from './postgres-restore.ts'
import { settingsOrExit } from './serve.ts'

const USAGE = 'usage: npm run restore -- <folder of a backup> [--data DIR] [--stopped]'

const { values, positionals } = parseArgs({
  options: { data: { type: 'string' }, stopped: { type: 'boolean' } },
  allowPositionals: true,
})
if (values.data !== undefined) process.env['DATA_DIR'] = values.data
const [backup] = positionals
if (backup === undefined || positionals.length > 1) {
  console.error(USAGE)
  process.exit(2)
}
process.umask(0o077)

function restore(config: Config, folder: string, now: number): Promise<Restored> {
  if (config.isPostgres) return restorePostgres(folder, config.ledgerUrl, now)
  mkdirSync(config.dataDir, { recursive: true })
  return restoreSqlite(folder, config.dataDir, now, values.stopped ?? false)
}

function tell({ manifest, since, aside }: Restored): void {
  const time = new Date(manifest.made_at).toISOString()
  console.log(`Restored as of ${time}. Everybody at the desk signs in again.`)
  if (aside) console.log(`What was there is kept as ${aside}`)
  for (const line of since ? linesOf(since) : unknownSince(aside)) console.log(line)
}

function linesOf(since: Since): string[] {
  const { tabletOps, emptiedOps, otherOps, newTablets, revokedAgain, erasedAgain, notErased } =
    since
  return [
    `Written since by tablets: ${tabletOps} changes. They come back as the tablets sync.`,
    `Written since at the desk or by imports: ${otherOps} changes. They have to be made again.`,
    ...(emptiedOps > 0
      ? [
          `Written since by tablets that were emptied: ${emptiedOps} changes. Nobody brings them back.`,
        ]
      : []),
    ...(newTablets > 0 ? [`Tablets to enrol again: ${newTablets}`] : []),
    ...(revokedAgain > 0 ? [`Devices revoked again: ${revokedAgain}`] : []),
    ...(erasedAgain > 0 ? [`Customers forgotten again: ${erasedAgain}`] : []),
    ...notErased.map((id) => `NOT forgotten again, see to it: customer ${id}`),
  ]
}

function unknownSince(aside: string | null): string[] {
  if (aside === null) return ['There was no ledger that could tell what was written since.']
  return [
    'What was there cannot be read, so what the desk wrote since is not known.',
    'Revoke again the devices that were revoked since, and forget again who asked to be forgotten.',
  ]
}

try {
  tell(await restore(settingsOrExit({}), backup, Date.now()))
} catch (error) {
  console.error(error instanceof BackupError ? error.message : error)
  console.error('Nothing was restored; what was there is in place.')
  process.exitCode = 1
}
