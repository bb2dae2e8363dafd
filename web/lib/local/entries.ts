// All look-up entries of the local database: what lies on top first, then part by part, skipping
// who was shown already. Decoding is the work of a worker; the page only takes the slices.
import type { CustomerRow } from '#model/customer.ts'
import { customerBody, historyBody, visitBody } from './base.ts'
import type { Local } from './database.ts'
import {
  type EntrySource,
  packEntry,
  type PackedEntry,
  rowOfView,
  type TakeEntries,
} from './entry.ts'
import { readMeta } from './meta.ts'
import { getPast, lastSeenOf } from './past.ts'
import type { OverlayRow } from './tables.ts'

const SLICE = 150
const READ_AHEAD = 4

/** What lies over the parts: who is hidden there, and when they were seen since. */
interface Overlay {
  entries: PackedEntry[]
  /** Ids that a part must not show again. */
  hidden: Set<string>
  last: Map<string, number>
  /** Customers with a visit taken back: their latest may be another than it seems. */
  voided: Set<string>
}

function note(overlay: Overlay, id: string | null | undefined, at: number): void {
  if (id) overlay.last.set(id, Math.max(at, overlay.last.get(id) ?? -Infinity))
}

function noteRow(overlay: Overlay, row: OverlayRow): void {
  if (row.kind === 'customer') overlay.hidden.add(row.id)
  if (row.state !== 'put' || !row.customer_id) return
  if (row.kind === 'history') note(overlay, row.customer_id, historyBody(row).first_at)
  if (row.kind !== 'visit') return
  const visit = visitBody(row)
  if (visit.void) overlay.voided.add(row.customer_id)
  else note(overlay, row.customer_id, visit.at)
}

/** Everything over the parts, as of one moment. */
async function readTables({ db }: Local) {
  return db.transaction('r', [db.meta, db.row, db.view, db.visiting], async () => {
    const feed = (await readMeta(db, 'device'))?.store_id ?? ''
    const ofFeed = db.row.where('[feed+id]').between([feed, ''], [feed, '\uffff'])
    const [rows, views, guests] = await Promise.all([
      ofFeed.toArray(),
      db.view.toArray(),
      db.visiting.toArray(),
    ])
    return { rows, views, guests }
  })
}

async function readOverlay(local: Local): Promise<Overlay> {
  const overlay: Overlay = { entries: [], hidden: new Set(), last: new Map(), voided: new Set() }
  const { rows, views, guests } = await readTables(local)
  for (const row of rows) noteRow(overlay, row)
  for (const view of views) {
    if (view.kind === 'customer') overlay.hidden.add(view.id)
    else if (view.body.void && view.customer_id) overlay.voided.add(view.customer_id)
    else note(overlay, view.customer_id, view.body.at)
  }
  const shown = new Map<string, CustomerRow>()
  for (const { id, row } of guests) if (!(await local.parts.find(id))) shown.set(id, row)
  for (const row of rows)
    if (row.kind === 'customer' && row.state === 'put') shown.set(row.id, customerBody(row))
  for (const row of views.flatMap((view) => rowOfView(view) ?? [])) shown.set(row.id, row)
  for (const id of shown.keys()) overlay.hidden.add(id)
  for (const row of shown.values())
    overlay.entries.push(packEntry(row, await lastOf(local, overlay, row.id)))
  return overlay
}

/** When a customer who lies on top was last seen: since the parts, or in the parts. */
async function lastOf(local: Local, overlay: Overlay, id: string): Promise<number | null> {
  if (overlay.voided.has(id)) return lastSeenOf(await getPast(local, id))
  const place = await local.parts.find(id)
  const last = place ? (await local.parts.lastOf(place.no))?.[place.index] : undefined
  return latest(last, overlay.last.get(id))
}

function latest(packed: number | undefined, since: number | undefined): number | null {
  const at = Math.max(
    packed === undefined || Number.isNaN(packed) ? -Infinity : packed,
    since ?? -Infinity,
  )
  return at === -Infinity ? null : at
}

async function entriesOfPart(local: Local, overlay: Overlay, no: number): Promise<PackedEntry[]> {
  const customers = await local.parts.customers(no)
  const last = await local.parts.lastOf(no)
  const entries: PackedEntry[] = []
  for (const [index, row] of customers.entries()) {
    if (overlay.hidden.has(row.id)) continue
    const at = overlay.voided.has(row.id)
      ? lastSeenOf(await getPast(local, row.id))
      : latest(last?.[index], overlay.last.get(row.id))
    entries.push(packEntry(row, at))
  }
  return entries
}

/** Reads the entries in this thread. */
export function entriesHere(local: Local): EntrySource {
  const takeParts = async (overlay: Overlay, nos: readonly number[], take: TakeEntries) => {
    for (const [at, no] of nos.entries()) {
      // The next parts are read while this one is packed; the cache holds them until their turn.
      for (const next of nos.slice(at + 1, at + 1 + READ_AHEAD))
        local.parts.customers(next).then(undefined, () => undefined) // Met when its turn comes.
      take(await entriesOfPart(local, overlay, no))
    }
  }
  return {
    async all(take) {
      const overlay = await readOverlay(local)
      for (let from = 0; from < overlay.entries.length; from += SLICE)
        take(overlay.entries.slice(from, from + SLICE))
      await takeParts(overlay, await local.parts.numbers(), take)
    },
    async ofParts(nos, take) {
      await takeParts(await readOverlay(local), nos, take)
    },
  }
}
