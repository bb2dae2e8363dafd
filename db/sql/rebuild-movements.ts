import { eq } from 'drizzle-orm'
import type { Movement } from '#model/movements.ts'
import type { Difference } from './difference.ts'
import type { Ledger } from './ledger.ts'
import type { MovementColumns } from './movements.ts'
import { chunksOf, insertRows } from './rows.ts'

// The rows of the asset statement, recounted: by book, and by customer, kind and number in it.

type Recounted = Movement & { customer_id: string }
export type BookMovements = Map<string, Map<string, Recounted>>

type Placed = Pick<MovementColumns, 'customer_id' | 'kind' | 'no'>

function keyOf({ customer_id, kind, no }: Placed): string {
  return `${customer_id}|${kind}|${no}`
}

function textOf(row: Pick<Movement, 'day' | 'counterparty' | 'value_minor'> | undefined) {
  return row ? [row.day, row.counterparty ?? '', row.value_minor].join('/') : null
}

export function noteMovements(
  books: BookMovements,
  customerId: string,
  movements: readonly Movement[],
): void {
  for (const movement of movements) {
    const row = { ...movement, customer_id: customerId }
    const book = books.get(movement.store_id)
    if (book) book.set(keyOf(row), row)
    else books.set(movement.store_id, new Map([[keyOf(row), row]]))
  }
}

/** Differences of one book; written where they are when `write` says so. */
export async function recountMovements(
  ledger: Ledger,
  storeId: string,
  recounted: ReadonlyMap<string, Recounted> = new Map<string, Recounted>(),
  write: boolean,
): Promise<Difference[]> {
  const { movement } = ledger.t
  const rows = await ledger.db.select().from(movement).where(eq(movement.store_id, storeId))
  const kept = new Map(rows.map((row) => [keyOf(row), row]))
  const differences = [...new Set([...kept.keys(), ...recounted.keys()])].flatMap(
    (key): Difference[] => {
      const [a, b] = [textOf(kept.get(key)), textOf(recounted.get(key))]
      return a === b ? [] : [{ what: 'movement', store_id: storeId, key, kept: a, recounted: b }]
    },
  )
  if (!write || differences.length === 0) return differences
  const right = [...recounted].map(([key, row]): MovementColumns => {
    // A row that is told otherwise now was made known when it was written; one that nobody wrote
    // stands for what was known before any close. So a recount makes nothing late.
    return { ...row, written_at: kept.get(key)?.written_at ?? 0 }
  })
  await ledger.tx(async (db) => {
    await db.delete(movement).where(eq(movement.store_id, storeId))
    for (const chunk of chunksOf(right, 5000)) await insertRows(db, movement, chunk)
  })
  return differences
}
