import { and, eq } from 'drizzle-orm'
import { effectiveTime } from '#model/op.ts'
import { idIn } from './forgotten.ts'
import { Groups } from './groups.ts'
import { among, selectByKeys, upsertRows } from './rows.ts'
import type { Item, RefusedColumns, Work } from './work.ts'

// Refused ops and losses that decisions are about: locked before anything else of the batch, and
// written with it.

/** A refused op on its way in again, at its own time. */
export function itemOf({ op, received_at }: RefusedColumns): Item {
  return { op, received_at, at: effectiveTime(op, received_at) }
}

/** Loads what the batch decides on; returns the ops that may take effect after all. */
export async function loadRefused(work: Work, items: readonly Item[]): Promise<Item[]> {
  const ops = new Groups()
  const losses = new Groups()
  const wanted = new Set<string>()
  for (const { op } of items) {
    const subject = op.kind === 'decision' ? idIn(op, 'subject_id') : null
    if (subject === null) continue
    const groups = op.payload['subject'] === 'loss' ? losses : ops
    groups.add(op.store_id, subject)
    if (op.payload['verdict'] === 'reapply') wanted.add(subject)
  }
  await loadLosses(work, losses)
  await loadOps(work, ops)
  return work.refused
    .all()
    .flatMap(([id, row]) => (wanted.has(id) && row.state === 'open' ? [itemOf(row)] : []))
}

async function loadOps(work: Work, groups: Groups): Promise<void> {
  const { quarantine } = work.ledger.t
  for (const [storeId, ids] of groups.sorted()) {
    const rows = await selectByKeys(ids, (slice) =>
      work.ledger.forUpdate(
        work.db
          .select()
          .from(quarantine)
          .where(and(eq(quarantine.store_id, storeId), among(quarantine.op_id, slice)))
          .orderBy(quarantine.op_id),
      ),
    )
    for (const row of rows) work.refused.load(row.op_id, row)
  }
}

async function loadLosses(work: Work, groups: Groups): Promise<void> {
  const { loss } = work.ledger.t
  for (const [storeId, ids] of groups.sorted()) {
    const rows = await selectByKeys(ids, (slice) =>
      work.ledger.forUpdate(
        work.db
          .select()
          .from(loss)
          .where(and(eq(loss.store_id, storeId), among(loss.id, slice)))
          .orderBy(loss.id),
      ),
    )
    for (const row of rows) work.losses.load(row.id, row)
  }
}

/** A re-applied op counts as applied from here on; its reason stays, for the record. */
async function writeOutcome(work: Work, row: RefusedColumns): Promise<void> {
  const { op, opSeen } = work.ledger.t
  const status = 'applied' as const
  await work.db
    .update(op)
    .set({ status })
    .where(and(eq(op.store_id, row.store_id), eq(op.device_id, row.device_id), eq(op.n, row.n)))
  await work.db
    .update(opSeen)
    .set({ status })
    .where(and(eq(opSeen.store_id, row.op.store_id), eq(opSeen.op_id, row.op_id)))
}

export async function writeRefused(work: Work): Promise<void> {
  const { loss, quarantine } = work.ledger.t
  const decided = work.refused.changes().map(([, row]) => row)
  for (const row of decided) {
    const { state, decision_id, decision_reason, decided_by, decided_at } = row
    await work.db
      .update(quarantine)
      .set({ state, decision_id, decision_reason, decided_by, decided_at })
      .where(and(eq(quarantine.store_id, row.store_id), eq(quarantine.op_id, row.op_id)))
    if (state === 'reapplied') await writeOutcome(work, row)
  }
  const losses = work.losses.changes().map(([, row]) => row)
  await upsertRows(work.db, loss, ['store_id', 'id'], losses)
}
