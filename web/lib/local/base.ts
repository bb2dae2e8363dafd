// A record's base is what the server last said of it: the pulled row, else its place in a part,
// else the copy fetched for a visitor of another store. Parts must be unpacked, and a transaction
// of IndexedDB does not survive such a wait: so parts are read before it (`parted`), and inside it
// a row that arrived meanwhile still goes first.
import type { CustomerRow } from '#model/customer.ts'
import type { HistoryRow, Visit } from '#model/visit.ts'
import type { Local } from './database.ts'
import { LocalError } from './errors.ts'
import { readMeta } from './meta.ts'
import type { LocalDatabase } from './schema.ts'
import type { OverlayRow, VisitingRow } from './tables.ts'

export interface Base<T> {
  body: T
  /** Seq of the row it was read from; 0 when the server has none for this store. */
  seq: number
}

/** The seq of a visitor's copy, which came by no feed. */
export const GUEST_SEQ = 0

/** Why a record that was here is not: it went to another store, or it was erased. */
export type Absence = 'leave' | 'gone'

/** Safe because rows pass the checks of the transport before they are stored. */
export function customerBody(row: OverlayRow): CustomerRow {
  return row.body as CustomerRow
}

/** Safe for the same reason as `customerBody`. */
export function visitBody(row: Pick<OverlayRow, 'body'>): Visit {
  return row.body as Visit
}

/** Safe for the same reason as `customerBody`. */
export function historyBody(row: Pick<OverlayRow, 'body'>): HistoryRow {
  return row.body as HistoryRow
}

/** What the parts say of a customer; to be read before a transaction. */
export async function partedCustomer(local: Local, id: string): Promise<Base<CustomerRow> | null> {
  const row = await local.parts.customer(id)
  const generation = await local.parts.generation()
  return row && generation ? { body: row, seq: generation.seq } : null
}

/**
 * What the parts say of a visit; to be read before a transaction. `customerId` says in which part
 * to look; without it every part's past may have to be read.
 */
export async function partedVisit(
  local: Local,
  id: string,
  customerId: string | null,
): Promise<Base<Visit> | null> {
  const generation = await local.parts.generation()
  if (!generation) return null
  const place = customerId === null ? null : await local.parts.find(customerId)
  for (const no of place ? [place.no] : await local.parts.numbers()) {
    for (const { visits } of Object.values(await local.parts.past(no))) {
      const body = visits.find((visit) => visit.id === id)
      if (body) return { body, seq: generation.seq }
    }
  }
  return null
}

export async function storeFeed(db: LocalDatabase): Promise<string> {
  return (await readMeta(db, 'device'))?.store_id ?? ''
}

/** The base of a customer, given what the parts say; may run inside a transaction. */
export async function customerBase(
  db: LocalDatabase,
  id: string,
  parted: Base<CustomerRow> | null,
  storeId?: string,
): Promise<Base<CustomerRow> | Absence | null> {
  const feed = storeId ?? (await storeFeed(db))
  const [row, visiting] = await Promise.all([db.row.get([feed, id]), db.visiting.get(id)])
  return customerBaseOf(row, visiting, parted)
}

/** The base of a customer from what lies on this tablet. */
export function customerBaseOf(
  row: OverlayRow | undefined,
  visiting: VisitingRow | undefined,
  parted: Base<CustomerRow> | null,
): Base<CustomerRow> | Absence | null {
  if (row?.state === 'put') return { body: customerBody(row), seq: row.seq }
  const guest = visiting ? { body: visiting.row, seq: GUEST_SEQ } : null
  if (row) return guest ?? row.state
  return parted ?? guest
}

/**
 * The home of a customer as the screens show it, by the order of `customerBase`; a part need not be
 * unpacked for it, for the parts of a store hold those who are at home there. Inside a transaction.
 * Throws LocalError 'unknown-customer'.
 */
export async function homeOf(
  db: LocalDatabase,
  storeId: string,
  id: string,
  isParted: boolean,
): Promise<string> {
  const [view, row, guest] = await Promise.all([
    db.view.get(id),
    db.row.get([storeId, id]),
    db.visiting.get(id),
  ])
  if (view?.kind === 'customer') return view.body.home_store_id
  if (row?.state === 'put') return customerBody(row).home_store_id
  if (!row && isParted) return storeId
  if (guest) return guest.row.home_store_id
  throw new LocalError('unknown-customer')
}

/** The base of a visit, given what the parts say; may run inside a transaction. */
export async function visitBase(
  db: LocalDatabase,
  id: string,
  parted: Base<Visit> | null,
): Promise<Base<Visit> | null> {
  return visitBaseOf(await db.row.get([await storeFeed(db), id]), parted)
}

/** The base of a visit from what lies on this tablet. */
export function visitBaseOf(
  row: OverlayRow | undefined,
  parted: Base<Visit> | null,
): Base<Visit> | null {
  if (row) return row.state === 'put' ? { body: visitBody(row), seq: row.seq } : null
  return parted
}
