// `npm run bench -- peers [--reps 3] [--only Regulars,floor] [--no-push]`: our client and server
// beside PouchDB and RxDB on the same work, in one run, interleaved. The peers are fetched on first
// use. Ratios count: the machine is shared, and so its milliseconds are.
import { rmSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findChromium } from '../browser.ts'
import { type Medians, verdicts } from './peers/goals.ts'
import { fetchPeers, PEERS } from './peers/packages.ts'
import { buildPages, PAGES, type Weights } from './peers/pages.ts'
import { type PushResult, pushTargets, runPushes } from './peers/push.ts'
import { keep, medians, printClients, printPushes, printVerdicts } from './peers/report.ts'
import { baseOf, seedOf } from './peers/seeds.ts'
import { type Result, type Runner, runOnce } from './peers/tablet.ts'
import { makeWork, type Work } from './peers/work.ts'

const KEPT = join('data', 'bench')
const PACKAGES = join(KEPT, 'peers-packages')
const SEEDS = join(KEPT, 'peers-seeds')

const RUNNERS: readonly Runner[] = [
  {
    ...{ name: 'Regulars', server: 'ours', page: 'index.html', module: 'ours' },
    ...{ enrols: true, hasRecents: true },
  },
  { name: 'floor', server: 'floor', page: 'index.html', module: 'floor' },
  { name: 'RxDB', server: 'rxdb', page: 'index.html', module: 'rxdb' },
  { name: 'PouchDB', server: 'pouch', page: 'pouch.html', module: 'pouch' },
  {
    ...{ name: 'PouchDB indexeddb', server: 'pouch', module: 'pouch' },
    page: 'pouch.html?adapter=indexeddb',
  },
]

const PACKAGES_OF: Partial<Record<Runner['server'], readonly (keyof typeof PEERS)[]>> = {
  rxdb: ['rxdb', 'rxjs', 'dexie'],
  pouch: ['pouchdb', 'express-pouchdb', 'express'],
}

interface Options {
  reps: number
  only: readonly string[] | null
  pushes: boolean
}

function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      reps: { type: 'string', default: '3' },
      only: { type: 'string' },
      'no-push': { type: 'boolean', default: false },
    },
  })
  const reps = Number(values.reps)
  if (!(Number.isInteger(reps) && reps > 0)) throw new Error('--reps is a number from 1')
  const only = values.only === undefined ? null : values.only.split(',')
  return { reps, only, pushes: !values['no-push'] }
}

/** Servers whose packages are not there, with the reason said once. */
function findMissing(): Set<Runner['server']> {
  const missing = fetchPeers(PACKAGES)
  const out = new Set<Runner['server']>()
  for (const [server, names] of Object.entries(PACKAGES_OF)) {
    const lacking = missing.filter((one) => names.some((name) => one.startsWith(`${name}@`)))
    if (lacking.length === 0) continue
    console.log(`Left out: ${server}, because ${lacking.join(', ')} could not be fetched`)
    out.add(server as Runner['server']) // The keys of PACKAGES_OF.
  }
  return out
}

/** Every contender once per repetition, so that a busy machine is busy for all of them. */
async function runClients(runners: readonly Runner[], reps: number, work: Work) {
  const results: Record<string, Result[]> = {}
  const failures: string[] = []
  for (let rep = 1; rep <= reps; rep += 1)
    for (const runner of runners) {
      const data = await seedOf(runner.server, SEEDS, work, PACKAGES)
      const start = performance.now()
      try {
        const result = await runOnce(runner, work, { data, pages: PAGES, packages: PACKAGES })
        ;(results[runner.name] ??= []).push(result)
      } catch (error) {
        failures.push(`${runner.name}: ${error instanceof Error ? error.message : String(error)}`)
        console.error(`FAILED ${failures.at(-1)}`)
      }
      const seconds = ((performance.now() - start) / 1000).toFixed(0)
      console.log(`${rep}/${reps} ${runner.name}: ${seconds} s, load ${loadavg()[0]?.toFixed(1)}`)
    }
  return { results, failures }
}

async function runServers(reps: number, hasPouch: boolean) {
  const results: Record<string, PushResult[]> = {}
  const failures: string[] = []
  for (let rep = 1; rep <= reps; rep += 1)
    for (const target of pushTargets(hasPouch)) {
      const folders = { data: '', pages: PAGES, packages: PACKAGES }
      try {
        ;(results[target.name] ??= []).push(await runPushes(target, folders))
      } catch (error) {
        failures.push(`${target.name}: ${error instanceof Error ? error.message : String(error)}`)
        console.error(`FAILED ${failures.at(-1)}`)
      }
    }
  return { results, failures }
}

function mapValues<T extends object>(of: Record<string, T[]>): Record<string, Partial<T>> {
  return Object.fromEntries(Object.entries(of).map(([name, list]) => [name, medians(list)]))
}

/** Runs it all; the exit code is 1 when a check of a run's results failed. */
export async function benchPeers(args: string[], now: number): Promise<number> {
  const { reps, only, pushes } = readOptions(args)
  if (!findChromium()) throw new Error('no Chromium: run `node scripts/browser.ts`')
  const missing = findMissing()
  const wanted = RUNNERS.filter(({ name, server }) => {
    return !missing.has(server) && (only === null || only.includes(name))
  })
  try {
    const weights = await buildPages(PACKAGES, !missing.has('rxdb'), !missing.has('pouch'))
    const work = makeWork(baseOf(SEEDS, now))
    const clients = await runClients(wanted, reps, work)
    const none = { results: {}, failures: [] }
    const servers = pushes ? await runServers(reps, !missing.has('pouch')) : none
    return report(now, reps, weights, clients, servers)
  } finally {
    rmSync(PAGES, { recursive: true, force: true })
  }
}

interface Runs<T> {
  results: Record<string, T[]>
  failures: string[]
}

function report(
  now: number,
  reps: number,
  weights: Weights,
  clients: Runs<Result>,
  servers: Runs<PushResult>,
): number {
  const ofClients: Medians = mapValues(clients.results)
  const ofPushes = mapValues(servers.results) as Record<string, PushResult> // None is empty.
  console.log(`\n${reps} repetitions, ${cpus().length} cores, ${cpus()[0]?.model ?? ''}\n`)
  printClients(ofClients, weights)
  if (Object.keys(ofPushes).length > 0) printPushes(ofPushes)
  const judged = verdicts({ clients: ofClients, weights, pushes: ofPushes })
  printVerdicts(judged)
  const failures = [...clients.failures, ...servers.failures]
  for (const failure of failures) console.log(`A check failed, its run is left out: ${failure}`)
  const all = { clients: clients.results, pushes: servers.results }
  const figures = { reps, versions: PEERS, weights, medians: ofClients, verdicts: judged, failures }
  console.log(`\nFigures kept in ${keep(KEPT, now, { ...figures, runs: all })}`)
  return failures.length > 0 ? 1 : 0
}
