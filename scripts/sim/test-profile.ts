// What `npm test` plays: enough seeds to find a broken promise, the table of rules, and the same
// seeds on PostgreSQL, which must tell the same stories and end in the same states.
import { playRange, printRange, type RangeOptions, type RangeResult } from './range.ts'
import { postgresFor } from './postgres-for-sim.ts'
import { playTable, printTable } from './table.ts'

const SEEDS = 300
const SEEDS_ON_BOTH = 50

export async function playTest(options: RangeOptions): Promise<boolean> {
  const sqlite: RangeOptions = { ...options, engine: 'sqlite', off: null }
  const played = await playRange(1, SEEDS, sqlite, '')
  const isSound = printRange(played)
  const isProved = printTable(await playTable(sqlite, ''))
  return (await playOther(options, played)) && isSound && isProved
}

/** Where no PostgreSQL can be started the comparison is left out, and said so. */
async function playOther(options: RangeOptions, sqlite: RangeResult): Promise<boolean> {
  const postgres = await postgresFor('both').catch((error: unknown) => {
    if (process.env.CI) throw error
    console.warn(`PostgreSQL is left out: ${error instanceof Error ? error.message : 'none'}`)
    return null
  })
  if (!postgres) return true
  try {
    const other: RangeOptions = { ...options, engine: 'postgres', off: null }
    const result = await playRange(1, SEEDS_ON_BOTH, other, postgres.url)
    return printRange(result) && areAlike(sqlite, result)
  } finally {
    await postgres.stop()
  }
}

function areAlike(one: RangeResult, other: RangeResult): boolean {
  const differing = [...other.played.values()].filter(({ seed, trace, state }) => {
    const same = one.played.get(seed)
    return same?.trace !== trace || same.state !== state
  })
  console.log(
    `  ${other.played.size - differing.length} of ${other.played.size} seeds tell the same story ` +
      'and end in the same state on both engines',
  )
  for (const { seed } of differing.slice(0, 5))
    console.log(`  npm run sim -- --engine both --trace ${seed} tells where they part`)
  return differing.length === 0
}
