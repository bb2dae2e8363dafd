// `npm run bench -- scale`: a chain of 5,000 stores over three years on both engines, its screens,
// the same questions asked of five million raw visits, and what a change and a rebuild cost.
// `--stores 5000 --years 3 --visits 5000000 --engine sqlite|postgres|both
//  --only prepare,screens,score,raw,push,rebuild --rebuild-stores 200`
// PostgreSQL is the one of DATABASE_URL, an empty database, or one that is thrown away.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { postgresFor } from '../sim/postgres-for-sim.ts'
import { mustAgree, questionsOf, type RawEngine, rawPostgres, rawSqlite } from './scale/asked.ts'
import { recallChain, type Size } from './scale/chain.ts'
import { type Place, placeOf, preparePostgres, prepareSqlite, withLedger } from './scale/data.ts'
import { openDuck } from './scale/duck.ts'
import { benchPushCost } from './scale/push-cost.ts'
import { benchRebuild } from './scale/rebuild-cost.ts'
import { measureScore, measureScreens } from './scale/screens.ts'
import { median } from './peers/report.ts'

const KEPT = join('data', 'bench')
const DAYS_A_YEAR = 365
const RAW_RUNS = 3
const PARTS = ['prepare', 'screens', 'score', 'raw', 'push', 'rebuild'] as const
type Part = (typeof PARTS)[number]
/** What needs the large chain; pushes and rebuilds are measured on chains of their own. */
const LARGE_CHAIN: readonly Part[] = ['prepare', 'screens', 'score', 'raw']

interface Options {
  size: Size
  rebuilt: Size
  engines: readonly ('sqlite' | 'postgres')[]
  parts: ReadonlySet<Part>
}

function readOptions(args: string[]): Options {
  const text = (fallback: string) => ({ type: 'string', default: fallback }) as const
  const { values } = parseArgs({
    args,
    options: {
      stores: text('5000'),
      years: text('3'),
      visits: text('5000000'),
      engine: text('both'),
      only: text(PARTS.join()),
      'rebuild-stores': text('200'),
    },
  })
  const whole = (name: 'stores' | 'years' | 'visits' | 'rebuild-stores') => {
    const number = Number(values[name])
    if (!(number > 0)) throw new Error(`--${name} is a number above 0`)
    return number
  }
  const stores = whole('stores')
  const size = { stores, days: Math.round(whole('years') * DAYS_A_YEAR), visits: whole('visits') }
  const some = Math.min(whole('rebuild-stores'), stores)
  const rebuilt = { ...size, stores: some, visits: Math.round((size.visits / stores) * some) }
  const asked = values.only.split(',')
  const parts = new Set(PARTS.filter((part) => asked.includes(part)))
  if (parts.size !== asked.length) throw new Error(`--only takes ${PARTS.join()}`)
  const engines = (['sqlite', 'postgres'] as const).filter((name) =>
    [name, 'both'].includes(values.engine),
  )
  if (engines.length === 0) throw new Error('--engine is sqlite, postgres or both')
  return { size, rebuilt, engines, parts }
}

async function measureRaw(raw: RawEngine, agree: () => Promise<number>): Promise<void> {
  for (const [name, statements] of Object.entries(questionsOf(raw.table))) {
    const took: number[] = []
    for (let run = 0; run < RAW_RUNS; run += 1) {
      const start = performance.now()
      for (const sql of statements) await raw.ask(sql)
      took.push(performance.now() - start)
    }
    console.log(`${raw.name}, the question of "${name}": median ${median(took).toFixed(0)} ms`)
  }
  console.log(`${raw.name}: ${await agree()} figures are those of the pages`)
}

/** Everything that is asked of one engine. */
async function benchEngine(url: string, raws: RawEngine[], options: Options): Promise<void> {
  const { size, parts } = options
  const open = () => openLedger(url, nodePorts)
  const chain = await withLedger(url, (ledger) => recallChain(ledger, size))
  for (const raw of parts.has('raw') ? raws : [])
    await measureRaw(raw, () => withLedger(url, (ledger) => mustAgree(raw, ledger, chain)))
  if (parts.has('screens')) await measureScreens(open, chain)
  if (parts.has('score')) await measureScore(open)
}

async function onSqlite(place: Place, options: Options): Promise<void> {
  console.log('\nSQLite')
  const duck = options.parts.has('raw')
    ? await openDuck(place.folder, join(KEPT, 'scale-packages'))
    : null
  const raws = [rawSqlite(place.raw), ...(duck ? [duck] : [])]
  await benchEngine(place.ledger, raws, options)
  for (const raw of raws) await raw.close()
}

async function onPostgres(place: Place, options: Options): Promise<void> {
  const server = await postgresFor('postgres')
  if (!server) throw new Error('unreachable: an engine was asked for')
  try {
    const seconds = await preparePostgres(server.url, place, options.size)
    console.log(`\nPostgreSQL${seconds > 0 ? `, filled in ${seconds} s` : ''}`)
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    await benchEngine(server.url, [await rawPostgres(client)], options)
    await client.end()
  } finally {
    await server.stop()
  }
}

export async function benchScale(args: string[]): Promise<void> {
  const options = readOptions(args)
  const { size, engines, parts } = options
  if (LARGE_CHAIN.some((part) => parts.has(part))) {
    const place = placeOf(KEPT, size)
    const { figures, raws, seconds } = await prepareSqlite(place, size)
    console.log(
      `${size.stores} stores, ${size.days} days, ${raws} raw visits, ${figures} rollup rows, ` +
        `made in ${seconds} s`,
    )
    if (engines.includes('sqlite')) await onSqlite(place, options)
    if (engines.includes('postgres')) await onPostgres(place, options)
  }
  if (parts.has('push')) benchPushCost()
  if (parts.has('rebuild')) await benchRebuild(options.rebuilt)
}
