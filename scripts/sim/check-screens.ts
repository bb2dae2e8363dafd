// What the screens of a tablet must show: I11, read from its disk.
import { isLater, type Stamp } from '#model/op.ts'
import type { OpRow } from '#web/local/tables.ts'
import { metaOnDisk, overlayOnDisk, viewsOnDisk } from './disk.ts'
import type { Memory } from './memory.ts'
import { heldOfStore } from './shown.ts'
import type { Tablet } from './tablet.ts'
import type { Truth } from './truth.ts'
import type { World } from './world.ts'

const VIEWED = new Set(['customer', 'consent', 'tagging', 'visit'])

/** True for an op whose effect the screens of this tablet must show until a pull brings it. */
function isShown(row: OpRow, storeId: string): boolean {
  return VIEWED.has(row.op.kind) && row.op.store_id === storeId
}

/** What a clerk saved stays visible until the server's rows contain it. */
export function checkOwnWrites(world: World, tablet: Tablet, memory: Memory): void {
  const { storeId, database } = tablet
  const { truth } = memory
  const rows = [...(truth.disks.get(tablet)?.values() ?? [])]
  const isOwn = (row: OpRow) => world.saved.has(row.op.op_id) && !isPast(memory, world, row)
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
    const isMade = row.state === 'acked' && row.op.type === 'create'
    const isDue = isOpen || (isMade && isDueInFeed(tablet, truth, row.record_id))
    if (isDue && !held.has(row.record_id))
      world.fail(`I11 ${tablet.name} does not show op ${row.n} (${row.state} ${row.op.type})`)
  }
}

/**
 * What the server refused once is not shown as done any more, even while it is offered again; what
 * was said of a person who was erased is shown to nobody.
 */
function isPast({ truth }: Memory, world: World, { op, record_id, customer_id }: OpRow): boolean {
  const isErased = world.everErased.has(record_id) || world.everErased.has(customer_id ?? '')
  return isErased || truth.refused.has(op.op_id)
}

function isBirth({ op }: OpRow): boolean {
  return op.type === 'create' || op.type === 'visit'
}

/** Whether the tablet has pulled past the record's place in its store's feed. */
function isDueInFeed({ database, storeId }: Tablet, truth: Truth, id: string): boolean {
  const seq = truth.server.puts.get(`${storeId} ${id}`)
  const state = metaOnDisk(database, 'feeds')?.[storeId ?? '']
  const head = truth.server.heads.get(storeId ?? '')
  if (seq === undefined || !state?.whole || state.epoch !== head?.epoch) return false
  return seq <= state.cursor
}

/** The same for what has left the outbox: a customer made here is found here while they stay. */
export function checkBorn(world: World, tablet: Tablet, memory: Memory): void {
  const { database, storeId } = tablet
  const { truth, born } = memory
  const key = `${tablet.name} ${tablet.diskNo} ${storeId}`
  const mine = born.get(key) ?? new Map<string, string | null>()
  // What a tablet held before it was emptied, or went to another store and came back, is not with
  // it any more.
  for (const other of born.keys()) if (other.startsWith(`${tablet.name} `)) born.delete(other)
  if (!storeId) return
  born.set(key, mine)
  const made = [...(truth.disks.get(tablet)?.values() ?? [])].filter(
    ({ op, record_id }) =>
      op.type === 'create' &&
      op.store_id === storeId &&
      !mine.has(record_id) &&
      world.saved.has(op.op_id),
  )
  if (made.length + mine.size === 0) return
  const held = heldOfStore(database, storeId)
  const views = new Set(viewsOnDisk(database).map((view) => view.id))
  // A disk that was put back may be from when they had left; a pull brings them again.
  const isDue = ({ state, record_id: id }: OpRow) =>
    state !== 'acked' || held.has(id) || views.has(id) || isDueInFeed(tablet, truth, id)
  for (const row of made.filter(isDue)) mine.set(row.record_id, row.op.op_id)
  for (const [id, opId] of mine) {
    if (opId === null || truth.refused.has(opId)) continue
    // Moved away or erased, as the tablet may hear long after: who comes back comes by a pull.
    if (truth.server.went.has(`${storeId} ${id}`)) mine.set(id, null)
    else if (held.has(id) || views.has(id)) continue
    else if (truth.server.puts.has(`${storeId} ${id}`))
      world.fail(`I11 ${tablet.name} lost the customer that op ${opId} made`)
    else mine.set(id, null)
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
