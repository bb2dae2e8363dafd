// `npm run sim`: plays seeds on the real app over a simulated network, and says which break a
// promise. See scripts/sim/README.md.
import { parseArgs } from 'node:util'
import { codeHash } from './sim/kept.ts'
import { playTable, printTable } from './sim/table.ts'
import { playRange, printRange } from './sim/range.ts'
import { playTraced } from './sim/traced.ts'
import type { EngineChoice } from './sim/tasks.ts'
import { postgresFor } from './sim/postgres-for-sim.ts'
import { playTest } from './sim/test-profile.ts'

const USAGE = `npm run sim -- [options]
  --first S        first seed (1)
  --seeds N        how many seeds (100)
  --steps K        steps of each (200)
  --engine E       sqlite, postgres or both (sqlite); both compares the two
  --jobs J         processes (2)
  --off RULE       takes a rule of the protocol away: seeds must fail
  --rules          takes each rule away in turn and prints the table
  --trace SEED     plays one seed and tells its story, the shortest one when it fails
  --test           what npm test runs`

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '100' },
    steps: { type: 'string', default: '200' },
    engine: { type: 'string', default: 'sqlite' },
    jobs: { type: 'string', default: '2' },
    off: { type: 'string' },
    rules: { type: 'boolean', default: false },
    trace: { type: 'string' },
    test: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

function whole(name: 'first' | 'seeds' | 'steps' | 'jobs' | 'trace'): number {
  const number = Number(values[name])
  if (Number.isSafeInteger(number) && number >= 0) return number
  console.error(`--${name} is a whole number\n\n${USAGE}`)
  process.exit(2)
}

function engineChoice(): EngineChoice {
  const { engine } = values
  if (engine === 'sqlite' || engine === 'postgres' || engine === 'both') return engine
  console.error(`--engine is sqlite, postgres or both\n\n${USAGE}`)
  process.exit(2)
}

async function main(): Promise<boolean> {
  const engine = engineChoice()
  const off = values.off ?? null
  const options = { engine, off, steps: whole('steps'), jobs: whole('jobs'), code: codeHash() }
  if (values.test) return playTest(options)
  const postgres = await postgresFor(engine)
  try {
    const url = postgres?.url ?? ''
    if (values.trace !== undefined) return await playTraced(whole('trace'), options, url)
    if (values.rules) return printTable(await playTable(options, url))
    return printRange(await playRange(whole('first'), whole('seeds'), options, url))
  } finally {
    await postgres?.stop()
  }
}

if (values.help) console.log(USAGE)
else process.exit((await main()) ? 0 : 1)
