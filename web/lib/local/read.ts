// What the screens ask the local database. Every answer is this tablet's own: no network is used.
import { CHAIN } from '#model/id.ts'
import type { CustomerRow } from '#model/customer.ts'
import type { Op } from '#model/op.ts'
import type { ReferenceKind } from '#model/kinds.ts'
import type { Region } from '#model/region.ts'
import type { LookupEntry } from '#model/search-text.ts'
import type { Staff } from '#model/staff.ts'
import type { Store } from '#model/store.ts'
import type { Tag, TagGroup } from '#model/tag.ts'
import {
  type Absence,
  customerBase,
  customerBody,
  GUEST_SEQ,
  partedCustomer,
  visitBody,
} from './base.ts'
import type { Local } from './database.ts'
import { getToday } from './device.ts'
import { entryOf, rowOfView } from './entry.ts'
import { opsIn } from './many.ts'
import { readMeta } from './meta.ts'
import { getPasts, lastSeenOf, type ShownVisit, unsentRecords } from './past.ts'
import { visitOfView } from './replay.ts'
import { isSkip } from './skip.ts'
import type { OpState, OverlayRow } from './tables.ts'

const RECENT_SHOWN = 20
const RECENT_KEPT = 60

export interface CustomerView {
  row: CustomerRow
  /** An op about the customer has no answer yet. */
  unsent: boolean
  /** The customer's home is another store. */
  linked: boolean
  /** Ids of the person's records, under any of which their visits may be written. */
  records: string[]
}

/** The record that stands for a person, by any of their records. */
async function readPerson(local: Local, id: string): Promise<CustomerRow | null> {
  const row = await readCustomer(local, id)
  if (row?.merged_into === undefined) return row
  return (await readPerson(local, row.merged_into)) ?? row
}

/** A person's records, the one that stands for them first. What is part of it may have parts. */
async function recordIds(local: Local, { id, parts = [] }: CustomerRow): Promise<string[]> {
  const ids = [id]
  for (const part of parts) {
    const row = await readCustomer(local, part)
    ids.push(...(row ? await recordIds(local, row) : [part]))
  }
  return ids
}

/** The customer as this tablet shows it; null when it has none (see `whyAbsent`). */
export async function getCustomer(local: Local, id: string): Promise<CustomerView | null> {
  const row = await readPerson(local, id)
  if (!row) return null
  const device = await readMeta(local.db, 'device')
  const unsent = await unsentRecords(local.db, row.id)
  const linked = row.home_store_id !== device?.store_id
  return { row, unsent: unsent.has(row.id), linked, records: await recordIds(local, row) }
}

async function readCustomer(local: Local, id: string): Promise<CustomerRow | null> {
  const shown = rowOfView(await local.db.view.get(id))
  if (shown) return shown
  const found = await findBase(local, id)
  return typeof found === 'object' ? (found?.body ?? null) : null
}

/** Many at once: what lies on top is read in bulk, the rest one by one. */
export async function readCustomers(
  local: Local,
  ids: readonly string[],
): Promise<(CustomerRow | null)[]> {
  const { db } = local
  const feed = (await readMeta(db, 'device'))?.store_id ?? ''
  const views = await db.view.bulkGet([...ids])
  const rows = await db.row.bulkGet(ids.map((id): [string, string] => [feed, id]))
  const rowOf = async (id: string, index: number) => {
    const row = rows[index]
    const lying = rowOfView(views[index]) ?? (row?.state === 'put' ? customerBody(row) : null)
    return lying ?? readCustomer(local, id)
  }
  return Promise.all(ids.map(rowOf))
}

/** A row answers at once; only without one a part must be looked at, which goes before a guest. */
async function findBase(local: Local, id: string) {
  const known = await customerBase(local.db, id, null)
  const isGuest = typeof known === 'object' && known?.seq === GUEST_SEQ
  if (known !== null && !isGuest) return known
  return customerBase(local.db, id, await partedCustomer(local, id))
}

/** Why a customer is not shown: `leave` for another store, `gone` erased, null never here. */
export async function whyAbsent(local: Local, id: string): Promise<Absence | null> {
  const found = await findBase(local, id)
  return typeof found === 'string' ? found : null
}

type Named<T> = T & { id: string }

/** The chain's own records, by id. `store` is this tablet's; null until its record has come. */
export interface Reference {
  store: Named<Store> | null
  stores: Map<string, Named<Store>>
  regions: Map<string, Named<Region>>
  staff: Map<string, Named<Staff>>
  groups: Map<string, Named<TagGroup>>
  tags: Map<string, Named<Tag>>
}

export async function getReference(local: Local): Promise<Reference> {
  const device = await readMeta(local.db, 'device')
  const rows = await local.db.row
    .where('[feed+id]')
    .between([CHAIN, ''], [CHAIN, '\uffff'])
    .filter((row) => row.state === 'put')
    .toArray()
  const stores = recordsOf<Store>(rows, 'store')
  return {
    store: stores.get(device?.store_id ?? '') ?? null,
    stores,
    regions: recordsOf<Region>(rows, 'region'),
    staff: recordsOf<Staff>(rows, 'staff'),
    groups: recordsOf<TagGroup>(rows, 'tag_group'),
    tags: recordsOf<Tag>(rows, 'tag'),
  }
}

/** Safe because reference records pass their kind's schema before they enter the feed. */
function recordsOf<T>(rows: readonly OverlayRow[], kind: ReferenceKind): Map<string, Named<T>> {
  const ofKind = rows.filter((row) => row.kind === kind)
  return new Map(ofKind.map((row) => [row.id, row.body as Named<T>]))
}

/** Remembers that a customer was opened here. */
export async function touchRecent(local: Local, customerId: string): Promise<void> {
  const row = await readPerson(local, customerId)
  if (!row) return
  const { id } = row
  const entry = entryOf(row, lastSeenOf(await getPasts(local, await recordIds(local, row))))
  await local.db.recent.put({ id, at: local.deps.now(), entry })
  const old = await local.db.recent.orderBy('at').reverse().offset(RECENT_KEPT).primaryKeys()
  await local.db.recent.bulkDelete(old)
}

/**
 * Customers opened here last, the latest first. Answered from entries kept for the purpose, so it
 * is there before the look-up index is; what changed since lies on top of them.
 */
export async function recents(local: Local): Promise<LookupEntry[]> {
  const { db } = local
  const tables = [db.recent, db.meta, db.view, db.row, db.visiting]
  const { kept, views, rows, guests } = await db.transaction('r', tables, async () => {
    const [opened, device] = await Promise.all([
      db.recent.orderBy('at').reverse().limit(RECENT_SHOWN).toArray(),
      readMeta(db, 'device'),
    ])
    const ids = opened.map(({ id }) => id)
    const [ofViews, ofRows, ofGuests] = await Promise.all([
      db.view.bulkGet(ids),
      db.row.bulkGet(ids.map((id): [string, string] => [device?.store_id ?? '', id])),
      db.visiting.bulkGet(ids),
    ])
    return { kept: opened, views: ofViews, rows: ofRows, guests: ofGuests }
  })
  return kept.flatMap(({ entry }, index) => {
    const [view, row, guest] = [rowOfView(views[index]), rows[index], guests[index]]
    if (view) return [entryOf(view, entry.last_at)]
    if (row?.state === 'put') return [entryOf(customerBody(row), entry.last_at)]
    return row && !guest ? [] : [entry]
  })
}

export interface OutboxItem {
  op: Op
  state: Exclude<OpState, 'acked'>
  customer_id: string | null
  /** Why it was refused, as the server says it: it may know reasons that this version does not. */
  reason?: string
  detail?: string
  refused_at?: number
  /** Why a person dismissed it for good, who (staff id) and when. */
  decision?: { reason: string; by: string; at: number }
}

const LISTED: readonly OpState[] = ['waiting', 'sent', 'refused', 'dismissed']

/** Ops on their way, ops that were refused and what became of them, as they were written. */
export async function outboxItems(local: Local): Promise<OutboxItem[]> {
  const rows = await opsIn(local.db, ...LISTED)
  return rows.flatMap((row) => {
    const { op, state, customer_id, reason, detail, refused_at, decision } = row
    if (state === 'acked' || row.seen || isSkip(row)) return []
    const why = {
      ...(reason === undefined ? {} : { reason }),
      ...(detail === undefined ? {} : { detail }),
      ...(refused_at === undefined ? {} : { refused_at }),
      ...(decision === undefined ? {} : { decision }),
    }
    return [{ op, state, customer_id: customer_id ?? null, ...why }]
  })
}

/** Puts a refusal or a decision away after a person has read it; the server keeps both. */
export async function dismissRefused(local: Local, n: number): Promise<void> {
  await local.db.op.where('n').equals(n).modify({ seen: true })
}

/** Everything that is only here, as JSON for a file: the way out when nothing else works. */
export async function exportOutbox(local: Local): Promise<string> {
  const device = await readMeta(local.db, 'device')
  const items = await outboxItems(local)
  const { device_id = null, store_id = null } = device ?? {}
  const exported_at = local.deps.now()
  return JSON.stringify({ format: 'regulars-outbox-1', device_id, store_id, exported_at, items })
}

/** Today's visits at this store, the latest first, anonymous ones too; those taken back are out. */
export async function todayVisits(local: Local): Promise<ShownVisit[]> {
  const day = await getToday(local)
  const visits = new Map<string, ShownVisit>()
  for (const row of await local.db.row.where('day').equals(day).toArray())
    visits.set(row.id, { ...visitBody(row), unsent: false })
  const waiting = await local.db.op.where('state').equals('waiting').toArray()
  const unsent = new Set(waiting.map((row) => row.record_id))
  for (const view of await local.db.view.where('day').equals(day).toArray())
    if (view.kind === 'visit')
      visits.set(view.id, { ...visitOfView(view.body), unsent: unsent.has(view.id) })
  return [...visits.values()].filter((visit) => !visit.void).sort((a, b) => b.at - a.at)
}

/** People counted today without a name. */
export async function todayTally(local: Local): Promise<number> {
  const visits = await todayVisits(local)
  return visits.reduce((sum, visit) => sum + (visit.customer_id === null ? visit.count : 0), 0)
}

export interface StorageReport {
  /** Bytes; null where the browser does not say. */
  usage: number | null
  quota: number | null
  persisted: boolean | null
}

export async function storageReport(): Promise<StorageReport> {
  const storage = globalThis.navigator?.storage as StorageManager | undefined
  const estimate = await storage?.estimate?.()
  return {
    usage: estimate?.usage ?? null,
    quota: estimate?.quota ?? null,
    persisted: (await storage?.persisted?.()) ?? null,
  }
}
