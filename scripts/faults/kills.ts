// SIGKILL of the API while tablets push. Each tablet goes on with the push that was cut until some
// process answers it, as a real one does; at the end the ledger must hold everything once.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { type Random, seededRandom } from '../demo/random.ts'
import { type ApiServer, openServerPool, type ServerPool } from './api-server.ts'
import { SimulatedDevice } from './device.ts'
import { ledgerFile, makeInstallation } from './installation.ts'
import { type Outcome, outcomeOf, type Say, secondsSince } from './outcome.ts'
import { proveLedger } from './proof.ts'
import { pushOver } from './push-over.ts'

const SIZE = { stores: 2, devicesPerStore: 3, customersPerStore: 20 }
/** Where a kill falls: into a start, into the first requests after it, or into steady work. */
const MOMENTS = ['start', 'first requests', 'work'] as const
const MOMENT_WEIGHTS = [15, 20, 65]
const START_MAX_MS = 150
const FIRST_REQUESTS_MAX_MS = 200
/** A kill in steady work comes so many answers after the start, and a little later. */
const ANSWERS_MAX = 8
const WORK_MAX_MS = 15
const OPS_MAX = 5
const ANSWERS_MAX_MS = 20_000
const SAY_EVERY = 100

export interface KillOptions {
  count: number
  seed: string
  say: Say
}

/** Where the server is just now; waits while there is none. */
class Site {
  #next = Promise.withResolvers<string>()
  #reached = Promise.withResolvers<void>()
  #missing = 0
  isOver = false

  url(): Promise<string> {
    return this.#next.promise
  }

  /** Comes when the server that is up has answered so often. */
  answers(count: number): Promise<void> {
    this.#missing = count
    this.#reached = Promise.withResolvers<void>()
    return this.#reached.promise
  }

  noteAnswer(): void {
    this.#missing -= 1
    if (this.#missing <= 0) this.#reached.resolve()
  }

  up(url: string): void {
    this.#next.resolve(url)
  }

  down(): void {
    this.#next = Promise.withResolvers<string>()
  }
}

async function keepPushing(device: SimulatedDevice, site: Site, random: Random): Promise<void> {
  while (!site.isOver || device.waiting.length > 0) {
    if (device.problems.length > 0) return
    if (device.waiting.length === 0) device.work(random.whole(1, OPS_MAX), Date.now())
    const url = await site.url()
    try {
      await pushOver(url, device)
      site.noteAnswer()
    } catch {
      await sleep(1) // Unknown fate: the same push goes to whichever process comes next.
    }
  }
}

/** One kill at a random moment; gives which kind of moment it was. */
async function killOnce(server: ApiServer, folder: string, site: Site, random: Random) {
  const moment = MOMENTS[random.weighted(MOMENT_WEIGHTS)] ?? 'work'
  const opening = server.open(folder)
  if (moment === 'start') {
    opening.catch(() => undefined) // It is killed on purpose.
    await server.loaded()
    await sleep(random.next() * START_MAX_MS)
    await server.kill()
    return moment
  }
  const url = await opening
  const answered = site.answers(moment === 'work' ? random.whole(1, ANSWERS_MAX) : 0)
  site.up(url)
  if (moment === 'work') await Promise.race([answered, sleep(ANSWERS_MAX_MS, null, { ref: false })])
  await sleep(random.next() * (moment === 'work' ? WORK_MAX_MS : FIRST_REQUESTS_MAX_MS))
  site.down()
  await server.kill()
  return moment
}

interface Field {
  pool: ServerPool
  folder: string
  devices: SimulatedDevice[]
}

async function killAll({ pool, folder, devices }: Field, options: KillOptions): Promise<number> {
  const { count, seed, say } = options
  const random = seededRandom(`kills/${seed}`)
  const site = new Site()
  const pushing = devices.map((device, i) => keepPushing(device, site, random.fork(`push ${i}`)))
  let inStart = 0
  for (let kill = 1; kill <= count; kill += 1) {
    if ((await killOnce(pool.take(), folder, site, random)) === 'start') inStart += 1
    if (kill % SAY_EVERY === 0) say(`  ${kill} kills`)
    if (devices.some((device) => device.problems.length > 0)) break
  }
  const last = pool.take()
  site.isOver = true
  site.up(await last.open(folder))
  await Promise.all(pushing)
  await last.close()
  return inStart
}

/** Kills the API `count` times under load and proves the ledger afterwards. */
export async function runKills(options: KillOptions): Promise<Outcome> {
  const start = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'regulars-kills-'))
  const pool = await openServerPool()
  try {
    const { ledger, cards } = await makeInstallation(folder, SIZE, Date.now())
    await ledger.close()
    const random = seededRandom(`devices/${options.seed}`)
    const devices = cards.map((card) => new SimulatedDevice(card, random.fork(card.device_id)))
    const inStart = await killAll({ pool, folder, devices }, options)
    const after = await openLedger(ledgerFile(folder), nodePorts)
    const proof = await proveLedger(after, devices)
    await after.close()
    const repeated = devices.reduce((sum, device) => sum + device.repeated, 0)
    const lines = [
      `${options.count} SIGKILLs of the API under load, ${inStart} of them while it started`,
      `${repeated} ops were answered again after a kill had cut their answer`,
      `seed ${options.seed}, ${secondsSince(start)}`,
    ]
    const problems = devices.flatMap((device) => device.problems)
    return outcomeOf('kills', lines, proof, problems)
  } finally {
    await pool.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
