import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { upsertRows } from './rows.ts'
import type { Work } from './work.ts'

// The rows that the asset statement is the sum of, kept by difference beside the figures.

export type MovementColumns = Ledger['t']['movement']['$inferSelect']

const KEY = ['store_id', 'customer_id', 'kind', 'no'] as const

type MovementKey = Pick<MovementColumns, (typeof KEY)[number]>

function keyOf({ store_id, customer_id, kind, no }: MovementKey): string {
  return `${store_id}|${customer_id}|${kind}|${no}`
}

function byKey(a: MovementKey, b: MovementKey): number {
  return keyOf(a) < keyOf(b) ? -1 : 1
}

function isRow(movement: Ledger['t']['movement'], key: MovementKey) {
  return and(
    eq(movement.store_id, key.store_id),
    eq(movement.customer_id, key.customer_id),
    eq(movement.kind, key.kind),
    eq(movement.no, key.no),
  )
}

type Renumbered = MovementKey & { was: number }

/** When rows that now have another number were written, by their new key. */
async function writtenBefore(work: Work, renumbered: readonly Renumbered[]) {
  const { movement } = work.ledger.t
  const times = new Map<string, number>()
  for (const row of renumbered) {
    const [kept] = await work.db
      .select({ at: movement.written_at })
      .from(movement)
      .where(isRow(movement, { ...row, no: row.was }))
    if (kept) times.set(keyOf(row), kept.at)
  }
  return times
}

/**
 * Writes what a batch changed. Rows that only have another number than before were known before:
 * they keep the time of their writing, or they would be taken for late news of a closed month.
 */
export async function writeMovements(work: Work, writtenAt: number): Promise<void> {
  const { movement } = work.ledger.t
  const rows: MovementColumns[] = []
  const renumbered: Renumbered[] = []
  const gone: MovementKey[] = []
  for (const [customer_id, changes] of work.movements)
    for (const { day, was, ...change } of changes) {
      const key = { ...change, customer_id }
      if (day === null) gone.push(key)
      else rows.push({ ...key, day, written_at: writtenAt })
      if (was !== null) renumbered.push({ ...key, was })
    }
  const times = await writtenBefore(work, renumbered)
  for (const key of gone) await work.db.delete(movement).where(isRow(movement, key))
  const right = rows.map((row) => ({ ...row, written_at: times.get(keyOf(row)) ?? writtenAt }))
  await upsertRows(work.db, movement, KEY, right.sort(byKey))
}

/** Somebody's rows go on under another id, in every book that was ever their home. */
export async function renameMovements(
  ledger: Ledger,
  db: Db,
  homes: readonly string[],
  customerId: string,
  surrogate: string,
): Promise<void> {
  const { movement } = ledger.t
  await db
    .update(movement)
    .set({ customer_id: surrogate })
    .where(and(inArray(movement.store_id, [...homes]), eq(movement.customer_id, customerId)))
}
