import type { Actor, Session } from '#model/access.ts'
import { type Draft, effectiveTime, headAfter, sealOp } from '#model/op.ts'
import type { OpResult } from '#model/protocol.ts'
import { append, repetition, seenOps } from './append.ts'
import { headOfDevice, lockDevice, saveHead } from './device-state.ts'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { retried } from './retried.ts'
import type { Item } from './work.ts'

/** Who writes on the server's side: the desk, the importer, first-run setup. */
export interface Writer {
  session: Session
  actor_id: string
  unlock_id: string | null
  /** Stands for the actor while nobody is on the books. */
  founder?: Actor
}

/** A draft with its own time and id, where the source has them; else now and a new one. */
export interface TimedDraft extends Draft {
  at?: number
  op_id?: string
  received_at?: number
}

function sealAll(
  ledger: Ledger,
  writer: Writer,
  start: ReturnType<typeof headOfDevice>,
  drafts: readonly TimedDraft[],
  now: number,
): Item[] {
  let head = start
  return drafts.map(({ at = now, op_id = ledger.ports.uuid(), received_at = now, ...draft }) => {
    const envelope = {
      op_id,
      actor_id: writer.actor_id,
      unlock_id: writer.unlock_id,
      base_seq: 0,
      ts_wall: at,
      offset_ms: 0,
      ts_mono: 0,
    }
    const op = sealOp(draft, head, envelope, ledger.ports.sha256)
    head = headAfter(op)
    return { op, received_at, at: effectiveTime(op, received_at) }
  })
}

/** As `writeDrafts`, inside a transaction that is open already. */
export async function writeDraftsIn(
  ledger: Ledger,
  db: Db,
  writer: Writer,
  drafts: readonly TimedDraft[],
  now: number,
): Promise<OpResult[]> {
  const device = await lockDevice(ledger, db, writer.session)
  const named = drafts.flatMap(({ store_id, op_id }) => (op_id ? [{ store_id, op_id }] : []))
  const seen = await seenOps(ledger, db, named)
  const fresh = drafts.filter(({ op_id }) => !op_id || !seen.has(op_id))
  const items = sealAll(ledger, writer, headOfDevice(device), fresh, now)
  const verdicts = await append(ledger, db, writer.session, items, writer.founder)
  const last = items.at(-1)
  if (last) await saveHead(ledger, db, writer.session, headAfter(last.op), { last_push_at: now })
  const repeated = drafts.flatMap(({ op_id }): OpResult[] => {
    const first = op_id ? seen.get(op_id) : undefined
    return op_id && first ? [repetition({ n: 0, op_id }, first.status, first.reason)] : []
  })
  const results = verdicts.map(({ item: { op }, status, refusal }): OpResult => ({
    n: op.n,
    op_id: op.op_id,
    status,
    ...refusal,
  }))
  return [...results, ...repeated]
}

/**
 * Appends drafts as the next ops of a device of the server's own, in one transaction. A draft
 * whose `op_id` is on the books already is a `dup` (with `n` 0) and changes nothing. After a try
 * that was committed unheard, `n` is 0 and the status is that of the first time.
 */
export async function writeDrafts(
  ledger: Ledger,
  writer: Writer,
  drafts: readonly TimedDraft[],
  now: number,
): Promise<OpResult[]> {
  // Ids are given before the first try. A commit whose answer was lost may have happened: the next
  // try then finds these ids on the books, and writes nothing twice.
  const given = new Set<string>()
  const named = drafts.map((draft) => {
    if (draft.op_id !== undefined) return draft
    const op_id = ledger.ports.uuid()
    given.add(op_id)
    return { ...draft, op_id }
  })
  const results = await retried(() =>
    ledger.tx((db) => writeDraftsIn(ledger, db, writer, named, now)),
  )
  return results.map((result) => {
    const { first, ...known } = result
    return first !== undefined && given.has(known.op_id) ? { ...known, status: first } : result
  })
}
