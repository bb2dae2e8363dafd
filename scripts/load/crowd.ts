// The crowd's own process: every tablet arrives at a random moment of the window, as full jitter
// makes them, and stays until it is in step.
import { readFileSync, writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { seededRandom } from '../demo/random.ts'
import type { History } from '../faults/device.ts'
import type { ReturningCard } from './prepare.ts'
import { ReturningDevice, type Visit } from './returning-device.ts'

export interface CrowdPlan {
  url: string
  withinMs: number
  ops: number
  seed: string
  cards: ReturningCard[]
}

export interface CrowdReport {
  tookMs: number
  /** Streams of news that stood when the last tablet was in step. */
  live: number
  /** CPU time here, and how late its own timers were: a crowd that lags measures itself. */
  cpuMs: number
  lagP99Ms: number
  visits: Visit[]
  histories: History[]
  problems: string[]
}

/** A tablet that is not in step so long after the last arrival has been let down. */
const PATIENCE_MS = 300_000

async function gather({ url, withinMs, ops, seed, cards }: CrowdPlan): Promise<CrowdReport> {
  const random = seededRandom(`arrivals/${seed}`)
  const crowd = cards.map((card) => new ReturningDevice(card, url, ops, seed))
  const signal = AbortSignal.timeout(withinMs + PATIENCE_MS)
  const lag = monitorEventLoopDelay({ resolution: 10 })
  lag.enable()
  const start = performance.now()
  await Promise.all(
    crowd.map(async (one) => {
      await sleep(random.next() * withinMs)
      await one.comeBack(signal)
    }),
  )
  const tookMs = performance.now() - start
  const live = crowd.filter((one) => one.visit.isLive).length
  const histories = crowd.map(({ device }) => {
    const { device_id, store_id, made, acknowledged } = device
    return { device_id, store_id, made, acknowledged }
  })
  const problems = crowd.flatMap(({ device }) => device.problems)
  for (const one of crowd) one.leave()
  lag.disable()
  const { user, system } = process.cpuUsage()
  const own = { cpuMs: (user + system) / 1000, lagP99Ms: lag.percentile(99) / 1e6 }
  return { tookMs, live, ...own, visits: crowd.map(({ visit }) => visit), histories, problems }
}

const [planFile, reportFile] = process.argv.slice(2)
if (process.argv[1] === fileURLToPath(import.meta.url) && planFile && reportFile) {
  const plan = JSON.parse(readFileSync(planFile, 'utf8')) as CrowdPlan
  writeFileSync(reportFile, JSON.stringify(await gather(plan)))
  process.exit(0)
}
