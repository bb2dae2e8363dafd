// `npm run faults`: real faults against the real server, ledger, engine and browser.
// `-- kills proxy --count 50` runs only those named; without names all run, at full size.
import { parseArgs } from 'node:util'
import { runBrowserKills } from './faults/browser-kills.ts'
import { runDrills } from './faults/drills.ts'
import { runCuts } from './faults/cuts.ts'
import { runKills } from './faults/kills.ts'
import { Lacking, type Outcome, printOutcome } from './faults/outcome.ts'
import { runPower } from './faults/power.ts'
import { runSyscalls } from './faults/syscalls.ts'

const say = (line: string) => console.log(line)

/** What one run is given: how much of it, and the seed of its chance. */
interface Wanted {
  count: number | null
  /** The proxy cuts at every so many bytes. */
  step: number
  seed: string
}

const RUNS = {
  kills: ({ count, seed }) => runKills({ count: count ?? 1000, seed, say }),
  syscalls: () => runSyscalls({ say }),
  power: ({ count, seed }) => runPower({ count: count ?? 10_000, seed, say }),
  proxy: ({ step }) => runCuts({ step, say }),
  browser: ({ count, seed }) => runBrowserKills({ count: count ?? 100, seed, say }),
  drills: ({ count }) => runDrills({ count: count ?? 50, say }),
} as const satisfies Record<string, (wanted: Wanted) => Promise<Outcome>>

type Name = keyof typeof RUNS
const NAMES = Object.keys(RUNS) as Name[]

function isName(word: string): word is Name {
  return Object.hasOwn(RUNS, word)
}

const TEXT = { type: 'string' } as const
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: TEXT, step: TEXT, seed: TEXT },
})
const named = positionals.filter((word) => word !== 'all')
const isWrong = [values.count, values.step].some((text) => !/^[1-9]\d*$/.test(text ?? '1'))
if (isWrong || named.some((word) => !isName(word))) {
  const runs = [...NAMES, 'all'].join('|')
  console.error(`usage: npm run faults -- [${runs}] [--count N] [--step BYTES] [--seed S]`)
  process.exit(2)
}
const wanted = {
  count: values.count === undefined ? null : Number(values.count),
  step: Number(values.step ?? 1),
  seed: values.seed ?? String(Date.now()),
}
let isGood = true
for (const name of named.length > 0 ? named.filter(isName) : NAMES)
  try {
    say(`\n== ${name}`)
    const outcome = await RUNS[name](wanted)
    printOutcome(outcome, say)
    isGood &&= outcome.ok
  } catch (error) {
    if (!(error instanceof Lacking)) throw error
    say(`not run: ${error.message}`)
  }
process.exit(isGood ? 0 : 1)
