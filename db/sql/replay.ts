import { asc, sql } from 'drizzle-orm'
import type { Actor, Session } from '#model/access.ts'
import { CHAIN } from '#model/id.ts'
import { type Refusal, refuse } from '#model/refusal.ts'
import { headPast } from '#model/skip.ts'
import { append } from './append.ts'
import { addDeviceState, saveHead } from './device-state.ts'
import type { Db } from './engine.ts'
import { UNREADABLE } from './envelope.ts'
import type { Ledger } from './ledger.ts'
import { loadReferences } from './reference.ts'
import { copyEmptied, copyForgotten } from './replay-erased.ts'
import type { Item } from './work.ts'

// Feeds one ledger's ops to another, in the order of their receipt: the way from SQLite to
// PostgreSQL, and the proof that both engines make the same state of the same ops.

type OpColumns = Ledger['t']['op']['$inferSelect']

/** Runs of one device's ops that were received at one time: what was one push. */
function runsOf(ops: readonly OpColumns[]): OpColumns[][] {
  const runs: OpColumns[][] = []
  for (const op of ops) {
    const last = runs.at(-1)?.[0]
    if (last?.device_id === op.device_id && last.received_at === op.received_at)
      runs.at(-1)?.push(op)
    else runs.push([op])
  }
  return runs
}

async function sessionOf(to: Ledger, db: Db, run: OpColumns): Promise<Session> {
  const { device_id, store_id: book } = run
  const [record] = await loadReferences(to, db, 'device', [device_id], false)
  const role = record?.fields['role'] === 'tablet' ? 'tablet' : book === CHAIN ? 'import' : 'desk'
  const revoked = record?.fields['state'] === 'revoked'
  return { device_id, book, role, revoked, actor_id: null }
}

/** The founder writes before anybody is on the books. */
function founderOf(run: OpColumns): Actor {
  const { actor_id: id } = run.op
  return { id, role: 'admin', store_ids: [], region_id: null, active: true }
}

/** What was found at the receipt and cannot be found again: the chain, faults of that day. */
const FOUND_AT_RECEIPT = ['damaged', 'tx', 'fault'] as const

function refusalOf({ op, reason, detail }: OpColumns): Refusal | null {
  if (op.kind === UNREADABLE) return refuse('malformed', detail ?? undefined)
  const found = FOUND_AT_RECEIPT.find((one) => one === reason)
  return found ? refuse(found, detail ?? undefined) : null
}

function itemOf(row: OpColumns): Item {
  const item = { op: row.op, received_at: row.received_at, at: row.effective_at }
  const refusal = refusalOf(row)
  return refusal ? { ...item, refusal } : item
}

async function replayRun(
  to: Ledger,
  run: OpColumns[],
  known: Set<string>,
  isFirst: boolean,
): Promise<void> {
  const [first] = run
  const last = run.at(-1)
  if (!first || !last) return
  await to.tx(async (db) => {
    const session = await sessionOf(to, db, first)
    if (!known.has(first.device_id)) await addDeviceState(to, db, first.store_id, first.device_id)
    known.add(first.device_id)
    await copyEmptied(
      to,
      db,
      run.filter((row) => row.erased_hash !== null),
    )
    const items = run.filter((row) => row.erased_hash === null).map(itemOf)
    await append(to, db, session, items, isFirst ? founderOf(first) : null)
    await saveHead(to, db, session, headPast(last.op))
  })
}

/**
 * Replays every op of `from` on the empty ledger `to`. Returns how many there were. Ops received
 * in the same millisecond by different devices keep the order of their ids.
 */
export async function replay(from: Ledger, to: Ledger): Promise<number> {
  const { op } = from.t
  const ops = await from.db
    .select()
    .from(op)
    .orderBy(asc(op.received_at), sql`${op.store_id} <> ${CHAIN}`, asc(op.device_id), asc(op.n))
  const known = new Set<string>()
  for (const [index, run] of runsOf(ops).entries()) await replayRun(to, run, known, index === 0)
  await copyForgotten(from, to)
  return ops.length
}
