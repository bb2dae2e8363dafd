// What the server's answers do to the outbox. An op is counted as unsent until the server answers
// for it, is shown over the server's rows until a complete pull brings its effect, and is kept for
// 30 days after that, to be offered again should the server have been restored from a backup.
import type { Op } from '#model/op.ts'
import type { OpResult, PushReply } from '#model/protocol.ts'
import { type Fork, fillGap, isDevice, isFork, reconcile } from './counter.ts'
import type { Local } from './database.ts'
import { withDecisions } from './decisions.ts'
import { dayOfStore, serverNow } from './device.ts'
import { erasedAmong, redacted } from './erased.ts'
import { opsOf } from './many.ts'
import { readMeta, writeMeta } from './meta.ts'
import type { LocalDatabase } from './schema.ts'
import type { Counter } from './skip.ts'
import type { MetaValues, OpRow, OpState } from './tables.ts'
import {
  byRecordOf,
  dropStrayViews,
  isVisitOp,
  NOTHING_PARTED,
  type Parted,
  readParted,
  remakeViews,
} from './views.ts'

/** The oldest ops that wait for an answer: at least `limit`, for no group of them is cut in two. */
export async function waitingOps({ db }: Local, limit: number): Promise<Op[]> {
  const rows = await db.transaction('r', db.op, async () => {
    // An index gives equal states in the order of their numbers.
    const oldest = await db.op.where('state').equals('waiting').limit(limit).toArray()
    const last = oldest.at(-1)
    if (last?.op.tx === undefined) return oldest
    // From the last one's number on: an `until` after an `offset` would look at what is skipped.
    const after = db.op.where('n').above(last.n)
    const group = await after.until((row) => row.op.tx !== last.op.tx).toArray()
    return [...oldest, ...group.filter((row) => row.state === 'waiting')]
  })
  return rows.map((row) => row.op)
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
  const rows = await opsOf(
    db,
    results.map((result) => result.n),
  )
  const fresh = results.flatMap((result, index) => {
    const row = rows[index]
    if (row?.state !== 'waiting' || row.op.op_id !== result.op_id) return []
    return [answered(row, result, now)]
  })
  const erased = await erasedAmong(
    db,
    fresh.map((row) => row.customer_id),
  )
  const isOfErased = (row: OpRow) => row.reason === 'erased' || erased.has(row.customer_id)
  const known = await withDecisions(db, fresh, now)
  const changed = known.map((row) => (isOfErased(row) ? redacted(row) : row))
  await db.op.bulkPut(changed)
  return changed
}

function tablesOf(db: LocalDatabase) {
  return [db.op, db.meta, db.row, db.view, db.visiting]
}

/** What parts say of the records that are shown anew where the server has forgotten of them. */
async function partedAfter(local: Local, counter: Counter): Promise<Parted> {
  const { db } = local
  if ((await readMeta(db, 'epoch')) === counter.epoch) return NOTHING_PARTED
  const rows = await db.op.where('n').above(counter.last_n).toArray()
  const byRecord = byRecordOf(rows)
  return readParted(local, [...byRecord.keys()], byRecord)
}

/**
 * What is offered again is on its way again, and shown from the same moment on: the app may end
 * before anything else is done. Inside a transaction over `tablesOf`.
 */
async function showAgain(db: LocalDatabase, again: readonly OpRow[], parted: Parted) {
  if (again.length === 0) return
  const ids = [...new Set(again.map((row) => row.record_id))]
  await remakeViews(db, ids, parted, await dayOfStore(db))
}

/**
 * Takes the server's answer to a push. Gives why the device cannot go on under its name, or null.
 */
export async function takePush(
  local: Local,
  deviceId: string,
  reply: PushReply,
  measured: Measured,
): Promise<Fork | null> {
  const { db } = local
  const now = local.deps.now()
  const parted = await partedAfter(local, reply)
  const changed = await db.transaction('rw', tablesOf(db), async () => {
    if (!(await isDevice(db, deviceId))) return []
    const again = await reconcile(local, reply)
    if (isFork(again)) return again
    if (reply.stop === 'fork') return 'copied'
    await showAgain(db, again, parted)
    const missed = reply.stop === 'gap' ? await fillGap(local, reply) : []
    if (isFork(missed)) return missed
    const results = await takeResults(db, reply.results, now)
    await writeMeta(db, 'clock', clockOf(measured))
    if (reply.stop !== 'reset') await noteSuccess(db, { last_push_at: measured.server_now })
    return [...again, ...missed, ...results]
  })
  if (isFork(changed)) return changed
  const remade = changed.filter((row) => row.state !== 'sent')
  await settle(local, remade)
  return null
}

/**
 * Times of success only, by the server's clock, as screens tell the time: this tablet's may be days
 * off. A failed attempt leaves them as they were.
 */
async function noteSuccess(db: LocalDatabase, times: Partial<MetaValues['success']>) {
  const known = await readMeta(db, 'success')
  await writeMeta(db, 'success', { last_push_at: null, last_pull_at: null, ...known, ...times })
}

/** Takes what a pull's answer says of this device's own ops; gives a fork as `takePush` does. */
export async function takeCounter(
  local: Local,
  deviceId: string,
  counter: Counter,
  measured: Measured,
): Promise<Fork | null> {
  const { db } = local
  const parted = await partedAfter(local, counter)
  const again = await db.transaction('rw', tablesOf(db), async () => {
    if (!(await isDevice(db, deviceId))) return []
    await writeMeta(db, 'clock', clockOf(measured))
    const found = await reconcile(local, counter)
    if (!isFork(found)) await showAgain(db, found, parted)
    return found
  })
  if (isFork(again)) return again
  await settle(local, again)
  return null
}

/**
 * A pull is complete: the effects of all ops up to `lastN` are in the rows. Ops that were answered
 * leave the views; an op without an answer stays, for the server may have refused it.
 */
export async function acknowledge(local: Local, deviceId: string, lastN: number): Promise<void> {
  const { db } = local
  const now = local.deps.now()
  const pulledAt = await serverNow(local)
  const acked = await db.transaction('rw', db.op, db.meta, db.view, async () => {
    if (!(await isDevice(db, deviceId))) return []
    const sent = await db.op.where('state').equals('sent').toArray()
    const done = sent.filter((row) => row.n <= lastN)
    const state: OpState = 'acked'
    await db.op.bulkPut(done.map((row) => ({ ...row, state, acked_at: now })))
    await noteSuccess(db, { last_pull_at: pulledAt })
    await dropStrayViews(db)
    return done
  })
  await settle(local, acked)
  local.changes.announce({ type: 'pulled', at: pulledAt })
}

/** Whether ops were answered that no complete pull has confirmed yet. */
export async function hasUnconfirmed({ db }: Local): Promise<boolean> {
  return (await db.op.where('state').equals('sent').count()) > 0
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
