// A range of seeds, played by several processes, and what it comes to.
import { keep, type KeptDone, readKept } from './kept.ts'
import { kindOf } from './shrink.ts'
import type { Done, EngineChoice, Task } from './tasks.ts'
import { playAll } from './workers.ts'

export interface RangeOptions {
  engine: EngineChoice
  off: string | null
  steps: number
  jobs: number
  code: string
}

export interface RangeResult {
  options: RangeOptions
  first: number
  played: Map<number, KeptDone>
  /** Seeds that were played before and not again. */
  known: number
  wallMs: number
}

const TELL_EVERY_MS = 10_000

/** Says now and then how far it is. */
function teller(total: number): (failed: number) => void {
  const start = performance.now()
  let told = start
  let done = 0
  let failing = 0
  return (failed) => {
    done += 1
    failing += failed
    const now = performance.now()
    if (now - told < TELL_EVERY_MS) return
    told = now
    const rate = (done * 1000) / (now - start)
    console.log(`  ${done} of ${total} seeds, ${failing} failing, ${rate.toFixed(2)} seeds/s`)
  }
}

/** Plays the seeds of a range that this code has not played yet. */
export async function playRange(
  first: number,
  count: number,
  options: RangeOptions,
  postgresUrl: string,
): Promise<RangeResult> {
  const start = performance.now()
  const { engine, off, steps, jobs, code } = options
  const played = new Map<number, KeptDone>()
  const kept = readKept({ engine, off, steps }, code)
  const tasks: Task[] = []
  for (let seed = first; seed < first + count; seed += 1) {
    const before = kept.get(seed)
    if (before) played.set(seed, before)
    else tasks.push({ seed, steps, engine, off, isTraced: false })
  }
  const known = played.size
  const tell = teller(tasks.length)
  const onDone = ({ seed }: Task, done: Done) => {
    played.set(seed, keep({ engine, off, steps }, done, code))
    tell(done.violations.length > 0 ? 1 : 0)
  }
  await playAll(tasks, { jobs, postgresUrl, onDone })
  return { options, first, played, known, wallMs: performance.now() - start }
}

export function failing({ played }: RangeResult): KeptDone[] {
  return [...played.values()].filter((one) => one.violations.length > 0)
}

function sumOf(list: readonly KeptDone[], valueOf: (one: KeptDone) => number): number {
  return list.reduce((sum, one) => sum + valueOf(one), 0)
}

function countsOf(list: readonly KeptDone[]): string {
  const counts = new Map<string, number>()
  for (const one of list)
    for (const [what, count] of Object.entries(one.counts))
      counts.set(what, (counts.get(what) ?? 0) + count)
  return [...counts].map(([what, count]) => `${what} ${count}`).join(', ')
}

/** How many seeds fail by each invariant, as `I2 12, I11 3`. */
export function kindsOf(list: readonly KeptDone[]): string {
  const kinds = Map.groupBy(list, (one) => kindOf(one.violations[0] ?? ''))
  const sizes = [...kinds].map(([kind, of]) => [kind, of.length] as const)
  return sizes
    .sort((a, b) => b[1] - a[1])
    .map(([kind, size]) => `${kind} ${size}`)
    .join(', ')
}

/** Prints what a range came to; true when no seed failed. */
export function printRange(result: RangeResult): boolean {
  const { options, first, played, known, wallMs } = result
  const all = [...played.values()]
  const bad = failing(result)
  const steps = sumOf(all, (one) => one.steps)
  const ms = sumOf(all, (one) => one.ms)
  const cpuMs = sumOf(all, (one) => one.cpuMs)
  const fresh = played.size - known
  const rate = fresh === 0 ? '' : `, ${((fresh * 1000) / wallMs).toFixed(2)} seeds/s`
  const without = options.off ? ` without ${options.off}` : ''
  console.log(
    `\nseeds ${first} to ${first + played.size - 1}, ${options.steps} steps each, on ` +
      `${options.engine}${without}, code ${options.code}: ${bad.length} of ${played.size} failing`,
  )
  console.log(
    `  ${fresh} played now in ${(wallMs / 1000).toFixed(1)} s${rate}; ${known} were played before`,
  )
  const [each, cpuEach] = [ms, cpuMs].map((sum) => (sum / Math.max(1, steps)).toFixed(2))
  console.log(`  ${steps} steps, ${each} ms each in one process, ${cpuEach} ms of processor`)
  console.log(`  events: ${countsOf(all)}`)
  if (bad.length > 0) console.log(`  failing by: ${kindsOf(bad)}`)
  for (const one of bad.slice(0, 20)) console.log(`  seed ${one.seed}: ${one.violations[0]}`)
  if (bad[0]) console.log(`  npm run sim -- --trace ${bad[0].seed} tells the shortest story`)
  return bad.length === 0
}
