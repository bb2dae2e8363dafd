// SIGKILL at every write, sync, truncate and unlink of one push, and of the clean stop after it.
// strace ends the process as it enters its Nth call of a kind, for N = 1, 2, … until nothing is
// hit any more. The push is prepared so that it also moves the write-ahead log into the database.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { seededRandom } from '../demo/random.ts'
import { type ApiServer, openServerPool, type ServerPool } from './api-server.ts'
import { NOTES_ONLY, SimulatedDevice } from './device.ts'
import { copyInstallation, type DeviceCard, ledgerFile, makeInstallation } from './installation.ts'
import { Lacking, type Outcome, outcomeOf, type Say, secondsSince } from './outcome.ts'
import { type Proof, proveLedger, sumProofs } from './proof.ts'
import { pushOver } from './push-over.ts'
import { killAtCall } from './strace.ts'
import { whyNoTrace } from './tools.ts'

const CALLS = ['write', 'writev', 'pwrite64', 'fsync', 'fdatasync', 'ftruncate', 'unlink'] as const
type Call = (typeof CALLS)[number]
/** What the process is doing when it is killed. */
type Phase = 'push' | 'stop'

const SIZE = { stores: 1, devicesPerStore: 2, customersPerStore: 10 }
const PUSH_OPS = 12
const FRAME_BYTES = 4096 + 24
/** SQLite moves the log into the database when it has this many frames, its default. */
const CHECKPOINT_FRAMES = 1000
/** The log is filled up to here, so that the push that is killed goes past the limit. */
const FILLED_FRAMES = CHECKPOINT_FRAMES - 28
const SAY_EVERY = 50

interface Ground {
  pool: ServerPool
  template: string
  folder: string
  cards: readonly [DeviceCard, DeviceCard]
  /** Serves the folder after each kill; it is never killed itself. */
  next: ApiServer
}

/** Pushes small changes until the write-ahead log is nearly as long as SQLite lets it become. */
async function fillLog(url: string, folder: string, filler: SimulatedDevice): Promise<void> {
  const frames = () => statSync(`${ledgerFile(folder)}-wal`).size / FRAME_BYTES
  while (frames() < FILLED_FRAMES) {
    filler.work(1, Date.now(), NOTES_ONLY)
    await pushOver(url, filler)
    if (filler.problems.length > 0) throw new Error(filler.problems[0])
  }
}

async function makeGround(base: string, pool: ServerPool): Promise<Ground> {
  const [template, folder] = [join(base, 'template'), join(base, 'work')]
  const { ledger, cards } = await makeInstallation(template, SIZE, Date.now())
  await ledger.close()
  const next = pool.take()
  await next.open(template) // The accounts' database is made once, not at every start.
  await next.close()
  const [one, two] = cards
  if (!one || !two) throw new Error('unreachable: two tablets are enrolled')
  return { pool, template, folder, cards: [one, two], next }
}

/** The push reached the server, and no kill came before its answer did. */
async function isAnswered(url: string, device: SimulatedDevice): Promise<boolean> {
  try {
    await pushOver(url, device)
    return true
  } catch {
    return false
  }
}

/** Gives true when the process was killed at its Nth call before the phase was over. */
async function harm(
  server: ApiServer,
  device: SimulatedDevice,
  phase: Phase,
  call: Call,
  nth: number,
) {
  const url = server.url ?? ''
  if (phase === 'stop') await pushOver(url, device)
  const tracing = await killAtCall(server.pid, call, nth)
  const isUnharmed =
    phase === 'push'
      ? await isAnswered(url, device)
      : await server.close().then(
          () => true,
          () => false,
        )
  await tracing.stop()
  await server.kill()
  return !isUnharmed
}

interface Trial {
  isHit: boolean
  proof: Proof
}

/** One kill, one start after it, the same push again, and the proof. */
async function tryOnce(ground: Ground, phase: Phase, call: Call, nth: number): Promise<Trial> {
  const { pool, template, folder, cards, next } = ground
  copyInstallation(template, folder)
  const [filler, device] = cards.map(
    (card) => new SimulatedDevice(card, seededRandom(`${phase}/${call}/${nth}/${card.device_id}`)),
  )
  if (!filler || !device) throw new Error('unreachable: two cards, two devices')
  device.work(PUSH_OPS, Date.now())
  const server = pool.take()
  await fillLog(await server.open(folder), folder, filler)
  const isHit = await harm(server, device, phase, call, nth)
  const before = device.acknowledged
  await pushOver(await next.open(folder), device)
  await next.close()
  const ledger = await openLedger(ledgerFile(folder), nodePorts)
  const proof = await proveLedger(ledger, [filler, device])
  await ledger.close()
  if (before === 0 && device.repeated % PUSH_OPS !== 0)
    proof.problems.push(`half a push was kept: ${device.repeated} of ${PUSH_OPS} ops`)
  proof.problems.push(...device.problems)
  return { isHit, proof }
}

async function tryEvery(ground: Ground, phase: Phase, call: Call, say: Say) {
  const proofs: Proof[] = []
  for (let nth = 1; ; nth += 1) {
    const { isHit, proof } = await tryOnce(ground, phase, call, nth)
    proofs.push(proof)
    if (proof.problems.length > 0) say(`  ${phase}, ${call} ${nth}: ${proof.problems[0] ?? ''}`)
    if (!isHit) return { kills: nth - 1, proof: sumProofs(proofs) }
    if (nth % SAY_EVERY === 0) say(`  ${phase}: killed at ${nth} calls of ${call}`)
  }
}

/** Kills one push, and one clean stop, at each of their writing system calls. */
export async function runSyscalls({ say }: { say: Say }): Promise<Outcome> {
  const lacking = whyNoTrace()
  if (lacking !== null) throw new Lacking(lacking)
  const start = performance.now()
  const base = mkdtempSync(join(tmpdir(), 'regulars-syscalls-'))
  const pool = await openServerPool()
  try {
    const ground = await makeGround(base, pool)
    const proofs: Proof[] = []
    const lines: string[] = []
    for (const phase of ['push', 'stop'] as const) {
      const counts: string[] = []
      for (const call of CALLS) {
        const { kills, proof } = await tryEvery(ground, phase, call, say)
        counts.push(`${call} ${kills}`)
        proofs.push(proof)
      }
      lines.push(`${phase}: killed at every call of ${counts.join(', ')}`)
    }
    return outcomeOf('syscalls', [...lines, secondsSince(start)], sumProofs(proofs))
  } finally {
    await pool.close()
    rmSync(base, { recursive: true, force: true })
  }
}
