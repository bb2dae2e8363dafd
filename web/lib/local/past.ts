// A customer's past lies in three places: the customer's part, rows pulled later, and views of
// unsent ops. A visit is known by its id, a day elsewhere by its history row, so nothing is shown
// twice: own visits come as visits only, other stores' as history rows only.
import { foldDay, type HistoryRow, historyRowId, type Visit } from '#model/visit.ts'
import { historyBody, visitBody } from './base.ts'
import type { Local } from './database.ts'
import { ownStore } from './device.ts'
import { readMeta } from './meta.ts'
import { visitOfView } from './replay.ts'

export interface ShownVisit extends Visit {
  /** True while the server has not answered for it. */
  unsent: boolean
}

export interface Past {
  /** Visits at this store, the latest first; those taken back are left out. */
  visits: ShownVisit[]
  /** A row per day and store, this store's folded from its visits: what `portraitOf` reads. */
  history: HistoryRow[]
  /** What is older was given up for want of room; it comes back when there is some. */
  isCut?: true
}

interface Stored {
  visits: Map<string, Visit>
  history: Map<string, HistoryRow>
  isCut: boolean
}

async function packedPast(local: Local, customerId: string): Promise<Stored> {
  const place = await local.parts.find(customerId)
  const packed = place ? (await local.parts.past(place.no))[customerId] : undefined
  return {
    visits: new Map((packed?.visits ?? []).map((visit) => [visit.id, visit])),
    history: new Map((packed?.history ?? []).map((row) => [historyRowId(row), row])),
    isCut: place !== null && (await local.parts.isCut(place.no)),
  }
}

/** Rows that hide what the part says; a row that only hides has no customer to be found by. */
async function hide(local: Local, feed: string, stored: Stored): Promise<void> {
  const ids = [...stored.visits.keys(), ...stored.history.keys()]
  const rows = await local.db.row.bulkGet(ids.map((id): [string, string] => [feed, id]))
  for (const row of rows) {
    if (!row || row.state === 'put') continue
    stored.visits.delete(row.id)
    stored.history.delete(row.id)
  }
}

async function storedPast(local: Local, feed: string, customerId: string): Promise<Stored> {
  const stored = await packedPast(local, customerId)
  await hide(local, feed, stored)
  const rows = await local.db.row.where('customer_id').equals(customerId).toArray()
  for (const row of rows) {
    if (row.kind === 'visit') stored.visits.set(row.id, visitBody(row))
    if (row.kind === 'history') stored.history.set(row.id, historyBody(row))
  }
  const guest = await local.db.visiting.get(customerId)
  for (const row of guest?.history ?? [])
    if (!stored.history.has(historyRowId(row))) stored.history.set(historyRowId(row), row)
  return stored
}

/** Records of a customer that have an op without an answer. */
export async function unsentRecords(local: Local, customerId: string): Promise<Set<string>> {
  const ops = await local.db.op.where('customer_id').equals(customerId).toArray()
  return new Set(ops.filter((row) => row.state === 'waiting').map((row) => row.record_id))
}

/** Own visits of one customer as rows per day. */
function foldVisits(visits: readonly Visit[], regionId: string | null): HistoryRow[] {
  const days = new Map<number, Visit[]>()
  for (const visit of visits) days.set(visit.day, [...(days.get(visit.day) ?? []), visit])
  return [...days.values()].flatMap((ofDay) => foldDay(ofDay, regionId) ?? [])
}

export async function getPast(local: Local, customerId: string): Promise<Past> {
  const device = await readMeta(local.db, 'device')
  if (!device) return { visits: [], history: [] }
  const { store_id } = device
  const { visits, history, isCut } = await storedPast(local, store_id, customerId)
  for (const view of await local.db.view.where('customer_id').equals(customerId).toArray())
    if (view.kind === 'visit') visits.set(view.id, visitOfView(view.body))
  const unsent = await unsentRecords(local, customerId)
  const shown = [...visits.values()]
    .filter((visit) => !visit.void && visit.store_id === store_id)
    .sort((a, b) => b.at - a.at)
  const elsewhere = [...history.values()].filter((row) => row.store_id !== store_id)
  const region = (await ownStore(local.db, store_id))?.region_id ?? null
  return {
    visits: shown.map((visit) => ({ ...visit, unsent: unsent.has(visit.id) })),
    history: [...elsewhere, ...foldVisits(shown, region)],
    ...(isCut ? { isCut } : {}),
  }
}

/**
 * The past of a person who has several records. They are read one after the other, and the first
 * thing that is read is the past: only so a screen that follows its reads hears of all of them.
 */
export async function getPasts(local: Local, ids: readonly string[]): Promise<Past> {
  const pasts: Past[] = []
  for (const id of ids) pasts.push(await getPast(local, id))
  return {
    visits: pasts.flatMap(({ visits }) => visits).sort((a, b) => b.at - a.at),
    history: pasts.flatMap(({ history }) => history),
    ...(pasts.some(({ isCut }) => isCut) ? { isCut: true } : {}),
  }
}

/** When a customer was last seen anywhere, in ms; null when never. */
export function lastSeenOf({ visits, history }: Past): number | null {
  const times = [...visits.map((visit) => visit.at), ...history.map((row) => row.first_at)]
  return times.length === 0 ? null : Math.max(...times)
}
