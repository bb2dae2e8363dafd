import { and, eq, inArray, like, not, or, type SQL, sql } from 'drizzle-orm'
import { redactedHash, redactOp } from '#model/erase.ts'
import type { Op } from '#model/op.ts'
import { hashBefore, type OpPlace } from './forgotten.ts'
import { chunksOf } from './rows.ts'
import type { Work } from './work.ts'

// Takes what was said of a person out of the op log and the quarantine. Ops are kept as text and
// have no index by person, so all of them are read: an erasure is rare, and may take its time.

const IDS_AT_ONCE = 40

interface FoundOp extends OpPlace {
  op: Op
}

export interface Person {
  id: string
  surrogate: string
  visitIds: readonly string[]
}

/** A condition on the op's text as it stands in the column; drivers write JSON without spaces. */
function contains(work: Work, text: string): SQL {
  const { op } = work.ledger.t
  return like(sql`cast(${op.op} as text)`, `%${text}%`)
}

async function opsWhere(work: Work, condition: SQL | undefined): Promise<FoundOp[]> {
  const { op } = work.ledger.t
  const { store_id, device_id, n } = op
  return work.db
    .select({ store_id, device_id, n, op: op.op })
    .from(op)
    .where(condition)
    .orderBy(store_id, device_id, n)
}

/** Ops that name the person, then edits of their visits, which name only the visit. */
async function opsAbout(work: Work, { id, visitIds }: Person): Promise<FoundOp[]> {
  const found = await opsWhere(work, contains(work, id))
  const logged = found.filter(({ op }) => op.kind === 'visit').map(({ op }) => op.record_id)
  const edits = and(contains(work, '"kind":"visit"'), not(contains(work, '"type":"visit"')))
  for (const slice of chunksOf([...new Set([...visitIds, ...logged])].sort(), IDS_AT_ONCE)) {
    const named = slice.map((visitId) => contains(work, `"record_id":"${visitId}"`))
    found.push(...(await opsWhere(work, and(edits, or(...named)))))
  }
  const keyOf = ({ store_id, device_id, n }: OpPlace) => `${store_id}|${device_id}|${n}`
  return [...new Map(found.map((one) => [keyOf(one), one])).values()]
}

/**
 * Empties the payload of every op about the person, puts the surrogate in the place of their id,
 * and keeps the hash of what is left beside it, so that the device's chain can still be verified.
 */
export async function redactOpsAbout(work: Work, person: Person): Promise<void> {
  const { op: ops, quarantine } = work.ledger.t
  const { sha256 } = work.ledger.ports
  for (const { op, ...place } of await opsAbout(work, person)) {
    const redacted = redactOp(op, op.record_id === person.id ? person.surrogate : op.record_id)
    const before = await hashBefore(work.ledger, work.db, place)
    const erased_hash = redactedHash(redacted, before, sha256)
    const { store_id, device_id, n } = place
    await work.db
      .update(ops)
      .set({ op: redacted, erased_hash })
      .where(and(eq(ops.store_id, store_id), eq(ops.device_id, device_id), eq(ops.n, n)))
    const books = [...new Set([store_id, op.store_id])]
    await work.db
      .update(quarantine)
      .set({ op: redacted, reason: 'erased', detail: null })
      .where(and(inArray(quarantine.store_id, books), eq(quarantine.op_id, op.op_id)))
  }
}
