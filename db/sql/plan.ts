import { and, eq, gte, lte } from 'drizzle-orm'
import type { Session } from '#model/access.ts'
import { type DeviceHead, effectiveTime, hashOp, type Op } from '#model/op.ts'
import { refuse } from '#model/refusal.ts'
import { headPast, readSkip } from '#model/skip.ts'
import { type DeviceColumns, headOfDevice } from './device-state.ts'
import type { Db } from './engine.ts'
import type { Received } from './envelope.ts'
import type { Ledger } from './ledger.ts'
import type { Item } from './work.ts'

// Which of a device's ops are new, which were answered before, and where two histories part.

type KnownOp = Ledger['t']['op']['$inferSelect']

export interface Plan {
  fresh: Item[]
  /** Ops that were taken in an earlier push, and how they stand. */
  repeated: { op: Op; first: KnownOp }[]
  head: DeviceHead
  stop?: 'gap' | 'fork'
}

/** The last known op counts, too, when the first new one may carry its group on. */
function numbersToKnow(ops: readonly Op[], last: number): number[] {
  const numbers = ops.map((op) => op.n).filter((n) => n <= last)
  const next = ops.find((op) => op.n === last + 1)
  return last > 0 && next?.tx !== undefined ? [...numbers, last] : numbers
}

/** What the ledger has under the numbers that the device sends again. */
export async function knownOps(
  ledger: Ledger,
  db: Db,
  session: Session,
  ops: readonly Op[],
  last: number,
): Promise<Map<number, KnownOp>> {
  const { op } = ledger.t
  const numbers = numbersToKnow(ops, last)
  if (numbers.length === 0) return new Map()
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

/** Why an op does not go on from where the chain stands, or null. A skip bridges a gap. */
function breakBefore(op: Op, head: DeviceHead, session: Session): 'gap' | 'fork' | null {
  const skip = readSkip(op)
  const from = skip?.from_n ?? op.n
  if (from > head.n + 1) return 'gap'
  const isForeign = skip !== null && !isOfDevice(op, session)
  return from <= head.n || op.prev !== head.op_id || isForeign ? 'fork' : null
}

function isOfDevice(op: Op, { book, device_id }: Session): boolean {
  return op.record_id === device_id && op.store_id === book
}

/** The group whose beginning was refused in an earlier push: its rest is refused with it. */
function refusedGroup(known: Map<number, KnownOp>, last: number): string | null {
  const row = known.get(last)
  return row?.status === 'quarantined' ? (row.op.tx ?? null) : null
}

/**
 * Sorts out a push. An op whose hash does not match its content goes to quarantine and the chain
 * goes on with the hash it claims; a skip like that moves the chain nowhere.
 */
export function plan(
  ledger: Ledger,
  session: Session,
  device: DeviceColumns,
  { ops, refusals }: Received,
  known: Map<number, KnownOp>,
  now: number,
): Plan {
  const result: Plan = { fresh: [], repeated: [], head: headOfDevice(device) }
  let refused = refusedGroup(known, device.last_n)
  for (const op of [...ops].sort((a, b) => a.n - b.n)) {
    if (op.n <= device.last_n) {
      const first = known.get(op.n)
      if (first?.op_id !== op.op_id) return { ...result, stop: 'fork' }
      result.repeated.push({ op, first })
      continue
    }
    const stop = breakBefore(op, result.head, session)
    if (stop) return { ...result, stop }
    if (op.tx !== refused) refused = null
    const isWhole = hashOp(op, result.head.hash, ledger.ports.sha256) === op.hash
    if (!isWhole && readSkip(op)) return { ...result, stop: 'fork' }
    const broken = refusals.get(op.n) ?? (isWhole ? null : refuse('damaged'))
    const refusal = broken ?? (refused === null ? null : refuse('tx'))
    const item = { op, received_at: now, at: effectiveTime(op, now) }
    result.fresh.push(refusal ? { ...item, refusal } : item)
    result.head = headPast(op)
  }
  return result
}
