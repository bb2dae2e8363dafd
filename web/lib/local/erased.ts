// A person who was erased leaves no trace here: not in rows, views, parts or drafts, nor in what
// was written about them once the server has answered for it. Parts must be unpacked, which no
// transaction waits for, so what is left to do is noted down with the row that says so.
import {
  type CustomersSegment,
  packCustomers,
  NOBODY,
  packPast,
  type PartPast,
  pastOfNobody,
  type PastSegment,
  unpackCustomers,
  unpackPast,
} from '#model/part.ts'
import type { FeedRow } from '#model/protocol.ts'
import type { Local } from './database.ts'
import { pack, unpack } from './gzip.ts'
import { readMeta, writeMeta } from './meta.ts'
import { idBytes, idsOfBytes } from './part-cache.ts'
import { withRoom } from './room.ts'
import type { LocalDatabase } from './schema.ts'
import type { OpRow, OverlayRow, PartIndexRow, PartRow } from './tables.ts'

/** What the op says of the person goes; that it was written stays, so that the numbers do. */
export function redacted({ name_key: _key, ...row }: OpRow): OpRow {
  return { ...row, op: { ...row.op, payload: {} }, redacted: true }
}

/** Those of the customers who were erased, as far as this tablet has heard. */
export async function erasedAmong(
  db: LocalDatabase,
  customers: readonly (string | undefined)[],
): Promise<Set<string | undefined>> {
  const feed = (await readMeta(db, 'device'))?.store_id ?? ''
  const ids = [...new Set(customers.flatMap((id) => id ?? []))]
  const rows = await db.row.bulkGet(ids.map((id): [string, string] => [feed, id]))
  return new Set(rows.flatMap((row) => (row?.state === 'gone' ? [row.id] : [])))
}

/** Notes whom the rows that arrived erase; inside a transaction over meta. */
export async function noteErased(
  db: LocalDatabase,
  rows: readonly Pick<OverlayRow, 'id' | 'kind' | 'state'>[],
): Promise<void> {
  const gone = rows.filter((row) => row.kind === 'customer' && row.state === 'gone')
  if (gone.length === 0) return
  const known = (await readMeta(db, 'erasing')) ?? []
  await writeMeta(db, 'erasing', [...new Set([...known, ...gone.map((row) => row.id)])])
}

/**
 * A feed that began anew says who is here: a server that was set back may not know of an erasure,
 * or tells of it again. Inside a transaction over meta and part_index, the new parts in place.
 */
export async function spareThoseHere(db: LocalDatabase): Promise<void> {
  const ids = (await readMeta(db, 'erasing')) ?? []
  if (ids.length === 0) return
  const parts = await db.part_index.toArray()
  const here = new Set(parts.flatMap((part) => idsOfBytes(part.ids)))
  await writeMeta(
    db,
    'erasing',
    ids.filter((id) => !here.has(id)),
  )
}

/**
 * People whom answered work is about, who visited, or who left, but of whom the store's feed says
 * nothing any more: the tablet stood elsewhere, they moved away, or the feed began anew. No row
 * will tell of their erasure, and of those who left a part may hold a copy still.
 */
export async function strangersHere(local: Local): Promise<string[]> {
  const { db } = local
  const ops = await db.op.filter((row) => row.state !== 'waiting' && !row.redacted).toArray()
  const visitors = await db.visiting.toCollection().primaryKeys()
  const parts = await db.part_index.toArray()
  const parted = new Set(parts.flatMap((part) => idsOfBytes(part.ids)))
  const isCopied = (row: OverlayRow) => row.state === 'leave' && parted.has(row.id)
  const left = (await db.row.filter(isCopied).toArray()).map((row) => row.id)
  const theirs = ops.flatMap((row) => row.customer_id ?? [])
  const people = [...new Set([...visitors, ...theirs, ...left])]
  if (people.length === 0) return []
  const feed = (await readMeta(db, 'device'))?.store_id ?? ''
  const rows = await db.row.bulkGet(people.map((id): [string, string] => [feed, id]))
  return people.filter((id, at) => {
    const state = rows[at]?.state
    return state === undefined ? !parted.has(id) : state === 'leave'
  })
}

/** Takes the server's word that these people were erased. */
export async function takeErased(local: Local, ids: readonly string[]): Promise<void> {
  const { db } = local
  const gone = ids.map((id) => ({ id, kind: 'customer', state: 'gone' as const }))
  await db.transaction('rw', db.meta, () => noteErased(db, gone))
  await finishErasures(local)
}

/** Does what was noted; an interruption loses nothing, the next call begins again. */
export async function finishErasures(local: Local): Promise<void> {
  const { db } = local
  const ids = (await readMeta(db, 'erasing')) ?? []
  if (ids.length === 0) return
  const nos = await rewriteParts(local, new Set(ids))
  await db.transaction('rw', db.tables, async () => {
    for (const id of ids) await forgetPerson(db, id)
    const left = ((await readMeta(db, 'erasing')) ?? []).filter((id) => !ids.includes(id))
    await writeMeta(db, 'erasing', left)
  })
  local.changes.announce({ type: 'rewritten', nos })
  local.changes.announce({ type: 'customers', ids: [...ids] })
}

/** An op without an answer stays as it is: it is sent first, and emptied by its answer. */
async function forgetPerson(db: LocalDatabase, id: string): Promise<void> {
  const ops = await db.op.where('customer_id').equals(id).toArray()
  const answered = ops.filter((row) => row.state !== 'waiting' && !row.redacted)
  await db.op.bulkPut(answered.map(redacted))
  const waiting = new Set(ops.filter((row) => row.state === 'waiting').map((row) => row.record_id))
  const views = await db.view.where('customer_id').equals(id).primaryKeys()
  await db.view.bulkDelete([id, ...views.filter((view) => !waiting.has(view))])
  await db.row.where('customer_id').equals(id).delete()
  await db.visiting.delete(id)
  await db.recent.delete(id)
  await db.draft.filter((draft) => JSON.stringify([draft.key, draft.value]).includes(id)).delete()
}

/** Packs the parts that hold any of these people again, without them; gives the parts' numbers. */
async function rewriteParts(local: Local, ids: ReadonlySet<string>): Promise<number[]> {
  const { db } = local
  const nos: number[] = []
  for (const index of await db.part_index.toArray()) {
    const isIn = idsOfBytes(index.ids).some((id) => ids.has(id))
    // The first part also holds visits of people who are no customers here.
    if (!isIn && index.no > 0) continue
    const part = await db.part.get([index.set, index.no])
    if (!part || !(isIn || (await speaksOf(part, ids)))) continue
    const written = await withoutPeople(part, index, ids)
    const replaceIt = async () => replace(db, written)
    await withRoom(local, () => db.transaction('rw', db.part, db.part_index, replaceIt))
    nos.push(index.no)
  }
  return nos
}

function isAbout({ body }: FeedRow, ids: ReadonlySet<string>): boolean {
  const about = body as { customer_id?: unknown } | null
  return typeof about?.customer_id === 'string' && ids.has(about.customer_id)
}

async function speaksOf({ past }: PartRow, ids: ReadonlySet<string>): Promise<boolean> {
  const nobody = pastOfNobody(await unpack<PastSegment>(past))
  return nobody?.rows?.some((row) => isAbout(row, ids)) ?? false
}

function withoutRows(past: PartPast, ids: ReadonlySet<string>): PartPast {
  const nobody = past[NOBODY]
  if (!nobody?.rows) return past
  return { ...past, [NOBODY]: { ...nobody, rows: nobody.rows.filter((row) => !isAbout(row, ids)) } }
}

interface Written {
  part: PartRow
  index: PartIndexRow
}

async function replace(db: LocalDatabase, { part, index }: Written): Promise<void> {
  // Given up meanwhile, or a newer set's: then there is nothing to replace.
  if (!(await db.part_index.get([index.set, index.no]))) return
  await db.part.put(part)
  await db.part_index.put(index)
}

async function withoutPeople(
  part: PartRow,
  { sha256: _sent, ...index }: PartIndexRow,
  ids: ReadonlySet<string>,
): Promise<Written> {
  const rows = unpackCustomers(await unpack<CustomersSegment>(part.customers))
  const held = rows.map((row) => row.id)
  const past = unpackPast(await unpack<PastSegment>(part.past), held)
  const stays = rows.map((row) => !ids.has(row.id))
  const kept = rows.filter((_, at) => stays[at])
  const last = index.last?.filter((_, at) => stays[at]) ?? null
  const keptIds = kept.map((row) => row.id)
  const [customers, packedPast] = await Promise.all([
    pack(packCustomers(kept)),
    pack(packPast(withoutRows(past, ids), keptIds)),
  ])
  return {
    part: { ...part, customers, past: packedPast },
    index: { ...index, ids: idBytes(keptIds), last },
  }
}
