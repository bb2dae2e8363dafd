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
import {
  keep,
  medians,
  pathOfFigures,
  printClients,
  printPushes,
  printVerdicts,
} from './peers/report.ts'
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

interface Runs<T> {
  results: Record<string, T[]>
  failures: string[]
}

interface Figures {
  clients: Runs<Result>
  pushes: Runs<PushResult>
}

/** Adds a run's result; a run whose checks failed is named and left out. */
async function add<T>(runs: Runs<T>, name: string, run: () => Promise<T>): Promise<void> {
  const start = performance.now()
  try {
    const result = await run()
    ;(runs.results[name] ??= []).push(result)
  } catch (error) {
    runs.failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    console.error(`FAILED ${runs.failures.at(-1)}`)
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  console.log(`${name}: ${seconds} s, load ${loadavg()[0]?.toFixed(1)}`)
}

/** Every contender once per repetition, so that a busy machine is busy for all of them. */
async function runAll(
  { reps, pushes }: Options,
  runners: readonly Runner[],
  work: Work,
  hasPouch: boolean,
  note: (figures: Figures) => void,
): Promise<Figures> {
  const figures: Figures = {
    clients: { results: {}, failures: [] },
    pushes: { results: {}, failures: [] },
  }
  const folders = { data: '', pages: PAGES, packages: PACKAGES }
  for (let rep = 1; rep <= reps; rep += 1) {
    console.log(`Repetition ${rep} of ${reps}`)
    for (const runner of runners) {
      const data = await seedOf(runner.server, SEEDS, work, PACKAGES)
      await add(figures.clients, runner.name, () => runOnce(runner, work, { ...folders, data }))
      note(figures)
    }
    for (const target of pushes ? pushTargets(hasPouch) : [])
      await add(figures.pushes, target.name, () => runPushes(target, folders))
    note(figures)
  }
  return figures
}

function mapValues<T extends object>(of: Record<string, T[]>): Record<string, Partial<T>> {
  return Object.fromEntries(Object.entries(of).map(([name, list]) => [name, medians(list)]))
}

/** Runs it all; the exit code is 1 when a check of a run's results failed. */
export async function benchPeers(args: string[], now: number): Promise<number> {
  const options = readOptions(args)
  if (!findChromium()) throw new Error('no Chromium: run `node scripts/browser.ts`')
  const missing = findMissing()
  const hasPouch = !missing.has('pouch')
  const wanted = RUNNERS.filter(({ name, server }) => {
    return !missing.has(server) && (options.only === null || options.only.includes(name))
  })
  try {
    const weights = await buildPages(PACKAGES, !missing.has('rxdb'), hasPouch)
    const work = makeWork(baseOf(SEEDS, now))
    const path = pathOfFigures(KEPT, now)
    const about = { reps: options.reps, versions: PEERS, weights }
    const note = (runs: Figures) => keep(path, now, { ...about, runs })
    const figures = await runAll(options, wanted, work, hasPouch, note)
    const judged = report(options.reps, weights, figures)
    keep(path, now, { ...about, ...judged, runs: figures })
    console.log(`\nFigures kept in ${path}`)
    return judged.failures.length > 0 ? 1 : 0
  } finally {
    rmSync(PAGES, { recursive: true, force: true })
  }
}

function report(reps: number, weights: Weights, { clients, pushes }: Figures) {
  const ofClients: Medians = mapValues(clients.results)
  const ofPushes = mapValues(pushes.results) as Record<string, PushResult> // None is empty.
  console.log(`\n${reps} repetitions, ${cpus().length} cores, ${cpus()[0]?.model ?? ''}\n`)
  printClients(ofClients, weights)
  if (Object.keys(ofPushes).length > 0) printPushes(ofPushes)
  const judged = verdicts({ clients: ofClients, weights, pushes: ofPushes })
  printVerdicts(judged)
  const failures = [...clients.failures, ...pushes.failures]
  for (const failure of failures) console.log(`A check failed, its run is left out: ${failure}`)
  return { medians: ofClients, pushes: ofPushes, verdicts: judged, failures }
}
