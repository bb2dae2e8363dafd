// The invariants that must hold after every step. Each is checked on what lies on the disks and in
// the ledger's tables, and only where something changed.
import { headPast } from '#model/skip.ts'
import { checkOldOps } from './check-apps.ts'
import { checkTimes, noteClock } from './check-clocks.ts'
import { checkNumbers, checkRows } from './check-feeds.ts'
import { checkFollowed } from './check-merged.ts'
import { checkBorn, checkOwnWrites } from './check-screens.ts'
import { metaOnDisk } from './disk.ts'
import type { Memory } from './memory.ts'
import type { StepKind } from './schedule.ts'
import type { Tablet } from './tablet.ts'
import type { Logged } from './truth.ts'
import type { World } from './world.ts'

function checkOps(world: World, { truth }: Memory): void {
  const last = new Map<string, Logged>()
  for (const one of truth.server.ops) {
    const before = last.get(one.device_id)
    if (before && before.received_at > one.received_at)
      world.fail(`I9 op ${one.n} of ${one.device_id} was taken before ${before.n}`)
    last.set(one.device_id, one)
  }
  for (const [id, outcomes] of truth.server.byId) {
    const first = outcomes.filter((one) => one.status !== 'dup')
    if (first.length > 1)
      world.fail(`I1 op ${id} took effect ${first.map((one) => one.status).join(' and ')}`)
  }
  for (const [id, device] of truth.server.devices) {
    const head = last.get(id)
    if (head && device.last_n !== head.n)
      world.fail(`I9 the head of ${id} is ${device.last_n}, its last op ${head.n}`)
  }
}

function checkQuarantine(world: World, memory: Memory): void {
  const { quarantine } = memory.truth.server
  if (memory.serverNo !== world.serverNo) memory.open.clear()
  memory.serverNo = world.serverNo
  for (const id of memory.open)
    if (!quarantine.has(id)) world.fail(`I12 op ${id} left the quarantine by itself`)
  const open = [...quarantine.values()].filter(({ state }) => state === 'open')
  for (const { op_id, state } of quarantine.values())
    if (state !== 'open' && memory.open.has(op_id) && !world.decided.has(op_id))
      world.fail(`I12 nobody decided about op ${op_id}, which is ${state}`)
  memory.open = new Set(open.map(({ op_id }) => op_id))
}

/** Everything that must hold of the server's tables at any moment. */
export function checkServer(world: World, memory: Memory): void {
  checkOps(world, memory)
  checkRows(world, memory)
  checkTimes(world, memory)
  checkOldOps(world, memory)
  checkQuarantine(world, memory)
}

/** I5: what a tablet holds as answered has an outcome on the server of that epoch. */
function checkAnswered(world: World, tablet: Tablet, memory: Memory): void {
  const device = tablet.device
  const known = memory.truth.server.devices.get(device?.device_id ?? '')
  if (!known || known.epoch !== metaOnDisk(tablet.database, 'epoch')) return
  for (const [id, row] of memory.truth.disks.get(tablet) ?? []) {
    if (row.state === 'waiting') continue
    // A skip stands for what this tablet lost; a server that was set back may have that itself.
    const meant = row.op.type === 'skip' ? headPast(row.op).op_id : id
    const { byId } = memory.truth.server
    if (!byId.has(id) && !byId.has(meant ?? ''))
      world.fail(`I5 ${tablet.name} holds op ${row.n} as ${row.state}, the server has none`)
  }
}

/** I6: within an epoch no cursor goes back. */
function checkCursors(world: World, tablet: Tablet, { marks }: Memory): void {
  for (const [feed, { cursor, epoch, gen }] of Object.entries(
    metaOnDisk(tablet.database, 'feeds') ?? {},
  )) {
    const key = `${tablet.name} ${tablet.diskNo} ${feed} ${epoch} ${gen}`
    const before = marks.get(key) ?? 0
    if (cursor < before) world.fail(`I6 ${tablet.name} went back from ${before} to ${cursor}`)
    marks.set(key, cursor)
  }
}

/** Everything that must hold of a tablet's disk at any moment. */
export function checkTablet(world: World, tablet: Tablet, memory: Memory): void {
  for (const fault of tablet.faults.splice(0)) world.fail(`${tablet.name} threw ${fault}`)
  checkCursors(world, tablet, memory)
  checkOwnWrites(world, tablet, memory)
  checkBorn(world, tablet, memory)
}

/** Looks at what changed and checks it. `step` is null when no fault may destroy anything. */
export async function check(world: World, memory: Memory, step: StepKind | null): Promise<void> {
  const isServerChanged = world.server.handled > 0
  await memory.truth.look(world, step)
  for (const tablet of world.touched) noteClock(world, tablet, memory)
  if (isServerChanged) {
    await checkNumbers(world, memory)
    checkServer(world, memory)
    await checkFollowed(world, memory)
  }
  for (const tablet of world.touched) checkTablet(world, tablet, memory)
  for (const tablet of isServerChanged ? world.tablets : world.touched)
    checkAnswered(world, tablet, memory)
  if (isServerChanged || world.touched.size > 0)
    for (const id of memory.truth.lost(step, world.now)) {
      const row = memory.truth.ops.get(id)
      world.fail(`I2 nobody holds op ${id} (${row?.op.kind} ${row?.op.type}, was ${row?.state})`)
    }
  world.touched.clear()
}
