// Power cuts. Every write of the ledger is recorded during acknowledged pushes; then disks are made
// as a cut at a random moment leaves them, and each is opened as the next start would open it.
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { must } from '#model/assert.ts'
import type { Session } from '#model/access.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { push } from '#sql/push.ts'
import { type Random, seededRandom } from '../demo/random.ts'
import { type History, SimulatedDevice } from './device.ts'
import { Disk, type Survival, SURVIVALS } from './disk.ts'
import { layOut, lookAt, readTexts, type Sent } from './image.ts'
import { copyInstallation, type DeviceCard, ledgerFile, makeInstallation } from './installation.ts'
import { type Outcome, type Say, secondsSince } from './outcome.ts'
import { ACKNOWLEDGEMENTS, type PlannedPush } from './power-work.ts'
import { isProven, proveLedger } from './proof.ts'
import { type DiskRecord, record } from './recording.ts'
import { makeFastFolder } from './tools.ts'

const WORK = fileURLToPath(new URL('./power-work.ts', import.meta.url))
const SIZE = { stores: 2, devicesPerStore: 3, customersPerStore: 10 }
const PUSHES = 240
const OPS_MAX = 5
/** One image in so many is served again: the cut push is repeated, all figures are recounted. */
const PROVE_EVERY = 250
const SAY_EVERY = 2500
const PROBLEMS_MAX = 20

export interface PowerOptions {
  /** Images to look at. */
  count: number
  seed: string
  say: Say
  /** Plays a disk that lies about its syncs; the ledger cannot survive it, and the run must see. */
  ignoresSync?: boolean
}

interface Run {
  records: readonly DiskRecord[]
  files: Map<string, Buffer>
  plan: PlannedPush[]
  sent: Sent
}

function sessionOf({ device_id, store_id }: DeviceCard): Session {
  return { device_id, book: store_id, role: 'tablet', revoked: false, actor_id: null }
}

/** What the tablets will push, sealed beforehand. */
function planPushes(cards: readonly DeviceCard[], random: Random, now: number): PlannedPush[] {
  const devices = cards.map((card) => new SimulatedDevice(card, random.fork(card.device_id)))
  return Array.from({ length: PUSHES }, () => {
    const device = random.pick(devices)
    device.work(random.whole(1, OPS_MAX), now)
    const body = device.body(now)
    device.acknowledged = device.made.length
    return { session: sessionOf(device.card), body }
  })
}

/** Makes an installation, plays the pushes under the recorder and keeps what it did to the disk. */
async function recordRun(base: string, seed: string): Promise<Run> {
  const [made, folder, plan] = ['made', 'data', 'plan.json'].map((name) => join(base, name))
  if (!made || !folder || !plan) throw new Error('unreachable: three names, three paths')
  const now = Date.now()
  const { ledger, cards } = await makeInstallation(made, SIZE, now)
  await ledger.close()
  copyInstallation(made, folder)
  const pushes = planPushes(cards, seededRandom(`power/${seed}`), now)
  writeFileSync(plan, JSON.stringify(pushes))
  const name = 'ledger.sqlite'
  const files = new Map([[name, readFileSync(join(folder, name))]])
  const records = record(WORK, [folder, plan], realpathSync(folder), base)
  const sent = pushes.map(({ session, body }) => ({ device_id: session.device_id, ops: body.ops }))
  return { records, files, plan: pushes, sent: { pushes: sent, texts: readTexts(folder, sent) } }
}

interface Tally {
  images: Record<Survival, number>
  lost: number
  corrupt: number
  other: number
  inFlight: number
  proven: number
  problems: string[]
}

function note(tally: Tally, problem: string, moment: string): void {
  if (problem.startsWith('lost')) tally.lost += 1
  else if (problem.startsWith('corrupt')) tally.corrupt += 1
  else tally.other += 1
  if (tally.problems.length < PROBLEMS_MAX) tally.problems.push(`${moment}: ${problem}`)
}

/** Serves an image again: every device repeats its push that was cut; then all is proven. */
async function goOn(folder: string, run: Run, acknowledged: ReadonlySet<number>) {
  const ledger = await openLedger(ledgerFile(folder), nodePorts)
  const histories: History[] = []
  for (const [device_id, own] of Map.groupBy(
    run.plan.entries(),
    ([, one]) => one.session.device_id,
  )) {
    const open = own.findIndex(([index]) => !acknowledged.has(index))
    const served = open < 0 ? own : own.slice(0, open + 1)
    const [, last] = must(served.at(-1), 'a push of a device that has some')
    await push(ledger, last.session, last.body, Date.now())
    const made = served.flatMap(([, { body }]) => body.ops)
    histories.push({ device_id, store_id: last.session.book, made, acknowledged: made.length })
  }
  const proof = await proveLedger(ledger, histories)
  await ledger.close()
  return isProven(proof) ? null : `other: ${proof.problems[0] ?? 'not proven'}`
}

/** The moments to cut at, sorted, each a number of records that had been done. */
function momentsOf(count: number, records: number, random: Random): number[] {
  const moments = Math.ceil(count / SURVIVALS.length)
  return Array.from({ length: moments }, () => random.whole(1, records)).sort((a, b) => a - b)
}

/** The log's index is made anew at every start; syncs are left out for a disk that lies. */
function isLeftOut({ kind, path }: DiskRecord, ignoresSync: boolean): boolean {
  return path.endsWith('-shm') || (ignoresSync && (kind === 'S' || kind === 'D'))
}

async function lookAtAll(run: Run, base: string, options: PowerOptions): Promise<Tally> {
  const { count, seed, say, ignoresSync = false } = options
  const random = seededRandom(`images/${seed}`)
  const disk = new Disk(run.files)
  const image = join(base, 'image')
  mkdirSync(image)
  const images = { none: 0, pieces: 0, all: 0 }
  const tally: Tally = {
    images,
    lost: 0,
    corrupt: 0,
    other: 0,
    inFlight: 0,
    proven: 0,
    problems: [],
  }
  const acknowledged = new Set<number>()
  let [done, looked] = [0, 0]
  for (const moment of momentsOf(count, run.records.length, random)) {
    for (; done < moment; done += 1) {
      const next = must(run.records[done], 'a record before the moment')
      if (next.path === ACKNOWLEDGEMENTS) acknowledged.add(next.data.readUInt32LE())
      else if (!isLeftOut(next, ignoresSync)) disk.take(next)
    }
    for (const survival of SURVIVALS) {
      layOut(image, disk.image(survival, random))
      const { inFlight, problem } = lookAt(image, run.sent, acknowledged)
      if (problem) note(tally, problem, `cut after ${moment} calls, ${survival} survived`)
      if (inFlight > 0) tally.inFlight += 1
      tally.images[survival] += 1
      looked += 1
      if (looked % SAY_EVERY === 0) say(`  ${looked} images`)
      if (problem || looked % PROVE_EVERY !== 0) continue
      const wrong = await goOn(image, run, acknowledged)
      if (wrong) note(tally, wrong, `served again after ${moment} calls, ${survival} survived`)
      tally.proven += 1
    }
  }
  return tally
}

/** Records one run of pushes and looks at `count` disks that power cuts could have left. */
export async function runPower(options: PowerOptions): Promise<Outcome> {
  const start = performance.now()
  const base = makeFastFolder('power')
  try {
    const run = await recordRun(base, options.seed)
    const calls = run.records.length
    const ops = run.sent.pushes.reduce((sum, { ops: own }) => sum + own.length, 0)
    const tally = await lookAtAll(run, base, options)
    const { images, lost, corrupt, other, inFlight, proven, problems } = tally
    const total = images.none + images.pieces + images.all
    const kinds = SURVIVALS.map((survival) => `${images[survival]} ${survival}`).join(', ')
    const lines = [
      `${PUSHES} pushes of ${ops} ops from several devices at once, recorded in ${calls} writing calls`,
      `${total} images (of what was not synced survived: ${kinds}): ${lost} lost, ` +
        `${corrupt} corrupt, ${other} otherwise wrong; ${inFlight} held a push under way, whole`,
      `${proven} of them served again: the cut pushes repeated, every figure recounted`,
      `seed ${options.seed}, ${secondsSince(start)}`,
    ]
    return { name: 'power', ok: lost + corrupt + other === 0, lines, problems }
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
}
