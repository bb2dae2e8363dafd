// What the server's answers do to the outbox. An op is counted as unsent until the server answers
// for it, is shown over the server's rows until a complete pull brings its effect, and is kept for
// 30 days after that, to be offered again should the server have been restored from a backup.
import type { Op } from '#model/op.ts'
import type { OpResult, PullReply, PushReply } from '#model/protocol.ts'
import type { Local } from './database.ts'
import { dayOfStore } from './device.ts'
import { readMeta, readMetas, writeMeta } from './meta.ts'
import type { LocalDatabase } from './schema.ts'
import type { MetaValues, OpRow, OpState } from './tables.ts'
import { isVisitOp, readParted, remakeViews } from './views.ts'

export const KEEP_ACKED_MS = 30 * 86_400_000

/** The oldest ops that wait for an answer, at most `limit`. */
export async function waitingOps(local: Local, limit: number): Promise<Op[]> {
  const numbers = await local.db.op.where('state').equals('waiting').primaryKeys()
  const first = numbers.sort((a, b) => a - b).slice(0, limit)
  const rows = await local.db.op.bulkGet(first)
  return rows.flatMap((row) => (row ? [row.op] : []))
}

/** What was measured of the server's clock: the answer's time against the middle of the request. */
export interface Measured {
  server_now: number
  askedAt: number
  answeredAt: number
}

export function clockOf({ server_now, askedAt, answeredAt }: Measured): MetaValues['clock'] {
  const offset_ms = Math.round(server_now - (askedAt + answeredAt) / 2)
  return { offset_ms, measured_at: answeredAt }
}

type Counter = Pick<PullReply, 'epoch' | 'last_n' | 'last_op_id'>

/**
 * Compares the server's count of this device's ops with ours. Another epoch means that the server
 * was restored: what it no longer has is offered again. Gives the rows that changed, or 'fork'
 * when two histories claim one number. Inside a transaction over op and meta.
 */
async function reconcile(db: LocalDatabase, counter: Counter): Promise<OpRow[] | 'fork'> {
  const { head, epoch } = await readMetas(db, ['head', 'epoch'])
  if (counter.last_n > (head?.n ?? 0)) return 'fork'
  const last = await db.op.get(counter.last_n)
  if (last && last.op.op_id !== counter.last_op_id) return 'fork'
  if (epoch === counter.epoch) return []
  await writeMeta(db, 'epoch', counter.epoch)
  return epoch === undefined ? [] : offerAgain(db, counter.last_n)
}

/** False when the tablet was enrolled anew since: the answer speaks of another device's ops. */
async function isDevice(db: LocalDatabase, deviceId: string): Promise<boolean> {
  return (await readMeta(db, 'device'))?.device_id === deviceId
}

/** Everything after `lastN` waits again, whatever was answered before. */
async function offerAgain(db: LocalDatabase, lastN: number): Promise<OpRow[]> {
  const after = await db.op.where('n').above(lastN).toArray()
  const again = after.filter((row) => row.state !== 'waiting').map(waitsAgain)
  await db.op.bulkPut(again)
  return again
}

function waitsAgain({ n, op, record_id, customer_id, name_key }: OpRow): OpRow {
  return {
    n,
    op,
    state: 'waiting',
    record_id,
    ...(customer_id === undefined ? {} : { customer_id }),
    ...(name_key === undefined ? {} : { name_key }),
  }
}

function isRefused({ status, first }: OpResult): boolean {
  return status === 'quarantined' || (status === 'dup' && first === 'quarantined')
}

/** The op with its answer; a late answer never takes back what is known already. */
function answered(row: OpRow, result: OpResult, now: number): OpRow {
  if (!isRefused(result)) return { ...row, state: 'sent' }
  const { reason, detail } = result
  const why = { ...(reason ? { reason } : {}), ...(detail === undefined ? {} : { detail }) }
  return { ...row, state: 'refused', refused_at: now, ...why }
}

async function takeResults(db: LocalDatabase, results: readonly OpResult[], now: number) {
  const rows = await db.op.bulkGet(results.map((result) => result.n))
  const changed = results.flatMap((result, index) => {
    const row = rows[index]
    if (row?.state !== 'waiting' || row.op.op_id !== result.op_id) return []
    return [answered(row, result, now)]
  })
  await db.op.bulkPut(changed)
  return changed
}

/**
 * Takes the server's answer to a push. Gives 'fork' when the device cannot go on under its name:
 * two histories claim one number, or the server misses an op that is no longer kept here.
 */
export async function takePush(
  local: Local,
  deviceId: string,
  reply: PushReply,
  measured: Measured,
): Promise<'ok' | 'fork'> {
  const { db } = local
  const now = local.deps.now()
  const changed = await db.transaction('rw', db.op, db.meta, async () => {
    if (!(await isDevice(db, deviceId))) return []
    const again = await reconcile(db, reply)
    if (again === 'fork' || reply.stop === 'fork') return 'fork'
    const missed = reply.stop === 'gap' ? await fillGap(db, reply.last_n) : []
    if (missed === 'fork') return 'fork'
    const results = await takeResults(db, reply.results, now)
    await writeMeta(db, 'clock', clockOf(measured))
    if (reply.stop !== 'reset') await noteSuccess(db, { last_push_at: now })
    return [...again, ...missed, ...results]
  })
  if (changed === 'fork') return 'fork'
  const remade = changed.filter((row) => row.state !== 'sent')
  await settle(local, remade)
  return 'ok'
}

/** The server lacks ops that were answered before: they are offered again, while they are kept. */
async function fillGap(db: LocalDatabase, lastN: number): Promise<OpRow[] | 'fork'> {
  const next = await db.op.get(lastN + 1)
  return next ? offerAgain(db, lastN) : 'fork'
}

/** Times of success only: a failed attempt leaves them as they were. */
async function noteSuccess(db: LocalDatabase, times: Partial<MetaValues['success']>) {
  const known = await readMeta(db, 'success')
  await writeMeta(db, 'success', { last_push_at: null, last_pull_at: null, ...known, ...times })
}

/** Takes what a pull's answer says of this device's own ops. */
export async function takeCounter(
  local: Local,
  deviceId: string,
  counter: Counter,
  measured: Measured,
): Promise<'ok' | 'fork'> {
  const { db } = local
  const again = await db.transaction('rw', db.op, db.meta, async () => {
    if (!(await isDevice(db, deviceId))) return []
    await writeMeta(db, 'clock', clockOf(measured))
    return reconcile(db, counter)
  })
  if (again === 'fork') return 'fork'
  await settle(local, again)
  return 'ok'
}

/**
 * A pull is complete: the effects of all ops up to `lastN` are in the rows. Ops that were answered
 * leave the views; an op without an answer stays, for the server may have refused it.
 */
export async function acknowledge(local: Local, lastN: number): Promise<void> {
  const { db } = local
  const now = local.deps.now()
  const acked = await db.transaction('rw', db.op, db.meta, async () => {
    const sent = await db.op.where('state').equals('sent').toArray()
    const done = sent.filter((row) => row.n <= lastN)
    const state: OpState = 'acked'
    await db.op.bulkPut(done.map((row) => ({ ...row, state, acked_at: now })))
    await noteSuccess(db, { last_pull_at: now })
    return done
  })
  await settle(local, acked)
  local.changes.announce({ type: 'pulled', at: now })
}

/** Makes the views of these ops' records again and tells who shows them. */
export async function settle(local: Local, ops: readonly OpRow[]): Promise<void> {
  const { db } = local
  if (ops.length === 0) return
  const ids = [...new Set(ops.map((row) => row.record_id))]
  const parted = await readParted(local, ids)
  await db.transaction('rw', [db.op, db.view, db.row, db.visiting, db.meta], async () => {
    await remakeViews(db, ids, parted, await dayOfStore(db))
  })
  const customers = ops.filter((row) => !isVisitOp(row)).map((row) => row.record_id)
  if (customers.length > 0)
    local.changes.announce({ type: 'customers', ids: [...new Set(customers)] })
  const doubtful = ops.filter((row) => isVisitOp(row) && row.state !== 'sent')
  const latest = new Set(doubtful.flatMap((row) => row.customer_id ?? []))
  if (latest.size > 0)
    local.changes.announce({ type: 'visits', latest: [...latest].map((id) => [id, null]) })
}

/** Forgets ops that were acknowledged 30 days ago. Their numbers stay in the head. */
export async function pruneAcked(local: Local): Promise<void> {
  const before = local.deps.now() - KEEP_ACKED_MS
  const acked = local.db.op.where('state').equals('acked')
  await acked.filter((row) => (row.acked_at ?? 0) < before).delete()
}
