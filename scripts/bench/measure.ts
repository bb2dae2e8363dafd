import { performance } from 'node:perf_hooks'

/** One figure: what was measured, against what floor in the same run, and the goal as a ratio. */
export interface Figure {
  name: string
  value: string
  floor: string
  ratio: number | null
  goal: string
  reached: boolean | null
}

export interface Timed {
  wallMs: number
  cpuMs: number
}

/** Wall and CPU time of a run; CPU is the steadier figure on a shared machine. */
export async function timed(run: () => Promise<void> | void): Promise<Timed> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await run()
  const wallMs = performance.now() - start
  const used = process.cpuUsage(cpu)
  return { wallMs, cpuMs: (used.user + used.system) / 1000 }
}

/** The value below which a share of the samples lies. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

export function printFigures(figures: readonly Figure[]): void {
  for (const { name, value, floor, ratio, goal, reached } of figures) {
    const against = ratio === null ? '' : `, ${ratio.toFixed(2)} x the floor (${floor})`
    const verdict = reached === null ? '' : reached ? ': reached' : ': NOT reached'
    console.log(`${name}\n  ${value}${against}\n  goal ${goal}${verdict}`)
  }
}
