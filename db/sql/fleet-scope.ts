import { and, eq, inArray, or, type SQL } from 'drizzle-orm'
import type { Scope } from '#model/access.ts'
import { CHAIN } from '#model/id.ts'
import type { Ledger } from './ledger.ts'
import { selectByKeys } from './rows.ts'

// What a reader at the desk may see, as a condition of the statement itself: rows of other stores
// are never loaded, and the same words serve every query about the fleet.

/** Holds for rows joined with a `store` in the scope; undefined: nothing is cut off. */
export function inScope({ t: { store } }: Ledger, scope: Scope): SQL | undefined {
  if (scope.all) return undefined
  const { region_id, store_ids } = scope
  const named = inArray(store.id, [...store_ids])
  return region_id === null ? named : or(eq(store.region_id, region_id), named)
}

export async function isStoreInScope(
  ledger: Ledger,
  scope: Scope,
  storeId: string,
): Promise<boolean> {
  const { store } = ledger.t
  const isIt = and(eq(store.id, storeId), inScope(ledger, scope))
  return (await ledger.db.select({ id: store.id }).from(store).where(isIt)).length > 0
}

export interface StoreName {
  name: string
  name_en: string | null
  currency: string
}

/** The names of stores in scope; the chain's own book goes by the name of the head office. */
export async function storeNames(ledger: Ledger, scope: Scope): Promise<Map<string, StoreName>> {
  const { store } = ledger.t
  const { id, type, name, name_en, currency } = store
  const rows = await ledger.db
    .select({ id, type, name, name_en, currency })
    .from(store)
    .where(inScope(ledger, scope))
  const names = new Map<string, StoreName>(rows.map((row) => [row.id, row]))
  const head = rows.find((row) => row.type === 'head-office')
  if (scope.all && head) names.set(CHAIN, head)
  return names
}

/** Names of devices or of people by id. */
export async function namesOf(
  ledger: Ledger,
  kind: 'device' | 'staff',
  ids: readonly string[],
): Promise<Map<string, string>> {
  const table = ledger.t[kind]
  const { id, name } = table
  const wanted = [...new Set(ids)]
  const rows = await selectByKeys(wanted, (slice) =>
    ledger.db.select({ id, name }).from(table).where(inArray(id, slice)),
  )
  return new Map(rows.map((row) => [row.id, row.name]))
}
