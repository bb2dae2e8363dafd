import { and, countDistinct, gte, isNotNull, lt } from 'drizzle-orm'
import { CHAIN } from '#model/id.ts'
import { NO_SUMS, type ScopeSums } from '#model/metrics.ts'
import type { Period } from '#model/period.ts'
import type { Ledger } from './ledger.ts'

// Distinct visitors of weeks and free-form periods, of which no figure is kept: they are counted
// from the history rows themselves.

function put(
  all: Map<string, ScopeSums>,
  scope: string,
  field: keyof ScopeSums,
  value: number,
): void {
  let sums = all.get(scope)
  if (!sums) all.set(scope, (sums = { ...NO_SUMS }))
  sums[field] += value
}

/** Adds the distinct visitors of a period to the sums of every scope. */
export async function addCounted(
  ledger: Ledger,
  all: Map<string, ScopeSums>,
  period: Period,
): Promise<void> {
  const { history } = ledger.t
  const within = and(gte(history.day, period.from), lt(history.day, period.to))
  const people = countDistinct(history.customer_id)
  const regions = new Map(
    (
      await ledger.db
        .select({ id: ledger.t.store.id, region: ledger.t.store.region_id })
        .from(ledger.t.store)
    ).map((row) => [row.id, row.region]),
  )
  const seen = ledger.db.select({ scope: history.at_store_id, people }).from(history)
  for (const row of await seen.where(within).groupBy(history.at_store_id))
    put(all, row.scope, 'visitors', row.people)
  const inRegion = ledger.db.select({ scope: history.region_id, people }).from(history)
  const inRegions = and(within, isNotNull(history.region_id))
  for (const row of await inRegion.where(inRegions).groupBy(history.region_id))
    if (row.scope !== null) put(all, row.scope, 'visitors', row.people)
  const byHome = ledger.db.select({ scope: history.store_id, people }).from(history)
  for (const row of await byHome.where(within).groupBy(history.store_id)) {
    const region = regions.get(row.scope) ?? null
    put(all, row.scope, 'customers_seen', row.people)
    if (region !== null) put(all, region, 'customers_seen', row.people)
    put(all, CHAIN, 'customers_seen', row.people)
    put(all, CHAIN, 'visitors', row.people)
  }
}
