// What figures cost a push, and whether a push costs more after three years than after one month:
// the same tablets push the same visits in processes of their own, turn by turn.
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

function runChild(days: number, hasFigures: boolean): Pushed {
  const hook = hasFigures ? [] : ['--import', HOOK]
  const args = [...hook, CHILD, String(days)]
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

export function benchPushCost(): void {
  const runs = { month: [], years: [], bare: [] } as Record<'month' | 'years' | 'bare', Pushed[]>
  for (let nth = 0; nth < REPETITIONS; nth += 1) {
    runs.month.push(runChild(MONTH_DAYS, true))
    runs.years.push(runChild(YEARS_DAYS, true))
    runs.bare.push(runChild(YEARS_DAYS, false))
  }
  const [month, years, bare] = [costOf(runs.month), costOf(runs.years), costOf(runs.bare)]
  const text = ({ opsPerS, micros }: Cost) =>
    `${opsPerS.toFixed(0)} ops/s, ${micros.toFixed(0)} µs of CPU an op`
  const share = 1 - bare.micros / years.micros
  const growth = years.micros / month.micros
  const verdict = (isReached: boolean) => (isReached ? 'reached' : 'NOT reached')
  console.log(`pushes after 3 years: ${text(years)}\n  without figures: ${text(bare)}`)
  console.log(
    `  figures take ${(share * 100).toFixed(0)} % of the CPU of a push; goal 40 %: ` +
      verdict(share <= FIGURES_COST_MAX),
  )
  console.log(`pushes after 1 month: ${text(month)}`)
  console.log(
    `  after 3 years a push costs ${growth.toFixed(2)} x; goal 1.2 x: ` +
      verdict(growth <= HISTORY_COST_MAX),
  )
}
