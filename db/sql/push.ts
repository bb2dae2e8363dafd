import { and, eq, gte, lte } from 'drizzle-orm'
import type { Session } from '#model/access.ts'
import { type DeviceHead, effectiveTime, hashOp, headAfter, type Op } from '#model/op.ts'
import { median } from '#model/portrait.ts'
import type { OpResult, Push, PushReply } from '#model/protocol.ts'
import { REASONS, refuse } from '#model/refusal.ts'
import { append, seenOps } from './append.ts'
import {
  type DeviceColumns,
  headOfDevice,
  healthColumns,
  lockDevice,
  saveHead,
} from './device-state.ts'
import { isRetryable } from './errors.ts'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import type { Item, Verdict } from './work.ts'

const TRIES = 6

/** Runs a whole transaction again after a deadlock or a lost connection. */
export async function retried<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await run()
    } catch (error) {
      if (attempt >= TRIES || !isRetryable(error)) throw error
    }
}

type KnownOp = Ledger['t']['op']['$inferSelect']

async function knownOps(
  ledger: Ledger,
  db: Db,
  session: Session,
  ops: readonly Op[],
  last: number,
) {
  const { op } = ledger.t
  const numbers = ops.map((one) => one.n).filter((n) => n <= last)
  if (numbers.length === 0) return new Map<number, KnownOp>()
  const rows = await db
    .select()
    .from(op)
    .where(
      and(
        eq(op.store_id, session.book),
        eq(op.device_id, session.device_id),
        gte(op.n, Math.min(...numbers)),
        lte(op.n, Math.max(...numbers)),
      ),
    )
    .orderBy(op.n)
  return new Map(rows.map((row) => [row.n, row]))
}

interface Plan {
  fresh: Item[]
  repeated: OpResult[]
  head: DeviceHead
  stop?: 'gap' | 'fork'
}

function reasonOf(text: string | null) {
  return REASONS.find((reason) => reason === text)
}

function repetition(op: Op, first: 'applied' | 'quarantined', reasonText: string | null): OpResult {
  const reason = reasonOf(reasonText)
  return { n: op.n, op_id: op.op_id, status: 'dup', first, ...(reason ? { reason } : {}) }
}

/**
 * Which ops are new, which were answered before, and where two histories part. An op whose hash
 * does not match its content goes to quarantine; the chain goes on with the hash it claims.
 */
function plan(
  device: DeviceColumns,
  ops: readonly Op[],
  known: Map<number, KnownOp>,
  ledger: Ledger,
  now: number,
): Plan {
  const result: Plan = { fresh: [], repeated: [], head: headOfDevice(device) }
  for (const op of [...ops].sort((a, b) => a.n - b.n)) {
    if (op.n <= device.last_n) {
      const first = known.get(op.n)
      if (first?.op_id !== op.op_id) return { ...result, stop: 'fork' }
      const status = first.status === 'quarantined' ? 'quarantined' : 'applied'
      result.repeated.push(repetition(op, status, first.reason))
      continue
    }
    if (op.n > result.head.n + 1) return { ...result, stop: 'gap' }
    if (op.n <= result.head.n || op.prev !== result.head.op_id) return { ...result, stop: 'fork' }
    const isWhole = hashOp(op, result.head.hash, ledger.ports.sha256) === op.hash
    const item = { op, received_at: now, at: effectiveTime(op, now) }
    result.fresh.push(isWhole ? item : { ...item, refusal: refuse('damaged') })
    result.head = headAfter(op)
  }
  return result
}

async function resultOf(ledger: Ledger, db: Db, verdicts: readonly Verdict[]): Promise<OpResult[]> {
  const dups = verdicts.filter((verdict) => verdict.status === 'dup')
  const seen = await seenOps(
    ledger,
    db,
    dups.map((verdict) => verdict.item.op),
  )
  return verdicts.map(({ item: { op }, status, refusal }) => {
    if (status === 'dup') {
      const first = seen.get(op.op_id)
      return repetition(op, first?.status ?? 'applied', first?.reason ?? null)
    }
    return { n: op.n, op_id: op.op_id, status, ...refusal }
  })
}

function lagOf(fresh: readonly Item[]): { lag_ms?: number } {
  const lag = median(fresh.map((item) => item.received_at - item.at))
  return lag === null ? {} : { lag_ms: Math.round(lag) }
}

async function pushOnce(
  ledger: Ledger,
  db: Db,
  session: Session,
  body: Push,
  now: number,
): Promise<PushReply> {
  const device = await lockDevice(ledger, db, session)
  const { epoch } = device
  const reply = (head: DeviceHead, results: OpResult[], stop?: PushReply['stop']): PushReply => ({
    epoch,
    last_n: head.n,
    last_op_id: head.op_id,
    last_hash: head.hash,
    server_now: now,
    results,
    ...(stop ? { stop } : {}),
  })
  if (body.epoch !== null && body.epoch !== epoch) return reply(headOfDevice(device), [], 'reset')
  const known = await knownOps(ledger, db, session, body.ops, device.last_n)
  const planned = plan(device, body.ops, known, ledger, now)
  const verdicts = await append(ledger, db, session, planned.fresh)
  const health = { ...healthColumns(body.health, now), last_push_at: now }
  await saveHead(ledger, db, session, planned.head, { ...health, ...lagOf(planned.fresh) })
  const results = [...planned.repeated, ...(await resultOf(ledger, db, verdicts))]
  return reply(planned.head, results, planned.stop)
}

/**
 * Takes a device's ops, all in one transaction, and says what became of each. Repeating a push is
 * always safe. Throws LedgerError `unknown-device`; refused ops are results, never errors.
 */
export function push(
  ledger: Ledger,
  session: Session,
  body: Push,
  now: number,
): Promise<PushReply> {
  return retried(() => ledger.tx((db) => pushOnce(ledger, db, session, body, now)))
}
