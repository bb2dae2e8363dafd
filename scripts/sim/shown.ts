// What a tablet holds of its store's feed, put together from its disk without the app's readers:
// rows that came later lie over the parts, and `leave` and `gone` hide what a part says.
import { gunzipSync } from 'node:zlib'
import type { CustomerRow } from '#model/customer.ts'
import {
  type CustomersSegment,
  NOBODY,
  type PartPast,
  type PastSegment,
  unpackCustomers,
  unpackPast,
} from '#model/part.ts'
import { historyRowId } from '#model/visit.ts'
import { idsOfBytes } from '#web/local/part-cache.ts'
import type { OverlayRow } from '#web/local/tables.ts'
import {
  metaOnDisk,
  overlayOnDisk,
  partIndexOnDisk,
  partsOnDisk,
  viewsOnDisk,
  visitingOnDisk,
} from './disk.ts'

interface Part {
  customers: CustomerRow[]
  past: PartPast
}

/** Parts never change once stored; the same bytes are unpacked once. */
const unpacked = new WeakMap<Uint8Array, Part>()

function readPart(part: { customers: Uint8Array; past: Uint8Array }): Part {
  let read = unpacked.get(part.past)
  if (!read) {
    const parse = (bytes: Uint8Array): unknown => JSON.parse(gunzipSync(bytes).toString('utf8'))
    const customers = unpackCustomers(parse(part.customers) as CustomersSegment)
    const ids = customers.map((row) => row.id)
    read = { customers, past: unpackPast(parse(part.past) as PastSegment, ids) }
    unpacked.set(part.past, read)
  }
  return read
}

function currentSet(database: string): number | null {
  const snapshot = metaOnDisk(database, 'snapshot')
  return snapshot?.set ?? metaOnDisk(database, 'download')?.set ?? null
}

/** A record as a tablet holds it. */
export interface Held {
  kind: string
  state: OverlayRow['state']
  body: unknown
}

/** Everything the tablet holds of its store's feed, by id; views of unsent work are left out. */
export function heldOfStore(database: string, feed: string): Map<string, Held> {
  const held = new Map<string, Held>()
  const set = currentSet(database)
  const add = (id: string, kind: string, body: unknown) =>
    held.set(id, { kind, state: 'put', body })
  for (const part of partsOnDisk(database)) {
    if (part.set !== set) continue
    const { customers, past } = readPart(part)
    for (const row of customers) add(row.id, 'customer', row)
    for (const { visits, history } of Object.values(past)) {
      for (const visit of visits) add(visit.id, 'visit', visit)
      for (const row of history) add(historyRowId(row), 'history', row)
    }
    for (const row of otherRows(past)) add(row.id, row.kind, row.body)
  }
  for (const row of overlayOnDisk(database))
    if (row.feed === feed) held.set(row.id, { kind: row.kind, state: row.state, body: row.body })
  return held
}

function otherRows(past: PartPast): { id: string; kind: string; body: unknown }[] {
  const nobody: unknown = past[NOBODY]
  const rows = typeof nobody === 'object' && nobody !== null ? Reflect.get(nobody, 'rows') : null
  return Array.isArray(rows) ? (rows as { id: string; kind: string; body: unknown }[]) : []
}

/** Ids of the customers that a person at this tablet can find. */
export function customersOnDisk(database: string): string[] {
  const feed = metaOnDisk(database, 'device')?.store_id
  const set = currentSet(database)
  const ids = new Set<string>()
  for (const part of partIndexOnDisk(database))
    if (part.set === set) for (const id of idsOfBytes(part.ids)) ids.add(id)
  for (const id of visitingOnDisk(database)) ids.add(id)
  for (const row of overlayOnDisk(database)) {
    if (row.feed !== feed || row.kind !== 'customer') continue
    if (row.state === 'put') ids.add(row.id)
    else ids.delete(row.id)
  }
  for (const view of viewsOnDisk(database)) if (view.kind === 'customer') ids.add(view.id)
  return [...ids].sort()
}
