// The invariants that must hold after every step. Each is checked on what lies on the disks and in
// the ledger's tables, and only where something changed.
import { isLater, type Stamp } from '#model/op.ts'
import type { OpRow } from '#web/local/tables.ts'
import { metaOnDisk, overlayOnDisk, viewsOnDisk } from './disk.ts'
import { heldOfStore } from './shown.ts'
import type { StepKind } from './schedule.ts'
import type { Tablet } from './tablet.ts'
import type { Logged, Truth } from './truth.ts'
import type { World } from './world.ts'

/** How far each feed of a disk had come, to see that none goes back. */
export type Marks = Map<string, number>

export interface Memory {
  truth: Truth
  marks: Marks
  /** Customers that each disk's own people made, with the op that did, by disk and store. */
  born: Map<string, Map<string, string>>
  /** Ops in the quarantine that no person has decided about. */
  open: Set<string>
  serverNo: number
}

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

function checkFeeds(world: World, { truth }: Memory): void {
  for (const [feed, { seq }] of truth.server.heads) {
    const seqs = truth.server.seqs.get(feed) ?? []
    if (new Set(seqs).size !== seqs.length) world.fail(`I8 a number twice in feed ${feed}`)
    const top = seqs.reduce((max, one) => Math.max(max, one), 0)
    if (top > seq) world.fail(`I8 feed ${feed} has row ${top} above its head ${seq}`)
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
  checkFeeds(world, memory)
  checkQuarantine(world, memory)
}

/** I5: what a tablet holds as answered has an outcome on the server of that epoch. */
function checkAnswered(world: World, tablet: Tablet, memory: Memory): void {
  const device = tablet.device
  const known = memory.truth.server.devices.get(device?.device_id ?? '')
  if (!known || known.epoch !== metaOnDisk(tablet.database, 'epoch')) return
  for (const [id, row] of memory.truth.disks.get(tablet) ?? []) {
    if (row.state === 'waiting') continue
    if (!memory.truth.server.byId.has(id))
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

const VIEWED = new Set(['customer', 'consent', 'tagging', 'visit'])

/** True for an op whose effect the screens of this tablet must show until a pull brings it. */
function isShown(row: OpRow, storeId: string): boolean {
  return VIEWED.has(row.op.kind) && row.op.store_id === storeId
}

/** I11: what a clerk saved stays visible until the server's rows contain it. */
function checkOwnWrites(world: World, tablet: Tablet, { truth }: Memory): void {
  const { storeId, database } = tablet
  const rows = [...(truth.disks.get(tablet)?.values() ?? [])]
  const isOwn = (row: OpRow) =>
    world.saved.has(row.op.op_id) && !isRefused(world, truth, row.op.op_id)
  const own = rows.filter((row) => storeId && isOwn(row) && isShown(row, storeId))
  if (own.length === 0 || !storeId) return
  const views = new Map(viewsOnDisk(database).map((view) => [view.id, view]))
  const hidden = new Set(
    overlayOnDisk(database)
      .filter((row) => row.state !== 'put')
      .map((row) => row.id),
  )
  let held: ReturnType<typeof heldOfStore> | null = null
  for (const row of own) {
    const view = views.get(row.record_id)
    const isOpen = row.state === 'waiting' || row.state === 'sent'
    if (isOpen && view) checkStamps(world, tablet, row, view.body)
    if (view || hidden.has(row.record_id) || !isBirth(row)) continue
    held ??= heldOfStore(database, storeId)
    const isDue = isOpen || (row.state === 'acked' && isInFeed(truth, storeId, row))
    if (isDue && !held.has(row.record_id))
      world.fail(`I11 ${tablet.name} does not show op ${row.n} (${row.state} ${row.op.type})`)
  }
}

/**
 * What the server refused once is not shown as done any more, even while it is offered again; what
 * a person decided about comes back with the feed.
 */
function isRefused(world: World, truth: Truth, opId: string): boolean {
  if (world.decided.has(opId)) return true
  return truth.server.byId.get(opId)?.some((one) => one.status === 'quarantined') ?? false
}

function isBirth({ op }: OpRow): boolean {
  return op.type === 'create' || op.type === 'visit'
}

/** Whether the store's feed has what an op made. Of visits parts need not hold the old ones. */
function isInFeed(truth: Truth, storeId: string, { op, record_id }: OpRow): boolean {
  return op.type === 'create' && truth.server.puts.has(`${storeId} ${record_id}`)
}

/** I11 for what has left the outbox: a customer made here is found here as long as they stay. */
function checkBorn(world: World, tablet: Tablet, { truth, born }: Memory): void {
  const { database, storeId } = tablet
  if (!storeId) return
  const key = `${tablet.name} ${tablet.diskNo} ${storeId}`
  const mine = born.get(key) ?? new Map<string, string>()
  // What a tablet held before it went to another store and came back is not with it any more.
  for (const other of born.keys()) if (other.startsWith(`${tablet.name} `)) born.delete(other)
  born.set(key, mine)
  for (const { op, record_id } of truth.disks.get(tablet)?.values() ?? [])
    if (op.type === 'create' && op.store_id === storeId && world.saved.has(op.op_id))
      mine.set(record_id, op.op_id)
  if (mine.size === 0) return
  const held = heldOfStore(database, storeId)
  const views = new Set(viewsOnDisk(database).map((view) => view.id))
  for (const [id, opId] of mine) {
    if (held.has(id) || views.has(id) || isRefused(world, truth, opId)) continue
    if (truth.server.puts.has(`${storeId} ${id}`))
      world.fail(`I11 ${tablet.name} lost the customer that op ${opId} made`)
  }
}

function checkStamps(world: World, tablet: Tablet, row: OpRow, body: object): void {
  const { op } = row
  if (op.kind !== 'customer' || op.type !== 'set') return
  const stamps = Reflect.get(body, 'stamps') as Partial<Record<string, Stamp>>
  const mine: Stamp = [op.ts_wall + op.offset_ms, op.op_id]
  for (const field of Object.keys(op.payload)) {
    if (field === 'home_store_id') continue
    const stamp = stamps[field]
    // What changes nothing leaves no stamp.
    if (!stamp && Reflect.get(body, field) === op.payload[field]) continue
    if (stamp?.[1] !== op.op_id && !isLater(stamp ?? [-Infinity, ''], mine))
      world.fail(`I11 ${tablet.name} does not show ${field} of op ${row.n}`)
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
  await memory.truth.look(world)
  if (isServerChanged) checkServer(world, memory)
  for (const tablet of world.touched) checkTablet(world, tablet, memory)
  for (const tablet of isServerChanged ? world.tablets : world.touched)
    checkAnswered(world, tablet, memory)
  if (isServerChanged || world.touched.size > 0)
    for (const id of memory.truth.lost(step)) {
      const row = memory.truth.ops.get(id)
      world.fail(`I2 nobody holds op ${id} (${row?.op.kind} ${row?.op.type}, was ${row?.state})`)
    }
  world.touched.clear()
}
