// A customer's past lies in three places: the customer's part, rows pulled later, and views of
// unsent ops. A visit is known by its id, a day elsewhere by its history row, so nothing is shown
// twice: own visits come as visits only, other stores' as history rows only.
import { foldDay, type HistoryRow, historyRowId, type Visit } from '#model/visit.ts'
import { historyBody, visitBody } from './base.ts'
import type { Local } from './database.ts'
import { ownStore } from './device.ts'
import { readMeta } from './meta.ts'
import type { OnePast } from './part-cache.ts'
import { visitOfView } from './replay.ts'
import type { LocalDatabase } from './schema.ts'

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

function storedPast(packed: OnePast | null): Stored {
  return {
    visits: new Map((packed?.visits ?? []).map((visit) => [visit.id, visit])),
    history: new Map((packed?.history ?? []).map((row) => [historyRowId(row), row])),
    isCut: packed?.isCut ?? false,
  }
}

/** What lies over the parts, all of one moment; rows that hide what a part says among it. */
function readOver({ db }: Local, customerId: string, packed: Stored) {
  const { meta, row, view, op, visiting } = db
  return db.transaction('r', [meta, row, view, op, visiting], async () => {
    const device = await readMeta(db, 'device')
    const feed = device?.store_id ?? ''
    const ids = [...packed.visits.keys(), ...packed.history.keys()]
    const [hiding, rows, guest, views, unsent, store] = await Promise.all([
      // A row that only hides has no customer to be found by.
      row.bulkGet(ids.map((id): [string, string] => [feed, id])),
      row.where('customer_id').equals(customerId).toArray(),
      visiting.get(customerId),
      view.where('customer_id').equals(customerId).toArray(),
      unsentRecords(db, customerId),
      ownStore(db, feed),
    ])
    return { device, hiding, rows, guest, views, unsent, region: store?.region_id ?? null }
  })
}

/** Lays what came later over what the parts say; unsent work goes last. */
function layOver(stored: Stored, over: Awaited<ReturnType<typeof readOver>>): void {
  for (const row of over.hiding) {
    if (!row || row.state === 'put') continue
    stored.visits.delete(row.id)
    stored.history.delete(row.id)
  }
  for (const row of over.rows) {
    if (row.kind === 'visit') stored.visits.set(row.id, visitBody(row))
    if (row.kind === 'history') stored.history.set(row.id, historyBody(row))
  }
  for (const row of over.guest?.history ?? [])
    if (!stored.history.has(historyRowId(row))) stored.history.set(historyRowId(row), row)
  for (const view of over.views)
    if (view.kind === 'visit') stored.visits.set(view.id, visitOfView(view.body))
}

/** Records of a customer that have an op without an answer. */
export async function unsentRecords(db: LocalDatabase, customerId: string): Promise<Set<string>> {
  const ops = await db.op.where('customer_id').equals(customerId).toArray()
  return new Set(ops.filter((row) => row.state === 'waiting').map((row) => row.record_id))
}

/** Own visits of one customer as rows per day. */
function foldVisits(visits: readonly Visit[], regionId: string | null): HistoryRow[] {
  const days = new Map<number, Visit[]>()
  for (const visit of visits) days.set(visit.day, [...(days.get(visit.day) ?? []), visit])
  return [...days.values()].flatMap((ofDay) => foldDay(ofDay, regionId) ?? [])
}

export async function getPast(local: Local, customerId: string): Promise<Past> {
  const stored = storedPast(await local.parts.pastOf(customerId))
  const over = await readOver(local, customerId, stored)
  if (!over.device) return { visits: [], history: [] }
  const { store_id } = over.device
  layOver(stored, over)
  const { visits, history, isCut } = stored
  const shown = [...visits.values()]
    .filter((visit) => !visit.void && visit.store_id === store_id)
    .sort((a, b) => b.at - a.at)
  const elsewhere = [...history.values()].filter((row) => row.store_id !== store_id)
  return {
    visits: shown.map((visit) => ({ ...visit, unsent: over.unsent.has(visit.id) })),
    history: [...elsewhere, ...foldVisits(shown, over.region)],
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
