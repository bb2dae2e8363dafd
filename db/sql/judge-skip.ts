import { and, eq } from 'drizzle-orm'
import { type Refusal, refuse } from '#model/refusal.ts'
import { readSkip } from '#model/skip.ts'
import type { Item, Work } from './work.ts'

/** Takes a skip, whose place in the chain was checked at its receipt: its ops are on the record. */
export function judgeSkip(work: Work, { op, received_at }: Item): Refusal | null {
  const skip = readSkip(op)
  const { device_id, book } = work.session
  if (!skip || op.record_id !== device_id || op.store_id !== book) return refuse('not-supported')
  work.losses.set(op.op_id, {
    id: op.op_id,
    store_id: book,
    device_id,
    cause: 'skipped',
    from_n: skip.from_n,
    to_n: op.n,
    from_at: null,
    to_at: null,
    staff_ids: [],
    found_at: received_at,
    state: 'open',
    closed_at: null,
  })
  return null
}

/** When skipped ops were written: after the last one that is known, before the next one sent. */
export async function dateSkips(work: Work, items: readonly Item[]): Promise<void> {
  const { op } = work.ledger.t
  const { book, device_id } = work.session
  for (const [id, loss] of work.losses.changes()) {
    if (loss.cause !== 'skipped' || work.losses.before(id)) continue
    const [before] = await work.db
      .select({ at: op.effective_at })
      .from(op)
      .where(and(eq(op.store_id, book), eq(op.device_id, device_id), eq(op.n, loss.from_n - 1)))
    const near = (n: number) => items.find((item) => item.op.n === n)?.at ?? null
    const from_at = before?.at ?? near(loss.from_n - 1)
    work.losses.set(id, { ...loss, from_at, to_at: near(loss.to_n + 1) })
  }
}
