import { eq } from 'drizzle-orm'
import { FIGURES_VERSION } from '#model/fold.ts'
import { CHAIN } from '#model/id.ts'
import type { Ledger } from './ledger.ts'
import { rebuild } from './rebuild.ts'
import { upsertRows } from './rows.ts'

/**
 * Counts the kept figures anew where they were computed by other definitions than this program's.
 * An interruption loses nothing: the version is written last. Returns how many figures changed.
 */
export async function restate(ledger: Ledger): Promise<number> {
  const { figuresState, op } = ledger.t
  const [state] = await ledger.db.select().from(figuresState).where(eq(figuresState.id, CHAIN))
  if (state?.version === FIGURES_VERSION) return 0
  const [any] = await ledger.db.select({ n: op.n }).from(op).limit(1)
  let changed = 0
  const found = () => (changed += 1)
  if (any) await rebuild(ledger, { write: true, found })
  await ledger.tx((db) =>
    upsertRows(db, figuresState, ['id'], [{ id: CHAIN, version: FIGURES_VERSION }]),
  )
  return changed
}
