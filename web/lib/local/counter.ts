// The server's count of this device's ops, held against ours: what it never had or has forgotten
// is offered again, and two histories under one name are found.
import type { LossCause } from '#model/loss.ts'
import { headPast } from '#model/skip.ts'
import type { Local } from './database.ts'
import { readMeta, readMetas, writeMeta } from './meta.ts'
import type { LocalDatabase } from './schema.ts'
import { type Counter, writeSkip } from './skip.ts'
import type { OpRow } from './tables.ts'

/**
 * Why the device cannot go on under its name: another goes by it too (`copied`), or this database
 * is older than what the server has of it (`restored`).
 */
export type Fork = Extract<LossCause, 'copied' | 'restored'>

export function isFork<T>(found: readonly T[] | Fork): found is Fork {
  return typeof found === 'string'
}

/** False when the tablet goes by another name since: the answer speaks of another device's ops. */
export async function isDevice(db: LocalDatabase, deviceId: string): Promise<boolean> {
  return (await readMeta(db, 'device'))?.device_id === deviceId
}

/**
 * Another epoch means that the server was restored: everything after its last op is offered again.
 * Gives the rows that changed. Inside a transaction over op and meta.
 */
export async function reconcile(local: Local, counter: Counter): Promise<OpRow[] | Fork> {
  const { db } = local
  const { head, epoch } = await readMetas(db, ['head', 'epoch'])
  if (counter.last_n > (head?.n ?? 0)) return 'restored'
  const last = await db.op.get(counter.last_n)
  const ids = last ? [last.op.op_id, headPast(last.op).op_id] : []
  if (last && !ids.includes(counter.last_op_id)) return 'copied'
  if (epoch === counter.epoch) return []
  await writeMeta(db, 'epoch', counter.epoch)
  if (epoch === undefined || counter.last_n === head?.n) return []
  return fillGap(local, counter)
}

/** The server lacks what comes after its last op: it is offered again, or said to be gone. */
export async function fillGap(local: Local, counter: Counter): Promise<OpRow[] | Fork> {
  const { db } = local
  const again = await offerAgain(db, counter.last_n)
  if ((await db.op.get(counter.last_n + 1)) !== undefined) return again
  const skip = await writeSkip(local, counter)
  return skip ? [...again, skip] : 'restored'
}

/** Everything after `lastN` waits again, whatever was answered before. */
async function offerAgain(db: LocalDatabase, lastN: number): Promise<OpRow[]> {
  const after = await db.op.where('n').above(lastN).toArray()
  const again = after.filter((row) => row.state !== 'waiting').map(waitsAgain)
  await db.op.bulkPut(again)
  return again
}

/** The op as it was before any answer to it. */
export function waitsAgain({ n, op, record_id, customer_id, name_key, redacted }: OpRow): OpRow {
  return {
    n,
    op,
    state: 'waiting',
    record_id,
    ...(customer_id === undefined ? {} : { customer_id }),
    ...(name_key === undefined ? {} : { name_key }),
    ...(redacted ? { redacted } : {}),
  }
}
