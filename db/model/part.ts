import { packTable, sliceTable, split, type Table, unpackTable } from './columns.ts'
import type { CustomerRow } from './customer.ts'
import type { FeedRow } from './protocol.ts'
import type { HistoryRow, Visit } from './visit.ts'

// A part of a store's first download: some customers, and what they did.

/** The key of the last days' anonymous tallies, which only the first part has. */
export const NOBODY = ''

export interface PartPast {
  /** `rows`: only under NOBODY, the feed's rows of every other kind. */
  [customerId: string]: { visits: Visit[]; history: HistoryRow[]; rows?: FeedRow[] }
}

/** Customers in one part: small enough that opening one history unpacks little. */
export const PART_CUSTOMERS = 150

/** How the two segments of a part are written; kept with each set of parts. */
export type PartFormat = 'rows' | 'columns'

/** Devices of schema 1 read `rows` alone; every later one reads both. */
export function formatFor(schema: number): PartFormat {
  return schema < 2 ? 'rows' : 'columns'
}

/** What a customer's records say only once: whose they are follows from where they stand. */
interface PastColumns {
  visits: { counts: number[]; of: Table }
  history: { counts: number[]; of: Table }
  nobody?: PartPast[string]
}

/** A segment as it is gzipped: JSON. */
export type CustomersSegment = CustomerRow[] | Table
export type PastSegment = PartPast | { columns: PastColumns }

export function packCustomers(
  rows: readonly CustomerRow[],
  format: PartFormat = 'columns',
): CustomersSegment {
  return format === 'rows' ? [...rows] : packTable(rows)
}

export function unpackCustomers(segment: CustomersSegment): CustomerRow[] {
  return Array.isArray(segment) ? segment : unpackTable<CustomerRow>(segment)
}

function packLists(lists: readonly (readonly { customer_id: string | null }[])[]) {
  const records = lists.flatMap((list) => list.map(({ customer_id: _whose, ...record }) => record))
  return { counts: lists.map((list) => list.length), of: packTable(records) }
}

function unpackLists<T extends { customer_id: string | null }>(
  { counts, of }: PastColumns['visits'],
  ids: readonly string[],
): T[][] {
  if (counts.length !== ids.length) throw new RangeError('the ids are those of another part')
  const records = unpackTable<Omit<T, 'customer_id'>>(of)
  return split(records, counts).map((list, index) =>
    list.map((record) => ({ ...record, customer_id: ids[index] }) as T),
  )
}

/** The past of a part's customers, whose ids are given in the part's order, and of nobody. */
export function packPast(
  past: PartPast,
  ids: readonly string[],
  format: PartFormat = 'columns',
): PastSegment {
  if (format === 'rows') return past
  const nobody = past[NOBODY]
  return {
    columns: {
      visits: packLists(ids.map((id) => past[id]?.visits ?? [])),
      history: packLists(ids.map((id) => past[id]?.history ?? [])),
      ...(nobody ? { nobody } : {}),
    },
  }
}

function isColumns(segment: PastSegment): segment is { columns: PastColumns } {
  return 'columns' in segment
}

/** The past as it was packed. Throws RangeError when these are not the ids it was packed with. */
export function unpackPast(segment: PastSegment, ids: readonly string[]): PartPast {
  if (!isColumns(segment)) return segment
  const { visits, history, nobody } = segment.columns
  const [came, elsewhere] = [unpackLists<Visit>(visits, ids), unpackLists<HistoryRow>(history, ids)]
  const past: PartPast = nobody ? { [NOBODY]: nobody } : {}
  for (const [index, id] of ids.entries()) {
    const known = { visits: came[index] ?? [], history: elsewhere[index] ?? [] }
    if (known.visits.length + known.history.length > 0) past[id] = known
  }
  return past
}

function listOf<T extends { customer_id: string | null }>(
  { counts, of }: PastColumns['visits'],
  customer_id: string,
  index: number,
): T[] {
  const before = counts.slice(0, index).reduce((sum, count) => sum + count, 0)
  const own = sliceTable(of, before, before + (counts[index] ?? 0))
  const records = unpackTable<Omit<T, 'customer_id'>>(own)
  return records.map((record) => ({ ...record, customer_id }) as T)
}

/** The past of one customer, who is the part's `index`-th; the others' is not unpacked. */
export function pastOf(segment: PastSegment, id: string, index: number): PartPast[string] {
  if (!isColumns(segment)) return segment[id] ?? { visits: [], history: [] }
  const { visits, history } = segment.columns
  return {
    visits: listOf<Visit>(visits, id, index),
    history: listOf<HistoryRow>(history, id, index),
  }
}

/** What belongs to no customer of the part. */
export function pastOfNobody(segment: PastSegment): PartPast[string] | undefined {
  return isColumns(segment) ? segment.columns.nobody : segment[NOBODY]
}

/**
 * A part is 4 bytes (little-endian length of the first segment) and two gzip segments of JSON:
 * customers, and their past. The tablet stores the segments as they are: IndexedDB's cost is the
 * number of rows, not of bytes.
 */
export function joinPart(customers: Uint8Array, past: Uint8Array): Uint8Array {
  const part = new Uint8Array(4 + customers.length + past.length)
  new DataView(part.buffer).setUint32(0, customers.length, true)
  part.set(customers, 4)
  part.set(past, 4 + customers.length)
  return part
}

/** Throws RangeError when the bytes are too few: the part was cut on its way. */
export function splitPart(part: Uint8Array): { customers: Uint8Array; past: Uint8Array } {
  const length = new DataView(part.buffer, part.byteOffset, part.byteLength).getUint32(0, true)
  if (4 + length > part.length) throw new RangeError('part is cut')
  return { customers: part.slice(4, 4 + length), past: part.slice(4 + length) }
}
