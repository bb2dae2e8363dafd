// How a database becomes a device's: by a code, or by itself, when the device must go on under
// another name. What is still held is sealed again in the new name, with the ids and times it
// always had, so that what the server knows already is a repetition and nothing more.
import { CHAIN } from '#model/id.ts'
import { type DeviceHead, firstHash, headAfter, hashOp, type Op } from '#model/op.ts'
import type { EnrolReply, Renew } from '#model/protocol.ts'
import type { Local } from './database.ts'
import { dayOfStore, newFeed } from './device.ts'
import { opsIn } from './many.ts'
import { readMeta, writeMeta } from './meta.ts'
import type { LocalDatabase } from './schema.ts'
import { isSkip } from './skip.ts'
import type { OpRow, OpState } from './tables.ts'
import { byRecordOf, NOTHING_PARTED, type Parted, readParted, remakeViews } from './views.ts'

/** Decided ones are at their end; what was emptied would say nothing. */
const STILL_OFFERED: readonly OpState[] = ['waiting', 'sent', 'acked', 'refused']

/** Keeps what the enrolment answered. All work comes along, to another store too. */
export async function saveEnrolment(local: Local, reply: EnrolReply): Promise<void> {
  const { db } = local
  const parted = await readHeld(local)
  await db.transaction('rw', db.tables, async () => {
    await takeName(local, reply, parted)
  })
  local.changes.announce({ type: 'reset' })
}

/**
 * Keeps the device's new name, unless it has another than `oldId` by now (another tab was faster).
 * A null `oldId` stands for a database without a device.
 */
export async function saveRenewal(
  local: Local,
  oldId: string | null,
  reply: EnrolReply,
): Promise<void> {
  const { db } = local
  const parted = await readHeld(local)
  await db.transaction('rw', db.tables, async () => {
    const known = (await readMeta(db, 'device'))?.device_id ?? null
    if (known === oldId && known !== reply.device_id) await takeName(local, reply, parted)
  })
  local.changes.announce({ type: 'reset' })
}

function heldOps(db: LocalDatabase): Promise<OpRow[]> {
  return opsIn(db, ...STILL_OFFERED)
}

/** What the parts say of the records that will have a view again; parts are read outside. */
async function readHeld(local: Local): Promise<Parted> {
  const held = byRecordOf(await heldOps(local.db))
  return readParted(local, [...held.keys()], held)
}

async function takeName(local: Local, reply: EnrolReply, parted: Parted): Promise<void> {
  const { db, deps } = local
  const { device_id, store_id, name } = reply
  const now = deps.now()
  const isSameStore = (await readMeta(db, 'device'))?.store_id === store_id
  const held = await heldOps(db)
  await db.op.clear()
  const { head, sealed } = await sealAgain(local, held, device_id)
  await writeMeta(db, 'device', { device_id, store_id, name, enrolled_at: now })
  await writeMeta(db, 'head', head)
  await writeMeta(db, 'clock', { offset_ms: reply.server_now - now, measured_at: now })
  const dayOf = await dayOfStore(db)
  if (!isSameStore) await forgetStore(db, store_id)
  // All of it is on its way again; what was done at another store is not shown at this one.
  const here = sealed.filter((row) => row.op.store_id === store_id).map((row) => row.record_id)
  await remakeViews(db, [...new Set(here)], isSameStore ? parted : NOTHING_PARTED, dayOf)
  await db.meta.bulkDelete(['epoch', 'trouble', 'pruned', 'removed_at', 'emptied'])
}

/** Everything that came down for another store goes; a new first download begins. */
async function forgetStore(db: LocalDatabase, storeId: string): Promise<void> {
  const { part, part_index, row, view, recent, visiting } = db
  await Promise.all([part, part_index, row, view, recent, visiting].map((table) => table.clear()))
  await db.meta.bulkDelete(['snapshot', 'download', 'downloaded', 'success', 'clerks', 'erasing'])
  await writeMeta(db, 'feeds', { [CHAIN]: newFeed(false), [storeId]: newFeed(true) })
}

async function sealAgain(
  local: Local,
  rows: readonly OpRow[],
  deviceId: string,
): Promise<{ head: DeviceHead; sealed: OpRow[] }> {
  let head: DeviceHead = { n: 0, op_id: null, hash: firstHash(deviceId) }
  const said = rows.filter((row) => !isSkip(row) && !row.redacted)
  const sealed = said.map((row): OpRow => {
    const { hash: _hash, ...content } = { ...row.op, n: head.n + 1, prev: head.op_id }
    const op: Op = { ...content, hash: hashOp(content, head.hash, local.deps.sha256) }
    head = headAfter(op)
    const { record_id, customer_id, name_key } = row
    return {
      n: op.n,
      op,
      state: 'waiting',
      record_id,
      ...(customer_id === undefined ? {} : { customer_id }),
      ...(name_key === undefined ? {} : { name_key }),
    }
  })
  await local.db.op.bulkPut(sealed)
  return { head, sealed }
}

/** The numbers of the old name that are still here: those of the newest run without a hole. */
export async function keptRun({ db }: Local): Promise<Renew['kept']> {
  const rows = await db.op.orderBy('n').reverse().toArray()
  const held = rows.filter((row) => !isSkip(row) && !row.redacted)
  const [newest] = held
  if (!newest) return null
  const run = held.findIndex((row, index) => row.n !== newest.n - index)
  const oldest = held[(run < 0 ? held.length : run) - 1] ?? newest
  return { from_n: oldest.n, to_n: newest.n }
}
