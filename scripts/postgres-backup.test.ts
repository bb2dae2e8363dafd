// What is at stake: a backup that nobody can restore, found out on the day it is needed. Dumps are
// made by PostgreSQL's own programs, which must be of the server's version or a later one.
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, inject, test, type TestContext } from 'vitest'
import { openAccountSchema } from '#api/account-database.ts'
import { openAccounts } from '#api/accounts.ts'
import { BackupError } from '#sql/backup-files.ts'
import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { enrolTablet, id, makeChain, MONDAY_10AM } from '#sql/test-ledger.ts'
import { administer, backUpPostgres, DUMP_FILE, urlOfDatabase } from './postgres-backup.ts'
import { restorePostgres } from './postgres-restore.ts'

let folder = ''
let url = ''

async function versionOfServer(): Promise<number> {
  const sql = "select current_setting('server_version_num')::int / 10000 as major"
  return administer(inject('postgresUrl'), async (client) => {
    const { rows } = await client.query<{ major: number }>(sql)
    return rows[0]?.major ?? 0
  })
}

function versionOfDump(): number {
  try {
    return Number(/ (\d+)\./.exec(execFileSync('pg_dump', ['--version']).toString())?.[1] ?? 0)
  } catch {
    return 0 // Not on this machine.
  }
}

/** Says why where the programs are missing or too old. */
async function needsPrograms(context: TestContext): Promise<void> {
  if (inject('postgresUrl') === '') context.skip('no PostgreSQL can be started here')
  const [server, dump] = [await versionOfServer(), versionOfDump()]
  if (dump < server)
    context.skip(`pg_dump of version ${server} is needed, here is ${dump || 'none'}`)
}

beforeEach(async (context) => {
  await needsPrograms(context)
  folder = mkdtempSync(join(tmpdir(), 'regulars-dump-'))
  const name = `backup_${randomUUID().replaceAll('-', '')}`
  url = urlOfDatabase(inject('postgresUrl'), name)
  await administer(url, (client) =>
    client.query(`create database ${name} template ${inject('emptyLedger')}`),
  )
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function withLedger<T>(work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await openLedger(url, nodePorts)
  try {
    return await work(ledger)
  } finally {
    await ledger.close()
  }
}

/** A chain with accounts and a tablet; `before` stands in the backup and `after` came later. */
async function backedUpChain() {
  const settings = { secret: 'x'.repeat(32), publicOrigin: null, isHttps: false }
  const accounts = await openAccounts(await openAccountSchema(url), settings)
  await accounts.close()
  const [before, after] = [id(), id()]
  const chain = await withLedger(async (ledger) => {
    const made = await makeChain(ledger)
    const tablet = await enrolTablet(made, 0)
    await tablet.push([tablet.customer(before)])
    await backUpPostgres(url, folder, MONDAY_10AM)
    await tablet.push([tablet.customer(after)])
    return made
  })
  return { before, after, stores: chain.stores }
}

async function customersIn(place: string): Promise<string[]> {
  const ledger = await openLedger(place, nodePorts)
  const rows = await ledger.db.select({ id: ledger.t.customer.id }).from(ledger.t.customer)
  await ledger.close()
  return rows.map((row) => row.id).sort()
}

test('a dump made while the server works is put in place, and what was there is kept', async () => {
  const { before, after } = await backedUpChain()
  const { aside, since } = await restorePostgres(folder, url, MONDAY_10AM + 1)
  expect(await customersIn(url)).toEqual([before])
  expect(await customersIn(urlOfDatabase(url, aside ?? ''))).toEqual([before, after].sort())
  expect(since).toMatchObject({ tabletOps: 1, newTablets: 0, notErased: [] })
  // No database is left over from proving the dump or from the restore.
  const { rows } = await administer(url, (client) =>
    client.query<{ n: number }>(
      "select count(*)::int as n from pg_database where datname ~ '_check_|_restoring_'",
    ),
  )
  expect(rows[0]?.n).toBe(0)
})

test('a restore refuses while somebody uses the database, and a dump that was damaged', async () => {
  await backedUpChain()
  const server = new pg.Client({ connectionString: url })
  await server.connect()
  await expect(restorePostgres(folder, url, MONDAY_10AM)).rejects.toThrow(/in use by 1/)
  await server.end()
  const dump = join(folder, DUMP_FILE)
  const bytes = await readFile(dump)
  const middle = Math.floor(bytes.length / 2)
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  await writeFile(dump, bytes)
  await expect(restorePostgres(folder, url, MONDAY_10AM)).rejects.toThrow(BackupError)
  expect(await customersIn(url)).toHaveLength(2)
})
