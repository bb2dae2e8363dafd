// The device's numbers must have no hole on the server. Where ops are missing there and no longer
// kept here, a skip says so and the chain of hashes goes on behind it: the server enters what is
// missing into its loss ledger.
import { type DeviceHead, hashOp, type Op, SCHEMA } from '#model/op.ts'
import type { PullReply } from '#model/protocol.ts'
import { headPast, readSkip } from '#model/skip.ts'
import type { Local } from './database.ts'
import { opsIn } from './many.ts'
import { readMeta, readMetas, writeMeta } from './meta.ts'
import type { LocalDatabase } from './schema.ts'
import type { OpRow } from './tables.ts'

export const KEEP_ACKED_MS = 30 * 86_400_000

export type Counter = Pick<PullReply, 'epoch' | 'last_n' | 'last_op_id' | 'last_hash'>

export function isSkip({ op }: Pick<OpRow, 'op'>): boolean {
  return op.type === 'skip'
}

/**
 * Writes the skip over the numbers after `counter.last_n` of which no op is kept. Null when the
 * chain cannot go on: the hash of the last op that is gone is not known. Inside a transaction over
 * op and meta.
 */
export async function writeSkip(local: Local, counter: Counter): Promise<OpRow | null> {
  const { db, deps } = local
  const {
    device,
    head,
    pruned = [],
    clock,
  } = await readMetas(db, ['device', 'head', 'pruned', 'clock'])
  if (!device || !head) return null
  const above = await db.op.where('n').above(counter.last_n).sortBy('n')
  const first = above.find((row) => !isSkip(row))
  const end = first ? pruned.find((one) => one.n === first.n - 1) : head
  if (!end || end.op_id === null || end.n <= counter.last_n) return null
  // Another tab wrote it already: a second one for the same numbers would be a fork.
  const same = above.find((row) => row.n === end.n && saysAlike(row.op, counter))
  if (same) return same
  // A skip of before says less than this one.
  await db.op.bulkDelete(above.filter((row) => isSkip(row) && row.n <= end.n).map((row) => row.n))
  const payload = { from_n: counter.last_n + 1, last_op_id: end.op_id, last_hash: end.hash }
  const content = {
    op_id: deps.uuid(),
    n: end.n,
    prev: counter.last_op_id,
    actor_id: device.device_id,
    unlock_id: null,
    store_id: device.store_id,
    kind: 'device',
    record_id: device.device_id,
    base_seq: 0,
    schema: SCHEMA,
    ts_wall: deps.now(),
    offset_ms: clock?.offset_ms ?? 0,
    ts_mono: deps.monotonic(),
    type: 'skip',
    payload,
  }
  const op: Op = { ...content, hash: hashOp(content, counter.last_hash, deps.sha256) }
  const row: OpRow = { n: op.n, op, state: 'waiting', record_id: op.record_id }
  await db.op.put(row)
  return row
}

function saysAlike(op: Op, { last_n, last_op_id }: Counter): boolean {
  return op.prev === last_op_id && readSkip(op)?.from_n === last_n + 1
}

function isOld(row: OpRow, before: number): boolean {
  if (row.state === 'acked') return (row.acked_at ?? 0) < before
  return row.state === 'dismissed' && row.seen === true && (row.decision?.at ?? 0) < before
}

/**
 * Forgets ops that were acknowledged 30 days ago. Their numbers stay in the head; of the last one
 * before each op that is kept, its place in the chain stays too, for a skip.
 */
export async function pruneAcked(local: Local): Promise<void> {
  const { db } = local
  const before = local.deps.now() - KEEP_ACKED_MS
  await db.transaction('rw', db.op, db.meta, async () => {
    const done = await opsIn(db, 'acked', 'dismissed')
    const old = done.filter((row) => isOld(row, before))
    if (old.length === 0) return
    await db.op.bulkDelete(old.map((row) => row.n))
    const ends = [...((await readMeta(db, 'pruned')) ?? []), ...old.map((row) => headPast(row.op))]
    await writeMeta(db, 'pruned', await beforeKept(db, ends))
  })
}

/** Those whose next op is still here, or will be the next to be written. */
async function beforeKept(db: LocalDatabase, ends: readonly DeviceHead[]): Promise<DeviceHead[]> {
  const head = await readMeta(db, 'head')
  const next = await db.op.bulkGet(ends.map((end) => end.n + 1))
  return ends.filter((end, index) => next[index] !== undefined || end.n === head?.n)
}
