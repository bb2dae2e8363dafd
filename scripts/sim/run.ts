// One run: a seed's steps taken on a world, with the checks after each and at the end.
import { seededRandom } from '../demo/random.ts'
import { untilQuiet } from './browser.ts'
import type { Template } from './chain.ts'
import { check } from './check.ts'
import { beginClocks } from './check-clocks.ts'
import { checkNumbers } from './check-feeds.ts'
import type { Memory } from './memory.ts'
import { closeWorld, openWorld } from './open-world.ts'
import { quiesce } from './quiesce.ts'
import type { Rule } from './rule.ts'
import type { Step } from './schedule.ts'
import { ACTS } from './steps/all.ts'
import type { Storage } from './storage.ts'
import { describe } from './tablet.ts'
import { Truth } from './truth.ts'
import type { World } from './world.ts'

export interface RunOptions {
  seed: number
  storage: Storage
  template: Template
  rule: Rule<World> | null
  steps: readonly Step[]
  keepsLines: boolean
}

export interface RunResult {
  seed: number
  violations: string[]
  trace: string
  state: string
  counts: Record<string, number>
  lines: string[]
  steps: number
  ms: number
  /** Time of the processor, which a busy machine does not stretch. */
  cpuMs: number
}

async function takeStep(world: World, memory: Memory, step: Step): Promise<void> {
  const tablet = world.tablets[step.who % world.tablets.length]
  if (!tablet) return
  world.random = seededRandom(step.chance)
  world.look = () => check(world, memory, step.kind)
  await world.passUntil(step.at)
  const what = await ACTS[step.kind](world, tablet, world.random)
  await untilQuiet()
  await world.rule?.afterStep?.(world)
  world.count(step.kind)
  world.note(`${step.no} ${step.kind} ${tablet.name}: ${what}`)
  await check(world, memory, step.kind)
}

interface Played {
  taken: number
  state: string
}

async function play(world: World, steps: readonly Step[], played: Played): Promise<void> {
  const memory: Memory = {
    truth: new Truth(),
    marks: new Map(),
    born: new Map(),
    open: new Set(),
    serverNo: 0,
    heads: { serverNo: -1, seqs: new Map() },
    clocks: beginClocks(world),
    followed: new Map(),
  }
  world.server.afterRequest = () => checkNumbers(world, memory)
  await check(world, memory, null)
  for (const step of steps) {
    if (world.violations.length > 0) return
    played.taken += 1
    await takeStep(world, memory, step)
  }
  if (world.violations.length > 0) return
  world.random = seededRandom('the end')
  played.state = await quiesce(world, memory)
  world.note(`state ${played.state}`)
}

/** Plays a seed's steps, or some of them. */
export async function run(options: RunOptions): Promise<RunResult> {
  const start = performance.now()
  const cpu = process.cpuUsage()
  const { seed, storage, template, rule, steps, keepsLines } = options
  const world = await openWorld(seed, storage, template, rule)
  world.keepsLines = keepsLines
  const played: Played = { taken: 0, state: '' }
  try {
    await play(world, steps, played)
  } catch (error) {
    world.fail(`the run threw ${describe(error)}`)
  } finally {
    await closeWorld(world)
  }
  return {
    seed,
    violations: world.violations,
    trace: world.traceHash(),
    state: played.state,
    counts: Object.fromEntries([...world.counts].sort()),
    lines: world.lines,
    steps: played.taken,
    ms: performance.now() - start,
    cpuMs: cpuMsSince(cpu),
  }
}

function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}
