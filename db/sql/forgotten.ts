import { and, eq, inArray } from 'drizzle-orm'
import { redactedHash, redactOp } from '#model/erase.ts'
import { kindOf } from '#model/kinds.ts'
import { firstHash, type Op } from '#model/op.ts'
import { headPast } from '#model/skip.ts'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { selectByKeys } from './rows.ts'
import { type Item, type Verdict, visitKey, type Work } from './work.ts'

// Ops about people who were erased, whoever sends them and however late: they are refused, and
// stored without what they say.

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** An id in a payload, or null; nothing else may reach a statement. */
export function idIn(op: Op, field: string): string | null {
  const value = op.payload[field]
  return typeof value === 'string' && UUID.test(value) ? value : null
}

/** The customer whom an op speaks of, or null. Needs the batch's visits (`noteVisitors`). */
export function subjectOf(work: Work, op: Op): string | null {
  if (op.kind === 'visit')
    return work.visitors.get(visitKey(op.store_id, op.record_id)) ?? idIn(op, 'customer_id')
  const kind = kindOf(op.kind)
  if (kind && kind.feed !== 'customer') return null
  return idIn(op, 'customer_id') ?? op.record_id
}

/** Notes whom each visit is about: as loaded, else as the batch itself says. */
export function noteVisitors(work: Work, items: readonly Item[]): void {
  for (const { op } of items) {
    if (op.kind !== 'visit') continue
    const key = visitKey(op.store_id, op.record_id)
    const visit = work.visits.get(key)
    if (visit) work.visitors.set(key, visit.customer_id)
    else if (op.type === 'visit' && !work.visitors.has(key))
      work.visitors.set(key, idIn(op, 'customer_id'))
  }
}

/**
 * Finds erased people whom no forwarding row of the named home tells of, and edits of visits that
 * were refused for one. Asks the database only about what is not known.
 */
export async function findForgotten(work: Work, items: readonly Item[]): Promise<void> {
  const unknown = new Set<string>()
  const edits = new Map<string, string>()
  const made = new Set(items.flatMap(({ op }) => (op.type === 'create' ? [op.record_id] : [])))
  for (const { op } of items) {
    const key = visitKey(op.store_id, op.record_id)
    if (op.kind === 'visit' && !work.visitors.has(key)) edits.set(op.record_id, key)
    const id = subjectOf(work, op)
    if (id === null || made.has(id) || work.forgotten.has(id) || work.customers.get(id)) continue
    unknown.add(id)
  }
  const { quarantine } = work.ledger.t
  for (const id of await erasedAmong(work.ledger, work.db, [...unknown])) work.forgotten.add(id)
  if (edits.size === 0) return
  const refused = await work.db
    .select({ op: quarantine.op })
    .from(quarantine)
    .where(and(eq(quarantine.store_id, work.session.book), eq(quarantine.reason, 'erased')))
  for (const { op } of refused) {
    const key = edits.get(op.record_id)
    if (key !== undefined) work.forgottenVisits.add(key)
  }
}

/** Those of some customers who were erased, wherever they were at home. */
export async function erasedAmong(
  ledger: Ledger,
  db: Db,
  customers: readonly string[],
): Promise<string[]> {
  const { customerForward: forward } = ledger.t
  const gone = await selectByKeys([...new Set(customers)].sort(), (slice) =>
    db
      .select({ id: forward.customer_id })
      .from(forward)
      .where(and(eq(forward.state, 'erased'), inArray(forward.customer_id, slice))),
  )
  return [...new Set(gone.map(({ id }) => id))]
}

/** Whether an op speaks of somebody who was erased, before or earlier in the batch. */
export function isForgotten(work: Work, op: Op): boolean {
  if (op.kind === 'visit' && work.forgottenVisits.has(visitKey(op.store_id, op.record_id)))
    return true
  const id = subjectOf(work, op)
  if (id === null) return false
  return work.forgotten.has(id) || (work.customers.get(id)?.erased_on ?? null) !== null
}

/** An op's place in the ledger. */
export interface OpPlace {
  store_id: string
  device_id: string
  n: number
}

/** The hash over which an op was sealed: that of the device's op before it. */
export async function hashBefore(ledger: Ledger, db: Db, place: OpPlace): Promise<string> {
  const { op } = ledger.t
  const { store_id, device_id, n } = place
  if (n === 1) return firstHash(device_id)
  const [before] = await db
    .select({ op: op.op })
    .from(op)
    .where(and(eq(op.store_id, store_id), eq(op.device_id, device_id), eq(op.n, n - 1)))
  return before ? headPast(before.op).hash : firstHash(device_id)
}

/** What is stored of an op: all of it, or what may be kept with the hash of that. */
export interface KeptOp {
  op: Op
  erased_hash: string | null
}

/**
 * What is stored of each op of a batch. A repetition of a known op keeps no payload, either: what
 * it says stands where it took effect, and there only it is erased one day.
 */
export async function keptOps(
  work: Work,
  verdicts: readonly Verdict[],
  book: string,
): Promise<Map<number, KeptOp>> {
  const sent = new Map(verdicts.map(({ item: { op } }) => [op.n, op]))
  const { device_id } = work.session
  const kept = new Map<number, KeptOp>()
  for (const { item, status } of verdicts) {
    const { op } = item
    const isEmptied = status === 'dup' || (status === 'quarantined' && isForgotten(work, op))
    if (!isEmptied) {
      kept.set(op.n, { op, erased_hash: null })
      continue
    }
    const before = sent.get(op.n - 1)
    const hash = before
      ? headPast(before).hash
      : await hashBefore(work.ledger, work.db, { store_id: book, device_id, n: op.n })
    const redacted = redactOp(op)
    const { sha256 } = work.ledger.ports
    kept.set(op.n, { op: redacted, erased_hash: redactedHash(redacted, hash, sha256) })
  }
  return kept
}
