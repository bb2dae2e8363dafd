// What figures cost a push, and whether a push costs more after three years than after one month:
// the same tablets push as many visits of as many people, in processes of their own, turn by turn.
// Visits of people who are new cost what the chain's history makes of them; those of regulars have
// a history of their own.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { median } from '../peers/report.ts'

const CHILD = fileURLToPath(new URL('push-child.ts', import.meta.url))
const HOOK = new URL('without-figures.ts', import.meta.url).href
const REPETITIONS = 3
const YEARS_DAYS = 1095
const MONTH_DAYS = 30
const FIGURES_COST_MAX = 0.4
const HISTORY_COST_MAX = 1.2

const Pushed = v.object({ ops: v.number(), wallMs: v.number(), cpuMs: v.number() })
type Pushed = v.InferOutput<typeof Pushed>

type Run = { days: number; who: 'regulars' | 'new'; hasFigures: boolean }

function runChild({ days, who, hasFigures }: Run): Pushed {
  const hook = hasFigures ? [] : ['--import', HOOK]
  const args = [...hook, CHILD, String(days), who]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the pushing process failed: ${stderr}`)
  return v.parse(Pushed, JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
}

interface Cost {
  opsPerS: number
  micros: number
}

function costOf(runs: readonly Pushed[]): Cost {
  return {
    opsPerS: median(runs.map(({ ops, wallMs }) => (ops / wallMs) * 1000)),
    micros: median(runs.map(({ ops, cpuMs }) => (cpuMs / ops) * 1000)),
  }
}

const RUNS = {
  month: { days: MONTH_DAYS, who: 'regulars', hasFigures: true },
  years: { days: YEARS_DAYS, who: 'regulars', hasFigures: true },
  bare: { days: YEARS_DAYS, who: 'regulars', hasFigures: false },
  newMonth: { days: MONTH_DAYS, who: 'new', hasFigures: true },
  newYears: { days: YEARS_DAYS, who: 'new', hasFigures: true },
} as const satisfies Record<string, Run>
type Name = keyof typeof RUNS
const NAMES = Object.keys(RUNS) as Name[] // It has exactly these.

function measureAll(): Record<Name, Cost> {
  const took = new Map<Name, Pushed[]>(NAMES.map((name) => [name, []]))
  for (let nth = 0; nth < REPETITIONS; nth += 1)
    for (const name of NAMES) took.get(name)?.push(runChild(RUNS[name]))
  const of = (name: Name) => costOf(took.get(name) ?? [])
  const [month, years, bare] = [of('month'), of('years'), of('bare')]
  return { month, years, bare, newMonth: of('newMonth'), newYears: of('newYears') }
}

export function benchPushCost(): void {
  const { month, years, bare, newMonth, newYears } = measureAll()
  const text = ({ opsPerS, micros }: Cost) =>
    `${opsPerS.toFixed(0)} ops/s, ${micros.toFixed(0)} µs of CPU an op`
  const share = 1 - bare.micros / years.micros
  const verdict = (isReached: boolean) => (isReached ? 'reached' : 'NOT reached')
  console.log(`pushes after 3 years: ${text(years)}\n  without figures: ${text(bare)}`)
  console.log(
    `  figures take ${(share * 100).toFixed(0)} % of the CPU of a push; goal 40 %: ` +
      verdict(share <= FIGURES_COST_MAX),
  )
  const grown = (what: string, before: Cost, after: Cost) => {
    const growth = after.micros / before.micros
    console.log(`${what} after 1 month: ${text(before)}; after 3 years: ${text(after)}`)
    console.log(
      `  after 3 years a push costs ${growth.toFixed(2)} x; goal 1.2 x: ` +
        verdict(growth <= HISTORY_COST_MAX),
    )
  }
  grown('pushes of visits of people who are new,', newMonth, newYears)
  grown('pushes of visits of regulars,', month, years)
}
