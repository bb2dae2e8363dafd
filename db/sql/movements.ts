import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { upsertRows } from './rows.ts'
import type { Work } from './work.ts'

// The rows that the asset statement is the sum of, kept by difference beside the figures.

export type MovementColumns = Ledger['t']['movement']['$inferSelect']

const KEY = ['store_id', 'customer_id', 'kind', 'no'] as const

function byKey(a: MovementColumns, b: MovementColumns): number {
  const [x, y] = [a, b].map((row) => `${row.store_id}|${row.customer_id}|${row.kind}|${row.no}`)
  return (x ?? '') < (y ?? '') ? -1 : 1
}

/** Writes what a batch changed. */
export async function writeMovements(work: Work, writtenAt: number): Promise<void> {
  const { movement } = work.ledger.t
  const rows: MovementColumns[] = []
  for (const [customer_id, changes] of work.movements)
    for (const { day, ...change } of changes)
      if (day !== null) rows.push({ ...change, day, customer_id, written_at: writtenAt })
      else
        await work.db
          .delete(movement)
          .where(
            and(
              eq(movement.store_id, change.store_id),
              eq(movement.customer_id, customer_id),
              eq(movement.kind, change.kind),
              eq(movement.no, change.no),
            ),
          )
  await upsertRows(work.db, movement, KEY, rows.sort(byKey))
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
