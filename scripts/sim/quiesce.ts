// The end of a run: the network is fair, every disk is mended, somebody sees to every tablet. All
// must come to rest then, and agree.
import type { CustomerRow } from '#model/customer.ts'
import { canonicalJson } from '#model/canonical.ts'
import { MISSING_AFTER_MS } from '#model/device.ts'
import { CHAIN } from '#model/id.ts'
import { silentLosses } from '#sql/loss.ts'
import { rebuild } from '#sql/rebuild.ts'
import { stateHash } from '#sql/state-hash.ts'
import { getCustomer } from '#web/local/read.ts'
import { check } from './check.ts'
import { checkClockKnown } from './check-clocks.ts'
import { checkErased } from './check-erased.ts'
import { checkSurvivors } from './check-merged.ts'
import { metaOnDisk, opsOnDisk, overlayOnDisk, viewsOnDisk } from './disk.ts'
import { mendDisk } from './disk-faults.ts'
import type { Memory } from './memory.ts'
import { checkOldApps } from './quiesce-apps.ts'
import { type Held, heldOfStore } from './shown.ts'
import { mend, needsPerson } from './steps/device.ts'
import type { Tablet } from './tablet.ts'
import { viewLosses } from './truth.ts'
import type { World } from './world.ts'

const ROUNDS_MAX = 14
const TIDY_MS = 7 * 3_600_000
/** Messages that are still on their way at the end, and what they lead to. */
const DRAIN_MAX = 1000

function isRevoked({ device }: Tablet, revoked: ReadonlySet<string>): boolean {
  return revoked.has(device?.device_id ?? '')
}

async function revokedDevices(world: World): Promise<Set<string>> {
  const { t, db } = world.server.ledger
  const rows = await db.select({ id: t.device.id, state: t.device.state }).from(t.device)
  return new Set(rows.filter((row) => row.state === 'revoked').map((row) => row.id))
}

/** Lets everything arrive that is on its way; who waits for a lost answer gives up, and goes on. */
async function drain(world: World): Promise<void> {
  const { queue } = world.network
  for (let left = DRAIN_MAX; left > 0; left -= 1) {
    const message = queue.find((one) => one.phase !== 'lost')
    if (message) await world.deliver(message, null)
    else {
      await world.passUntil(world.now + 60_000)
      if (queue.length === 0) return
    }
  }
}

function openOps({ database }: Tablet): number {
  return opsOnDisk(database).filter(({ state }) => state === 'waiting' || state === 'sent').length
}

/** Whether a tablet has work to hand in: unsent, or such as the server, as it is now, lacks. */
function hasToHandIn({ database }: Tablet, { truth }: Memory): boolean {
  return opsOnDisk(database).some(
    ({ op, state }) => state === 'waiting' || !truth.server.byId.has(op.op_id),
  )
}

/** One fair cycle of every tablet; true when nothing was left to do. */
async function goAround(world: World, memory: Memory, isLate: boolean): Promise<boolean> {
  let isQuiet = true
  const before = headsOf(memory)
  for (const tablet of world.tablets) {
    const revoked = await revokedDevices(world)
    const isShutOut = isRevoked(tablet, revoked)
    // A copy of a tablet that was shut out cannot hand in its work but under another name. Nor can
    // one whose answers are those of a server that was set back.
    if (
      needsPerson(tablet) &&
      (!isShutOut || (isLate && (openOps(tablet) > 0 || hasToHandIn(tablet, memory))))
    ) {
      await mend(world, tablet, world.random)
      isQuiet = false
    }
    world.now += 1_000
    await world.sync(tablet, 0, () => null)
    await check(world, memory, null)
    if (isRevoked(tablet, await revokedDevices(world))) {
      if (hasToHandIn(tablet, memory)) isQuiet = false
    } else if (openOps(tablet) > 0 || metaOnDisk(tablet.database, 'trouble')) isQuiet = false
  }
  return isQuiet && headsOf(memory) === before
}

/** How far the feeds have come; who synced before one moved has not seen all. */
function headsOf({ truth }: Memory): string {
  return [...truth.server.heads]
    .map(([feed, { seq }]) => `${feed} ${seq}`)
    .sort()
    .join()
}

interface Row {
  id: string
  kind: string
  state: string
  body: unknown
}

async function rowsOfFeed(world: World, feed: string): Promise<Row[]> {
  const { t, db } = world.server.ledger
  const all = await db.select().from(t.feedRow).orderBy(t.feedRow.store_id, t.feedRow.id)
  return all.filter((row) => row.store_id === feed)
}

/**
 * Parts leave out visits that were taken back, and old ones of people who are not in the feed:
 * without a name, or moved away.
 */
function mayMiss({ kind, body }: Row, here: ReadonlySet<string>): boolean {
  if (kind !== 'visit' || typeof body !== 'object' || body === null) return false
  const customer: unknown = Reflect.get(body, 'customer_id')
  return Reflect.get(body, 'void') === true || !here.has(String(customer))
}

function text(body: unknown): string {
  return canonicalJson(body as Parameters<typeof canonicalJson>[0])
}

function compare(world: World, tablet: Tablet, held: Map<string, Held>, rows: Row[]): void {
  const known = new Set<string>()
  const customers = rows.filter((row) => row.kind === 'customer' && row.state === 'put')
  const here = new Set(customers.map((row) => row.id))
  for (const row of rows) {
    if (row.state !== 'put') continue
    known.add(row.id)
    const mine = held.get(row.id)
    if (!mine || mine.state !== 'put') {
      if (!mayMiss(row, here)) world.fail(`I3 ${tablet.name} misses ${row.kind} ${row.id}`)
    } else if (text(mine.body) !== text(row.body))
      world.fail(`I3 ${tablet.name} has another ${row.kind} ${row.id}`)
  }
  for (const [id, mine] of held)
    if (mine.state === 'put' && !known.has(id))
      world.fail(`I4 ${tablet.name} holds ${mine.kind} ${id}, which its feed has not`)
}

async function compareTablet(world: World, tablet: Tablet): Promise<void> {
  const { database, storeId } = tablet
  if (!storeId) return world.fail(`I10 ${tablet.name} has no store`)
  compare(world, tablet, heldOfStore(database, storeId), await rowsOfFeed(world, storeId))
  const chain = overlayOnDisk(database).filter((row) => row.feed === CHAIN)
  const held = new Map(chain.map(({ id, kind, state, body }) => [id, { kind, state, body }]))
  compare(world, tablet, held, await rowsOfFeed(world, CHAIN))
  const feeds = new Set(overlayOnDisk(database).map((row) => row.feed))
  for (const feed of feeds)
    if (feed !== CHAIN && feed !== storeId) world.fail(`I4 ${tablet.name} holds rows of ${feed}`)
  const views = viewsOnDisk(database).length
  if (views > 0) world.fail(`I10 ${tablet.name} still has ${views} views`)
  await readOne(world, tablet, storeId)
}

/** The record that a held one is part of, as far as it is held; itself when of none. */
function personHeld(held: ReturnType<typeof heldOfStore>, id: string): string {
  const { merged_into: into } = (held.get(id)?.body ?? {}) as Partial<CustomerRow>
  return into !== undefined && held.get(into)?.state === 'put' ? personHeld(held, into) : id
}

/** Whoever has a record of somebody has the one that stands for them. */
function checkParts(world: World, tablet: Tablet, held: ReturnType<typeof heldOfStore>): void {
  for (const [id, row] of held) {
    if (row.kind !== 'customer' || row.state !== 'put') continue
    const { merged_into: into } = row.body as CustomerRow
    if (into !== undefined && held.get(into)?.state !== 'put')
      world.fail(`I3 ${tablet.name} holds ${id} and not ${into}, which it is part of`)
  }
}

/** The app's own reader must say the same as the disk, for one customer. */
async function readOne(world: World, tablet: Tablet, storeId: string): Promise<void> {
  const held = heldOfStore(tablet.database, storeId)
  const ids = [...held].filter(([, row]) => row.kind === 'customer' && row.state === 'put')
  checkParts(world, tablet, held)
  const [id] = ids[world.random.whole(0, Math.max(0, ids.length - 1))] ?? []
  if (!id) return
  const row = held.get(personHeld(held, id))
  const shown = await getCustomer(await tablet.local(), id)
  if (text(shown?.row ?? null) !== text(row?.body))
    world.fail(`I3 ${tablet.name} shows another customer ${id} than it holds`)
}

/** Every op reached the server, also what a tablet held that was shut out. */
function checkOutcomes(world: World, { truth }: Memory): void {
  for (const id of truth.ops.keys())
    if (!truth.excused.has(id) && !truth.server.byId.has(id)) {
      const row = truth.ops.get(id)
      world.fail(`I2 op ${id} (${row?.op.kind} ${row?.op.type}) never reached the server`)
    }
}

/**
 * Work that was destroyed with a disk stands in the loss ledger, as far as the device had told the
 * server of it. What was told in a message that came only after the device went on under another
 * name shows there after the days of silence that make any device's work missing.
 */
async function checkLosses(world: World, { truth }: Memory): Promise<void> {
  if (world.serverNo > 0) return // A restored ledger knows less of what it was told.
  const { losses: stored, replaced } = await viewLosses(world)
  const later = world.now + MISSING_AFTER_MS + 1
  const losses = [...stored, ...(await silentLosses(world.server.ledger, { all: true }, later))]
  for (const id of truth.destroyed) {
    const name = truth.names.get(id)
    const device = truth.server.devices.get(name?.device_id ?? '')
    if (!name || !device || !replaced.has(device.device_id)) continue
    // Of two ops under one number of a device and its copy, the number told may be the other's.
    if (truth.shared.has(`${name.device_id} ${name.n}`)) continue
    const isTold = name.n > device.last_n && name.n <= (device.max_n ?? 0)
    const isListed = losses.some(
      (one) => one.device_id === name.device_id && one.from_n <= name.n && name.n <= one.to_n,
    )
    if (isTold) world.count('told of a loss')
    if (isTold && !isListed) world.fail(`I2 op ${name.n} of ${name.device_id} is in no loss entry`)
  }
}

/** Ops of one group took effect together or not at all, whoever is asked. */
function checkTogether(world: World, { truth }: Memory): void {
  const groups = Map.groupBy(truth.ops.values(), (row) => row.op.tx ?? '')
  for (const [tx, rows] of groups) {
    const known = rows.flatMap((row) => truth.server.byId.get(row.op.op_id) ?? [])
    const outcomes = new Set(known.map((one) => one.status).filter((one) => one !== 'dup'))
    if (tx !== '' && outcomes.size > 1) world.fail(`tx ${tx} was applied in part`)
  }
}

/** Goes around until nothing is left to do; false when that does not come. */
async function comeToRest(world: World, memory: Memory): Promise<boolean> {
  for (let round = 0; round < ROUNDS_MAX && world.violations.length === 0; round += 1)
    if (await goAround(world, memory, round > ROUNDS_MAX / 2)) return true
  return false
}

/** Lets everything come to rest and checks all that must hold then. Gives the state's hash. */
export async function quiesce(world: World, memory: Memory): Promise<string> {
  for (const tablet of world.tablets) mendDisk(tablet.database)
  await drain(world)
  await checkOldApps(world, memory)
  let isQuiet = await comeToRest(world, memory)
  if (world.erased.size > 0) {
    // What tablets do a few times a day only: asking about people whom no feed tells them of.
    world.now += TIDY_MS
    isQuiet = await comeToRest(world, memory)
  }
  if (world.violations.length > 0) return ''
  const revoked = await revokedDevices(world)
  const shutOut = new Set(world.tablets.filter((one) => isRevoked(one, revoked)))
  for (const tablet of world.tablets) {
    const waiting = opsOnDisk(tablet.database).filter(({ state }) => state === 'waiting').length
    if (waiting > 0) world.fail(`I10 ${waiting} ops of ${tablet.name} do not get away`)
    if (shutOut.has(tablet)) continue
    if (!isQuiet && openOps(tablet) > 0) world.fail(`I10 ${tablet.name} does not come to rest`)
    await compareTablet(world, tablet)
    await checkClockKnown(world, tablet)
    await checkSurvivors(world, tablet, heldOfStore(tablet.database, tablet.storeId ?? ''), memory)
  }
  checkOutcomes(world, memory)
  checkTogether(world, memory)
  await checkLosses(world, memory)
  await checkErased(world, memory, shutOut)
  const differences = await rebuild(world.server.ledger, { write: false })
  const figures = differences.filter((one) => one.what !== 'rollup')
  for (const one of figures.slice(0, 3)) world.fail(`rebuild differs: ${JSON.stringify(one)}`)
  return stateHash(world.server.ledger)
}
