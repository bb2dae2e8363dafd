// What managers decided about refused ops, and what the ledger knows to be lost: both come with
// the store's feed.
import type { Decision } from '#model/decision.ts'
import type { Loss } from '#model/loss.ts'
import type { Local } from './database.ts'
import { readMeta } from './meta.ts'
import type { LocalDatabase } from './schema.ts'
import { LOSSES, type OpRow, type OverlayRow } from './tables.ts'

type Row = Pick<OverlayRow, 'kind' | 'state' | 'body'>

/** Safe because rows pass the checks of the transport before they are stored. */
function asDecision(body: unknown): Decision {
  return body as Decision
}

/** Safe for the same reason as `asDecision`. */
function asLoss(body: unknown): Loss {
  return body as Loss
}

/** The op after the decision: re-applied it is as good as accepted, and comes with the feed. */
function decided(row: OpRow, { verdict, reason, by, at }: Decision, now: number): OpRow {
  const { seen: _seen, ...open } = row
  if (verdict === 'reapply') return { ...open, state: 'acked', acked_at: now }
  if (verdict === 'dismiss') return { ...open, state: 'dismissed', decision: { reason, by, at } }
  return row
}

/** Takes the decisions among rows that arrived; inside a transaction over op. */
export async function takeDecisions(
  db: LocalDatabase,
  rows: readonly Row[],
  now: number,
): Promise<void> {
  const made = rows.filter((row) => row.kind === 'decision' && row.state === 'put')
  if (made.length === 0) return
  const byOp = new Map(made.map(({ body }) => [asDecision(body).subject_id, asDecision(body)]))
  const refused = await db.op.where('state').equals('refused').toArray()
  const changed = refused.flatMap((row) => {
    const decision = byOp.get(row.op.op_id)
    return decision ? [decided(row, decision, now)] : []
  })
  await db.op.bulkPut(changed)
}

/**
 * Ops that are refused may have been decided on before their answer came here; inside a
 * transaction over row.
 */
export async function withDecisions(
  db: LocalDatabase,
  ops: readonly OpRow[],
  now: number,
): Promise<OpRow[]> {
  const ids = ops.filter((row) => row.state === 'refused').map((row) => row.op.op_id)
  if (ids.length === 0) return [...ops]
  const rows = await db.row.where('about').anyOf(ids).toArray()
  const made = rows.filter((row) => row.kind === 'decision' && row.state === 'put')
  const byOp = new Map(made.map((row) => [row.about, asDecision(row.body)]))
  return ops.map((row) => {
    const decision = row.state === 'refused' ? byOp.get(row.op.op_id) : undefined
    return decision ? decided(row, decision, now) : row
  })
}

/** What never arrived from this store's devices, the latest first; closed entries too. */
export async function lossesHere({ db }: Local): Promise<Loss[]> {
  const feed = (await readMeta(db, 'device'))?.store_id
  const rows = await db.row.where('about').equals(LOSSES).toArray()
  const own = rows.filter((row) => row.feed === feed && row.state === 'put')
  return own.map((row) => asLoss(row.body)).sort((a, b) => b.found_at - a.found_at)
}
