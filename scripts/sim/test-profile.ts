// What `npm test` plays: enough seeds to find a broken promise, the table of rules, and both
// engines side by side.
import { playRange, printRange, type RangeOptions } from './range.ts'
import { postgresFor } from './postgres-for-sim.ts'
import { playTable, printTable } from './table.ts'

const SEEDS = 300
const SEEDS_ON_BOTH = 50

export async function playTest(options: RangeOptions): Promise<boolean> {
  const sqlite: RangeOptions = { ...options, engine: 'sqlite', off: null }
  const isSound = printRange(await playRange(1, SEEDS, sqlite, ''))
  const isProved = printTable(await playTable(sqlite, ''))
  return (await playBoth(options)) && isSound && isProved
}

/** Where no PostgreSQL can be started the comparison is left out, and said so. */
async function playBoth(options: RangeOptions): Promise<boolean> {
  const postgres = await postgresFor('both').catch((error: unknown) => {
    if (process.env.CI) throw error
    console.warn(`PostgreSQL is left out: ${error instanceof Error ? error.message : 'none'}`)
    return null
  })
  if (!postgres) return true
  try {
    const both: RangeOptions = { ...options, engine: 'both', off: null }
    return printRange(await playRange(1, SEEDS_ON_BOTH, both, postgres.url))
  } finally {
    await postgres.stop()
  }
}
