// The way of every write: one strict transaction that seals ops into the outbox and lays their
// effect over the record, so that what the screen shows and what will be sent never differ.
import { businessDay } from '#model/calendar.ts'
import { type Customer, customerOfRow, type NameKey } from '#model/customer.ts'
import { kindOf, readPayload } from '#model/kinds.ts'
import { BATCH_MAX_BYTES, BATCH_MAX_OPS } from '#model/limits.ts'
import { type DeviceHead, type Draft, headAfter, type Op, sealOp } from '#model/op.ts'
import type { StampedVisit } from '#model/apply.ts'
import { customerBase, homeOf, partedCustomer, partedVisit, visitBase } from './base.ts'
import type { Local } from './database.ts'
import { ownStore } from './device.ts'
import { LocalError } from './errors.ts'
import { readMetas, writeMeta } from './meta.ts'
import { customerView, stepCustomer, stepVisit, visitView } from './replay.ts'
import { withRoom } from './room.ts'
import type { OpRow } from './tables.ts'

/** Who writes: the unlocked clerk. */
export interface Author {
  actor_id: string
  unlock_id: string | null
}

/** A draft without what the commit knows by itself. */
export type Intent = Omit<Draft, 'store_id' | 'record_id'> & { name_key?: NameKey }

/** Room left in a push for everything that is not an op. */
const ENVELOPE_BYTES = 4096
const NO_KEY: NameKey = { pinyin: '', initials: '' }

interface Desk {
  store_id: string
  head: DeviceHead
  offset_ms: number
  dayOf(at: number): number
}

/** What a write needs of the device and its store; inside a transaction. */
async function readDesk(local: Local): Promise<Desk> {
  const { device, head, clock } = await readMetas(local.db, ['device', 'head', 'clock'])
  const store = device ? await ownStore(local.db, device.store_id) : null
  if (!device || !head || !store) throw new LocalError('no-device')
  return {
    store_id: device.store_id,
    head,
    offset_ms: clock?.offset_ms ?? 0,
    dayOf: (at) => businessDay(at, store.zone, store.cutoff_minutes),
  }
}

/** The payload as its schema reads it. A bad one must not become an op: it would be poison. */
function checked(intent: Intent): Record<string, unknown> {
  const schema = kindOf(intent.kind)?.takes[intent.type]
  if (!schema) throw new LocalError('invalid', `${intent.kind} ${intent.type}`)
  const read = readPayload(schema, intent.payload)
  if (!read.ok) throw new LocalError('invalid', read.detail)
  return read.value
}

interface Target {
  record_id: string
  customer_id: string | null
  base_seq: number
}

/** Seals intents as the device's next ops and puts them and the new head. */
async function sealAll(
  local: Local,
  author: Author,
  desk: Desk,
  target: Target,
  intents: readonly Intent[],
): Promise<OpRow[]> {
  const { db, deps } = local
  let { head } = desk
  const rows = intents.map((intent): OpRow => {
    const { name_key, ...said } = intent
    const payload = checked(intent)
    const draft: Draft = { ...said, payload, store_id: desk.store_id, record_id: target.record_id }
    const envelope = {
      op_id: deps.uuid(),
      actor_id: author.actor_id,
      unlock_id: author.unlock_id,
      base_seq: target.base_seq,
      ts_wall: deps.now(),
      offset_ms: desk.offset_ms,
      ts_mono: deps.monotonic(),
    }
    const op: Op = sealOp(draft, head, envelope, deps.sha256)
    head = headAfter(op)
    return {
      n: op.n,
      op,
      state: 'waiting',
      record_id: target.record_id,
      ...(target.customer_id === null ? {} : { customer_id: target.customer_id }),
      ...(name_key ? { name_key } : {}),
    }
  })
  checkSize(rows)
  await Promise.all([db.op.bulkAdd(rows), writeMeta(db, 'head', head)])
  return rows
}

/** What belongs together is sent together, so it must fit one push. */
function checkSize(rows: readonly OpRow[]): void {
  if (rows.length > BATCH_MAX_OPS) throw new LocalError('invalid', 'too-many')
  const bytes = new TextEncoder().encode(JSON.stringify(rows.map((row) => row.op))).length
  if (bytes > BATCH_MAX_BYTES - ENVELOPE_BYTES) throw new LocalError('invalid', 'too-large')
}

/** Runs a write and tells everyone who shows the database. */
async function inTransaction(local: Local, work: () => Promise<OpRow[]>): Promise<Op[]> {
  const { db } = local
  const rows = await withRoom(local, () =>
    db.transaction('rw', [db.meta, db.op, db.view, db.row, db.visiting], work),
  )
  if (rows.length > 0) local.changes.announce({ type: 'written' })
  return rows.map((row) => row.op)
}

/**
 * Writes ops about one customer. `build` gets the customer as the screen shows it (undefined when
 * there is none) and gives what is to be written; nothing is written when it gives nothing.
 */
export async function commitCustomer(
  local: Local,
  author: Author,
  id: string,
  build: (customer: Customer | undefined) => readonly Intent[],
): Promise<Op[]> {
  const { db } = local
  const parted = await partedCustomer(local, id)
  const ops = await inTransaction(local, async () => {
    const desk = await readDesk(local)
    const [view, found] = await Promise.all([
      db.view.get(id),
      customerBase(db, id, parted, desk.store_id),
    ])
    const base = typeof found === 'object' ? found : null
    const shown = view?.kind === 'customer' ? view.body : base && customerOfRow(base.body)
    const intents = build(shown ?? undefined)
    const target = { record_id: id, customer_id: id, base_seq: base?.seq ?? 0 }
    const rows = await sealAll(local, author, desk, target, intents)
    const body = rows.reduce((state, row) => stepCustomer(state, row.op), shown ?? undefined)
    const known = view?.kind === 'customer' ? view.key : base?.body
    const key = rows.findLast((row) => row.name_key)?.name_key ?? known
    if (body && rows.length > 0) await db.view.put(customerView(body, key ?? NO_KEY))
    return rows
  })
  if (ops.length > 0) local.changes.announce({ type: 'customers', ids: [id] })
  return ops
}

/**
 * Writes a visit that was not there before and gives its id. `build` gets the customer's home, null
 * for people nobody asked for a name. Everything it needs is read by the transaction that writes.
 */
export async function commitNewVisit(
  local: Local,
  author: Author,
  customer_id: string | null,
  build: (home_store_id: string | null) => Intent,
): Promise<string> {
  const { db } = local
  const id = local.deps.uuid()
  const isParted = customer_id !== null && (await local.parts.find(customer_id)) !== null
  let after: StampedVisit | undefined
  await inTransaction(local, async () => {
    const desk = await readDesk(local)
    const home = customer_id && (await homeOf(db, desk.store_id, customer_id, isParted))
    const target = { record_id: id, customer_id, base_seq: 0 }
    const rows = await sealAll(local, author, desk, target, [build(home)])
    after = rows.reduce<StampedVisit | undefined>(
      (state, row) => stepVisit(state, row.op, desk.dayOf),
      undefined,
    )
    if (after) await db.view.put(visitView(after))
    return rows
  })
  if (after?.customer_id)
    local.changes.announce({ type: 'visits', latest: [[after.customer_id, after.at]] })
  return id
}

/** Writes ops about a visit that may be here; `build` gets it as shown, or undefined. */
export async function commitVisit(
  local: Local,
  author: Author,
  visit: { id: string; customer_id: string | null },
  build: (visit: StampedVisit | undefined) => readonly Intent[],
): Promise<Op[]> {
  const { db } = local
  const parted = await partedVisit(local, visit.id, visit.customer_id)
  let after: StampedVisit | undefined
  const ops = await inTransaction(local, async () => {
    const desk = await readDesk(local)
    const view = await db.view.get(visit.id)
    const base = await visitBase(db, visit.id, parted)
    const stored = base ? { ...base.body, stamps: {} } : undefined
    const shown = view?.kind === 'visit' ? view.body : stored
    const intents = build(shown)
    const customer_id = shown?.customer_id ?? visit.customer_id
    const target = { record_id: visit.id, customer_id, base_seq: base?.seq ?? 0 }
    const rows = await sealAll(local, author, desk, target, intents)
    after = rows.reduce((state, row) => stepVisit(state, row.op, desk.dayOf), shown)
    if (after && rows.length > 0) await db.view.put(visitView(after))
    return rows
  })
  if (ops.length > 0 && after?.customer_id) {
    const at = after.void ? null : after.at
    local.changes.announce({ type: 'visits', latest: [[after.customer_id, at]] })
  }
  return ops
}
