// A restore drill: tablets work and sync, a backup is taken at some moment, work goes on, the
// backup is restored, the tablets come back. Everything that is on a tablet must then be on the
// server, once, and the figures must be those of the facts. Same seed, same story.
// The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backUpSqlite, LEDGER_FILE } from '#sql/backup.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { rebuild } from '#sql/rebuild.ts'
import { restoreSqlite } from '#sql/restore.ts'
import { makeChain, MONDAY_10AM } from '#sql/test-ledger.ts'
import { verifyChains } from '#sql/verify.ts'
import { enrolAgain, openTablet, settleDown } from '#web/sync/test-tablet.ts'
import type { TestTablet, World } from '#web/sync/test-tablet.ts'
import { type Random, seededRandom } from '../demo/random.ts'
import { act, FAULTS } from './acts.ts'

const LATE_SHARE = 0.3
const HOUR_MS = 3_600_000

export interface Drill {
  seed: number
  /** Ops on the tablets when the backup was put in place, answered for or not. */
  held: number
  /** How many of them the restored server did not have. */
  missing: number
  /** How many of all held it has in the end. */
  recovered: number
  /** Ops that took effect more than once. */
  doubled: number
  /** Figures that a recount finds different, and breaks in the chains of hashes. */
  differences: number
  broken: number
}

export function isPassed(drill: Drill): boolean {
  const { held, recovered, doubled, differences, broken } = drill
  return recovered === held && doubled + differences + broken === 0
}

/** Runs one drill in a folder of its own, which is gone afterwards. */
export async function runRestoreDrill(seed: number): Promise<Drill> {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-drill-'))
  const tablets: TestTablet[] = []
  const world: World = { chain: await openChain(folder), now: MONDAY_10AM }
  try {
    return await drill(seed, folder, world, tablets)
  } finally {
    for (const { local } of tablets) local.close()
    await world.chain.ledger.close()
    rmSync(folder, { recursive: true })
  }
}

async function openChain(folder: string) {
  return makeChain(await openLedger(join(folder, LEDGER_FILE), nodePorts))
}

async function drill(
  seed: number,
  folder: string,
  world: World,
  tablets: TestTablet[],
): Promise<Drill> {
  const random = seededRandom(`drill ${seed}`)
  for (const store of [0, 0, 1, 2] as const) tablets.push(await openTablet(world, store))
  await settleDown(tablets)
  await work(world, tablets, random, random.whole(0, 60))
  await backUp(folder, world.now)
  const late = random.chance(LATE_SHARE) ? await openTablet(world, 1) : null
  if (late) tablets.push(late)
  if (late) await settleDown([late])
  await work(world, tablets, random, random.whole(1, 60))
  const held = await heldBy(tablets)
  world.now += HOUR_MS
  await restore(folder, world)
  const missing = held.size - (await known(world, held))
  // A tablet that the backup does not know is let in again by a new code.
  if (late) late.session = await enrolAgain(world, late.local, late.session.book)
  await work(world, tablets, random, random.whole(0, 20))
  await settleDown([...tablets, ...tablets])
  const { ledger } = world.chain
  const { broken } = await verifyChains(ledger, () => undefined)
  return {
    seed,
    held: held.size,
    missing,
    recovered: await known(world, held),
    doubled: await countDoubled(world),
    differences: (await rebuild(ledger, { write: false })).length,
    broken,
  }
}

/** Work and syncs over a network that fails as it likes. */
async function work(world: World, tablets: readonly TestTablet[], random: Random, steps: number) {
  for (let step = 0; step < steps; step += 1) {
    world.now += random.whole(1, 600_000)
    const tablet = random.pick(tablets)
    tablet.faultOf = () => random.pick(FAULTS)
    if (random.chance(0.35)) await tablet.engine.cycle()
    else await act(tablet, random)
  }
}

async function backUp(folder: string, now: number): Promise<void> {
  const backup = join(folder, 'backup')
  mkdirSync(backup)
  const accounts = join(folder, 'accounts.sqlite')
  await backUpSqlite({ ledger: join(folder, LEDGER_FILE), accounts }, backup, now)
}

async function restore(folder: string, world: World): Promise<void> {
  await world.chain.ledger.close()
  await restoreSqlite(join(folder, 'backup'), folder, world.now)
  const ledger = await openLedger(join(folder, LEDGER_FILE), nodePorts)
  world.chain = { ...world.chain, ledger }
}

async function heldBy(tablets: readonly TestTablet[]): Promise<Set<string>> {
  const rows = await Promise.all(tablets.map(({ local }) => local.db.op.toArray()))
  return new Set(rows.flat().map((row) => row.op.op_id))
}

/** How many of the ops the server has, in whatever state. */
async function known({ chain: { ledger } }: World, ids: Set<string>): Promise<number> {
  const { op } = ledger.t
  const rows = await ledger.db.selectDistinct({ id: op.op_id }).from(op)
  return rows.filter((row) => ids.has(row.id)).length
}

async function countDoubled({ chain: { ledger } }: World): Promise<number> {
  const { op } = ledger.t
  const rows = await ledger.db.select({ id: op.op_id, status: op.status }).from(op)
  const took = rows.filter((row) => row.status !== 'dup').map((row) => row.id)
  return took.length - new Set(took).size
}
