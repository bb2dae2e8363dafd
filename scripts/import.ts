// Imports stores, customers and visits from a folder of CSV files; README.md shows how.
// Exit codes: 0 all went in, 1 rows were rejected, 2 nothing could be read or written.
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, loadConfig } from '#api/config.ts'
import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { listReference } from '#sql/reference.ts'
import { rollUp } from '#sql/rollup.ts'
import { type Findings, openFindings } from './import/findings.ts'
import { ImportError } from './import/import-error.ts'
import { type Mapping, readMapping } from './import/mapping.ts'
import { type Options, readOptions } from './import/options.ts'
import { progressTo } from './import/progress.ts'
import { type Outcome, runImport } from './import/run.ts'
import { summarise } from './import/summary.ts'

const PASSWORD_BYTES = 12
const MARKS_PER_TURN = 20_000

function settingsOf(options: Options): Config {
  const data = options.dataDir === null ? {} : { DATA_DIR: options.dataDir }
  return loadConfig({ ...process.env, ...data })
}

function requireFolder(folder: string): void {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new ImportError(`${folder}: there is no such folder`)
}

/** Regions and chain are rolled up here, so that the figures are whole when the command ends. */
async function rollUpAll(ledger: Ledger): Promise<void> {
  let left = await rollUp(ledger, MARKS_PER_TURN)
  while (left > 0) {
    console.log(`rollups: ${left} days left`)
    left = await rollUp(ledger, MARKS_PER_TURN)
  }
}

/** An import that founds the chain leaves an administrator who cannot sign in yet. */
async function giveAdminAccount(config: Config, ledger: Ledger, email: string): Promise<void> {
  const staff = await listReference(ledger, 'staff')
  const admin = staff.find((one) => one['role'] === 'admin' && one['state'] !== 'left')
  if (!admin) throw new ImportError('the chain has no active administrator')
  // Loaded here, because a server is much to load for a command that mostly does without.
  const { openAccountsOf } = await import('#api/server.ts')
  const accounts = await openAccountsOf(config)
  try {
    const password = randomBytes(PASSWORD_BYTES).toString('base64url')
    const account = { staff_id: admin.id, email, password }
    if (!(await accounts.changeAccount(account))) await accounts.createAccount(account)
    console.log(`\nDesk account of ${String(admin['name'])}: ${email}  password ${password}`)
  } finally {
    await accounts.close()
  }
}

async function importInto(
  ledger: Ledger | null,
  options: Options,
  mapping: Mapping,
  findings: Findings,
): Promise<Outcome> {
  const { onRow } = progressTo((line) => console.log(line), Date.now)
  const { folder } = options
  const outcome = await runImport({ folder, mapping, ledger, findings, now: Date.now, onRow })
  console.log(`\n${summarise(outcome, findings, ledger === null)}`)
  return outcome
}

async function importForReal(
  options: Options,
  mapping: Mapping,
  config: Config,
  findings: Findings,
): Promise<void> {
  const ledger = await openLedger(config.ledgerUrl, nodePorts)
  try {
    const { isNewChain } = await importInto(ledger, options, mapping, findings)
    await rollUpAll(ledger)
    if (options.admin !== null) await giveAdminAccount(config, ledger, options.admin)
    else if (isNewChain)
      console.log('\nThe chain is new and nobody can sign in: run again with --admin <e-mail>.')
  } finally {
    await ledger.close()
  }
}

async function main(options: Options): Promise<number> {
  requireFolder(options.folder)
  const mapping = readMapping(options.mapping)
  const config = options.isDry ? null : settingsOf(options)
  if (config) await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const beside = config ? join(config.dataDir, `import-${mapping.source}-rejects.csv`) : null
  const rejects = options.rejects ?? beside
  const findings = openFindings(rejects)
  const startedAt = performance.now()
  try {
    if (config) await importForReal(options, mapping, config, findings)
    else await importInto(null, options, mapping, findings)
  } finally {
    await findings.close()
  }
  console.log(`\n${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  if (findings.counts.size > 0 && rejects !== null) console.log(`Findings are listed in ${rejects}`)
  return findings.countOf('reject') > 0 && !options.allowsRejects ? 1 : 0
}

try {
  process.exitCode = await main(readOptions(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof ImportError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
