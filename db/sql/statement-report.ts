import { and, desc, eq, gte, inArray, lt, notInArray, or, isNull } from 'drizzle-orm'
import { mayReadStore, type Scope } from '#model/access.ts'
import { CHAIN } from '#model/id.ts'
import type { MovementKind } from '#model/movements.ts'
import type { Period } from '#model/period.ts'
import type { MovementsReport, StatementReport } from '#model/report.ts'
import { footingFaults, type ScopedStatement } from '#model/statement.ts'
import { asOfStores, darkest } from './as-of.ts'
import type { Ledger } from './ledger.ts'
import { namesOf } from './names-of.ts'
import { type Org, readOrg, todayAt } from './reports.ts'
import { countDirty } from './rollup.ts'
import { statements } from './statement.ts'

// The statement as the desk reads it: cut to who asks, and with the way down to the customers.

const ROWS_MAX = 500

/** The stores of a scope that the reader may see; null when there is no such scope for them. */
function storesOf(org: Org, scope: Scope, scopeId: string): Org['stores'] | null {
  const readable = org.stores.filter((row) => mayReadStore(scope, row.id, row.region_id))
  if (scopeId === CHAIN) return scope.all ? readable : null
  const isRegion = org.regions.some((row) => row.id === scopeId)
  if (isRegion && !scope.all && scope.region_id !== scopeId) return null
  const found = readable.filter((row) => (isRegion ? row.region_id : row.id) === scopeId)
  return found.length > 0 || isRegion ? found : null
}

function describe(org: Org, one: ScopedStatement, words: ReadonlyMap<string, number>) {
  const store = org.stores.find((row) => row.id === one.scope)
  const region = org.regions.find((row) => row.id === one.scope)
  const { name = '', name_en = null } = store ?? region ?? org.head ?? {}
  const parts = org.stores.filter((row) => one.level === 'chain' || row.region_id === one.scope)
  const as_of = store
    ? (words.get(store.id) ?? null)
    : darkest(parts.map((row) => words.get(row.id) ?? null))
  return { ...one, name, name_en, currency: store?.currency ?? org.head?.currency ?? '', as_of }
}

function isEmpty({ customers, value }: ScopedStatement): boolean {
  return [customers, value].every((side) => Object.values(side).every((amount) => amount === 0))
}

/** The statements that a reader may see, and whether those of the whole chain foot. */
export async function statementReport(
  ledger: Ledger,
  scope: Scope,
  period: Period,
  now: number,
): Promise<StatementReport> {
  const org = await readOrg(ledger)
  const today = todayAt(org, now)
  const all = await statements(ledger, period, today)
  const words = await asOfStores(ledger)
  const rows = all
    .filter((one) => storesOf(org, scope, one.scope) !== null)
    // A head office has no customers of its own, as a rule.
    .filter((one) => one.scope !== org.head?.id || !isEmpty(one))
    .map((one) => describe(org, one, words))
  const to = Math.max(period.from, Math.min(period.to, today + 1)) - 1
  const dirty_days = await countDirty(ledger)
  const shown = new Set(rows.map((row) => row.scope))
  const faults = footingFaults(all).filter((fault) => shown.has(fault.scope))
  const { text, from } = period
  return { period: text, from, to, rows, faults, computed_at: now, dirty_days }
}

/**
 * The customers behind a line of a scope's statement. Null when there is no such scope for the
 * reader. Of a region's moves only those that crossed its border are its movements.
 */
export async function movementsReport(
  ledger: Ledger,
  scope: Scope,
  scopeId: string,
  kind: MovementKind,
  period: Pick<Period, 'from' | 'to'>,
  now: number,
): Promise<MovementsReport | null> {
  const org = await readOrg(ledger)
  const stores = storesOf(org, scope, scopeId)
  if (!stores) return null
  const { movement } = ledger.t
  const ids = stores.map((row) => row.id)
  const to = Math.min(period.to, todayAt(org, now) + 1)
  const isWithin = scopeId === ids[0] && ids.length === 1 ? undefined : crosses(ledger, ids)
  const where = and(
    inArray(movement.store_id, ids),
    eq(movement.kind, kind),
    gte(movement.day, period.from),
    lt(movement.day, to),
    isWithin,
  )
  const rows = await ledger.db
    .select()
    .from(movement)
    .where(where)
    .orderBy(desc(movement.day), movement.customer_id)
    .limit(ROWS_MAX)
  const readable = org.stores.filter((row) => mayReadStore(scope, row.id, row.region_id))
  const names = await namesOf(ledger, rows, new Set(readable.map((row) => row.id)))
  const total = rows.length < ROWS_MAX ? rows.length : await ledger.db.$count(movement, where)
  return {
    scope: scopeId,
    kind,
    rows: rows.map((row) => ({
      customer_id: row.customer_id,
      name: names.get(row.customer_id) ?? null,
      store_id: row.store_id,
      day: row.day,
      counterparty: row.counterparty,
      value_minor: row.value_minor,
    })),
    total,
  }
}

function crosses(ledger: Ledger, ids: readonly string[]) {
  const { counterparty } = ledger.t.movement
  return or(isNull(counterparty), notInArray(counterparty, [...ids]))
}
