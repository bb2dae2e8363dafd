// The morning of a large chain: thousands of tablets come back within a minute. The server is a
// process of its own, the tablets are another, the network is this machine's loopback.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { quantile } from '../bench/measure.ts'
import { openServerPool } from '../faults/api-server.ts'
import { ledgerFile } from '../faults/installation.ts'
import { type Outcome, outcomeOf, type Say } from '../faults/outcome.ts'
import { type Proof, proveLedger } from '../faults/proof.ts'
import type { CrowdPlan, CrowdReport } from './crowd.ts'
import { NEW_TAGS, NEW_VISITS, prepareMorning } from './prepare.ts'

const CROWD = fileURLToPath(new URL('./crowd.ts', import.meta.url))
const OPS_EACH = 5
const SHOWN_MAX = 10
/** Place of the user time in /proc/PID/stat behind the name, the system's is next; in 1/100 s. */
const USER_TICKS = 11
const MS_PER_TICK = 10

export interface HerdOptions {
  devices: number
  stores: number
  withinMs: number
  seed: string
  say: Say
}

function runCrowd(plan: CrowdPlan, folder: string): Promise<CrowdReport> {
  const [planFile, reportFile] = [join(folder, 'plan.json'), join(folder, 'report.json')]
  writeFileSync(planFile, JSON.stringify(plan))
  const child = spawn(process.execPath, [CROWD, planFile, reportFile], { stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code !== 0) return reject(new Error(`the crowd ended with ${code}`))
      resolve(JSON.parse(readFileSync(reportFile, 'utf8')) as CrowdReport)
    })
  })
}

interface Use {
  memoryMb: number | null
  cpuMs: number | null
}

/** The most memory a process ever held and the CPU time it took; null where nobody tells. */
function useOf(pid: number): Use {
  try {
    const peak = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    const ticks = Number(fields[USER_TICKS]) + Number(fields[USER_TICKS + 1])
    return { memoryMb: Math.round(Number(peak) / 1024), cpuMs: ticks * MS_PER_TICK }
  } catch {
    return { memoryMb: null, cpuMs: null } // No /proc: not Linux.
  }
}

function describe(report: CrowdReport, { memoryMb, cpuMs }: Use): string[] {
  const { visits, histories, tookMs, live, lagP99Ms } = report
  const times = visits.flatMap(({ syncMs }) => syncMs ?? [])
  const sum = (pick: (visit: CrowdReport['visits'][number]) => number) =>
    visits.reduce((total, visit) => total + pick(visit), 0)
  const [p50, p95, p99, worst] = [0.5, 0.95, 0.99, 1].map((share) =>
    ((quantile(times, share) ?? NaN) / 1000).toFixed(2),
  )
  const ops = histories.reduce((total, { acknowledged }) => total + acknowledged, 0)
  const seconds = tookMs / 1000
  const inSeconds = (ms: number | null) => (ms === null ? 'unknown' : `${(ms / 1000).toFixed(0)} s`)
  return [
    `${times.length} of ${visits.length} devices in step after ${seconds.toFixed(1)} s`,
    `completed sync per device: p50 ${p50} s, p95 ${p95} s, p99 ${p99} s, slowest ${worst} s`,
    `${sum((visit) => visit.requests)} requests, ${sum((visit) => visit.busy)} asked to wait; ` +
      `${ops} ops in, ${(ops / seconds).toFixed(0)} ops/s; ${sum((visit) => visit.rows)} rows out`,
    `server: peak memory ${memoryMb ?? 'unknown'} MB with ${live} streams of news open, ` +
      `CPU time ${inSeconds(cpuMs)}`,
    `crowd: CPU time ${inSeconds(report.cpuMs)}, ` +
      `its own timers late by ${lagP99Ms.toFixed(0)} ms (p99)`,
  ]
}

/** What no clerk may be shown, and rows that did not come. */
function problemsOf({ visits, problems }: CrowdReport): string[] {
  const shown = visits.flatMap((visit) => visit.shown)
  const short = visits.filter(({ rows }) => rows < NEW_VISITS + NEW_TAGS).length
  const texts = [...Map.groupBy(shown, (text) => text)].map(
    ([text, same]) => `${same.length} times shown to a clerk: ${text}`,
  )
  return [
    ...problems.slice(0, SHOWN_MAX),
    ...texts,
    ...(short > 0 ? [`${short} devices did not get all that was new`] : []),
  ]
}

async function prove(folder: string, report: CrowdReport): Promise<Proof> {
  const ledger = await openLedger(ledgerFile(folder), nodePorts)
  const proof = await proveLedger(ledger, report.histories, { countsVisits: false })
  await ledger.close()
  return proof
}

/** Lets the herd in and proves the ledger afterwards. */
export async function runHerd(options: HerdOptions): Promise<Outcome> {
  const { devices, stores, withinMs, seed, say } = options
  const folder = mkdtempSync(join(tmpdir(), 'regulars-load-'))
  const pool = await openServerPool()
  try {
    const server = pool.take()
    await server.loaded() // Making the stores leaves this process no time to hear of it.
    say(`  making ${stores} stores and ${devices} tablets`)
    const cards = await prepareMorning(folder, { stores, devices }, Date.now())
    const url = await server.open(folder)
    say(`  ${devices} tablets come back within ${withinMs / 1000} s`)
    const report = await runCrowd({ url, withinMs, ops: OPS_EACH, seed, cards }, folder)
    const use = useOf(server.pid)
    await server.close()
    say('  checking the ledger')
    const proof = await prove(folder, report)
    return outcomeOf('load', describe(report, use), proof, problemsOf(report))
  } finally {
    await pool.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
