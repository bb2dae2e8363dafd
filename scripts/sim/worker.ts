// A process that plays seeds one after the other, as its parent asks.
import './browser.ts'
import type { RunResult } from './run.ts'
import type { Done, FromWorker, Task, ToWorker } from './tasks.ts'

const { openHarness } = await import('./harness.ts')
const { ruleOf } = await import('./rules.ts')
const { shrink } = await import('./shrink.ts')
type Harness = Awaited<ReturnType<typeof openHarness>>

// Dexie warns whenever it opens a lost connection again, which happens here all the time.
console.warn = () => undefined
// The database throws and catches for every record without an indexed field: where, nobody asks.
Error.stackTraceLimit = 4

const postgresUrl = process.env.SIM_POSTGRES_URL ?? ''
const open = new Map<string, Promise<Harness>>()

function harnessOf(engine: 'sqlite' | 'postgres'): Promise<Harness> {
  let harness = open.get(engine)
  if (!harness) open.set(engine, (harness = openHarness(engine === 'sqlite' ? null : postgresUrl)))
  return harness
}

function doneOf(result: RunResult): Done {
  return { ...result, violations: result.violations.slice(0, 5) }
}

/** Both engines must tell the same story and end in the same state. */
function compared(one: RunResult, two: RunResult): RunResult {
  const violations = [...one.violations, ...two.violations]
  if (violations.length === 0 && one.state !== two.state)
    violations.push('engines end in different states')
  if (violations.length === 0 && one.trace !== two.trace)
    violations.push('engines tell different stories')
  return { ...one, violations, ms: one.ms + two.ms, cpuMs: one.cpuMs + two.cpuMs }
}

async function play(task: Task): Promise<Done> {
  const { seed, steps: count, engine, off, isTraced } = task
  const wanted = { seed, count, rule: ruleOf(off), keepsLines: isTraced }
  if (engine === 'both') {
    const one = await (await harnessOf('sqlite')).play(wanted)
    const two = await (await harnessOf('postgres')).play(wanted)
    return doneOf({ ...compared(one, two), lines: difference(one.lines, two.lines) })
  }
  const harness = await harnessOf(engine)
  const result = await harness.play(wanted)
  if (!isTraced || result.violations.length === 0) return doneOf(result)
  const least = await shrink(harness, wanted, result)
  return doneOf(least.result)
}

/** The first lines in which two stories part, with a few before. */
function difference(one: readonly string[], two: readonly string[]): string[] {
  const at = one.findIndex((line, index) => line !== two[index])
  if (at < 0) return [...one]
  return [...one.slice(Math.max(0, at - 10), at), `sqlite:   ${one[at]}`, `postgres: ${two[at]}`]
}

function tell(message: FromWorker): void {
  process.send?.(message)
}

async function take(message: ToWorker): Promise<void> {
  if (message.type === 'task') {
    tell({ type: 'done', done: await play(message.task) })
    return
  }
  for (const harness of open.values()) await (await harness).close()
  process.disconnect()
}

process.on('message', (message) => void take(message as ToWorker))
tell({ type: 'ready' })
