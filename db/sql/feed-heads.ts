import { inArray } from 'drizzle-orm'
import type { Scope } from '#model/access.ts'
import { inScope } from './fleet-scope.ts'
import type { Ledger } from './ledger.ts'
import { selectByKeys } from './rows.ts'

/** Where these feeds stand; feeds that nothing was ever written to are absent. */
export async function headsOf(
  ledger: Ledger,
  feeds: readonly string[] | 'all',
): Promise<Record<string, number>> {
  const { store_id, seq } = ledger.t.feedHead
  const select = () => ledger.db.select({ store_id, seq }).from(ledger.t.feedHead)
  const rows =
    feeds === 'all'
      ? await select()
      : await selectByKeys(feeds, (slice) => select().where(inArray(store_id, slice)))
  return Object.fromEntries(rows.map((row) => [row.store_id, row.seq]))
}

/** The feeds that a reader at the desk may hear of: those of the stores in scope. */
export async function feedsInScope(ledger: Ledger, scope: Scope): Promise<Set<string> | 'all'> {
  if (scope.all) return 'all'
  const { store } = ledger.t
  const rows = await ledger.db.select({ id: store.id }).from(store).where(inScope(ledger, scope))
  return new Set(rows.map((row) => row.id))
}
