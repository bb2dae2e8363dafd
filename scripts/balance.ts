// `npm run balance`: a year of a chain of 12 stores in 3 regions, and whether its statements
// balance. `-- --customers 20000 --seed S --engine sqlite|postgres|both`
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { balanceOf, figuresHash, peakMb, tell } from './balance/run.ts'
import { postgresFor } from './sim/postgres-for-sim.ts'

const FAULTS_SHOWN = 20
const TEXT = { type: 'string' } as const
const { values } = parseArgs({ options: { customers: TEXT, seed: TEXT, engine: TEXT } })
const customers = Number(values.customers ?? 20_000)
const seed = values.seed ?? 'balance'
const engines = { sqlite: ['sqlite'], postgres: ['postgres'], both: ['sqlite', 'postgres'] }
const asked = values.engine ?? 'sqlite'
if (!Number.isInteger(customers) || customers < 1 || !(asked in engines)) {
  console.error('usage: npm run balance -- [--customers 20000] [--engine sqlite|postgres|both]')
  process.exit(2)
}

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(0)} s`

/** Tells one ledger the year and checks it. Gives the hash of its figures, or null on a fault. */
async function prove(
  name: string,
  url: string,
  order: 'as it came' | 'shuffled',
): Promise<string | null> {
  const start = performance.now()
  const { ledger, applied } = await tell(url, { customers, seed }, order)
  console.log(`${name}, ${order}: ${applied} ops in ${seconds(start)}`)
  const checking = performance.now()
  const { checks, faults } = await balanceOf(ledger)
  console.log(`  ${checks} sums compared in ${seconds(checking)}, ${faults.length} faults`)
  for (const fault of faults.slice(0, FAULTS_SHOWN)) console.log(`  !! ${fault}`)
  const hash = await figuresHash(ledger)
  await ledger.close()
  return faults.length === 0 ? hash : null
}

const folder = mkdtempSync(join(tmpdir(), 'regulars-balance-'))
const postgres = asked === 'sqlite' ? null : await postgresFor('postgres')
const hashes: (string | null)[] = []
try {
  if (asked !== 'postgres') {
    hashes.push(await prove('sqlite', join(folder, 'a.sqlite'), 'as it came'))
    hashes.push(await prove('sqlite', join(folder, 'b.sqlite'), 'shuffled'))
  }
  if (postgres) hashes.push(await prove('postgres', postgres.url, 'as it came'))
} finally {
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
}
const isOne = hashes.every((hash) => hash !== null && hash === hashes[0])
console.log(isOne ? 'one state on all of them' : 'FAILED: a fault, or states that differ')
console.log(`peak memory ${peakMb() ?? 'unknown'} MB`)
process.exit(isOne ? 0 : 1)
