// Views follow their ops: when the server's row changes, or an op is acknowledged or refused, the
// view is made again from the base and the ops that are still on their way, and goes when none is.
import { canonicalJson } from '#model/canonical.ts'
import { kindOf } from '#model/kinds.ts'
import type { CustomerRow } from '#model/customer.ts'
import type { Visit } from '#model/visit.ts'
import {
  type Base,
  customerBaseOf,
  partedCustomer,
  partedVisit,
  storeFeed,
  visitBaseOf,
} from './base.ts'
import type { Local } from './database.ts'
import { dropViews, opsIn, viewsOf } from './many.ts'
import { customerView, replayCustomer, replayVisit, visitView } from './replay.ts'
import type { LocalDatabase } from './schema.ts'
import { isSkip } from './skip.ts'
import type { OpRow, OverlayRow, ViewRow } from './tables.ts'

export type DayOf = (at: number) => number

/** What parts say of records, read before the transaction that makes their views again. */
export interface Parted {
  customers: Map<string, Base<CustomerRow>>
  visits: Map<string, Base<Visit>>
}

export const NOTHING_PARTED: Parted = { customers: new Map(), visits: new Map() }

/**
 * Ops on their way, by record, in the order they were written. What was emptied, or is about the
 * device itself, has no effect to show.
 */
export async function unsentByRecord(db: LocalDatabase): Promise<Map<string, OpRow[]>> {
  return byRecordOf(await opsIn(db, 'waiting', 'sent'))
}

export function byRecordOf(rows: readonly OpRow[]): Map<string, OpRow[]> {
  const byRecord = new Map<string, OpRow[]>()
  for (const row of rows) {
    if (row.redacted || isSkip(row)) continue
    const known = byRecord.get(row.record_id)
    if (known) known.push(row)
    else byRecord.set(row.record_id, [row])
  }
  return byRecord
}

export function isVisitOp(row: OpRow): boolean {
  return kindOf(row.op.kind)?.feed === 'store'
}

/** Reads from the parts the bases of those records that will keep a view. */
export async function readParted(
  local: Local,
  ids: readonly string[],
  byRecord?: ReadonlyMap<string, OpRow[]>,
): Promise<Parted> {
  const unsent = byRecord ?? (await unsentByRecord(local.db))
  const parted: Parted = { customers: new Map(), visits: new Map() }
  for (const id of ids) {
    const first = unsent.get(id)?.[0]
    if (!first) continue
    if (isVisitOp(first)) {
      const base = await partedVisit(local, id, first.customer_id ?? null)
      if (base) parted.visits.set(id, base)
    } else {
      const base = await partedCustomer(local, id)
      if (base) parted.customers.set(id, base)
    }
  }
  return parted
}

/** What was read in the same transaction already. */
interface Known {
  /** As `unsentByRecord` gave it. */
  unsent?: ReadonlyMap<string, OpRow[]>
  /** The store's rows of all the records, by id. */
  rows?: ReadonlyMap<string, OverlayRow>
}

/**
 * Makes the views of some records again; inside a transaction over op, view, row, visiting and
 * meta. Views that stay as they are are not written.
 */
export async function remakeViews(
  db: LocalDatabase,
  ids: readonly string[],
  parted: Parted,
  dayOf: DayOf,
  known: Known = {},
): Promise<void> {
  const byRecord = known.unsent ?? (await unsentByRecord(db))
  const going = ids.filter((id) => byRecord.has(id))
  const [rows, guests, before] = await Promise.all([
    known.rows ?? rowsOf(db, going),
    guestsOf(db, going, byRecord),
    viewsOf(db, going),
  ])
  const views = going.flatMap((id): ViewRow[] => {
    const ops = byRecord.get(id)
    if (!ops?.[0]) return []
    const row = rows.get(id)
    const view = isVisitOp(ops[0])
      ? visitAgain(visitBaseOf(row, parted.visits.get(id) ?? null), ops, dayOf)
      : customerAgain(customerBaseOf(row, guests.get(id), parted.customers.get(id) ?? null), ops)
    return view ? [view] : []
  })
  const made = new Set(views.map((view) => view.id))
  const isNew = (view: ViewRow) => canonicalJson(view) !== canonicalJson(before.get(view.id))
  await db.view.bulkPut(views.filter(isNew))
  await dropViews(
    db,
    ids.filter((id) => !made.has(id)),
  )
}

async function rowsOf(db: LocalDatabase, ids: readonly string[]) {
  const feed = await storeFeed(db)
  const rows = await db.row.bulkGet(ids.map((id): [string, string] => [feed, id]))
  return new Map(rows.flatMap((row) => (row ? [[row.id, row]] : [])))
}

/** Copies of other stores' customers: only people are copied. */
async function guestsOf(
  db: LocalDatabase,
  ids: readonly string[],
  byRecord: ReadonlyMap<string, OpRow[]>,
) {
  const people = ids.filter((id) => byRecord.get(id)?.some((row) => !isVisitOp(row)))
  const guests = await db.visiting.bulkGet(people)
  return new Map(guests.flatMap((guest) => (guest ? [[guest.id, guest]] : [])))
}

/**
 * Views whose ops have all ended go: were the app to end before they are made again, they would
 * hide the server's rows for ever. Inside a transaction over op and view.
 */
export async function dropStrayViews(db: LocalDatabase): Promise<void> {
  const viewed = await db.view.toCollection().primaryKeys()
  if (viewed.length === 0) return
  const unsent = await unsentByRecord(db)
  await dropViews(
    db,
    viewed.filter((id) => !unsent.has(id)),
  )
}

/** A customer who left or was erased has no view: what was not sent is decided by the server. */
function customerAgain(
  found: ReturnType<typeof customerBaseOf>,
  ops: readonly OpRow[],
): ViewRow | null {
  const made = typeof found === 'string' ? null : replayCustomer(found?.body ?? null, ops)
  return made && customerView(made.customer, made.key)
}

function visitAgain(base: Base<Visit> | null, ops: readonly OpRow[], dayOf: DayOf): ViewRow | null {
  const body = replayVisit(base?.body ?? null, ops, dayOf)
  return body && visitView(body)
}
