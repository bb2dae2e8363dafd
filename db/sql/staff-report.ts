import { and, between, countDistinct, eq, gte, lt, sql } from 'drizzle-orm'
import { mayReadStore, type Scope } from '#model/access.ts'
import { businessDay, DAY_MS } from '#model/calendar.ts'
import type { Period } from '#model/period.ts'
import type { StaffReport, StaffRow } from '#model/report-compare.ts'
import { namesOf } from './fleet-scope.ts'
import type { Ledger } from './ledger.ts'
import { readOrg, type StoreColumns } from './reports.ts'

/** A business day begins and ends at most this far from the same day in UTC. */
const DAY_SPREAD_MS = 2 * DAY_MS

type Recorded = Omit<StaffRow, 'name' | 'enrolled'>

function readVisits(ledger: Ledger, store: StoreColumns, period: Period): PromiseLike<Recorded[]> {
  const { visit } = ledger.t
  const amount = (of: ReturnType<typeof sql>) =>
    sql<number>`coalesce(sum(${of}), 0)`.mapWith(Number)
  const isNamed = sql`${visit.customer_id} is not null`
  return ledger.db
    .select({
      staff_id: visit.actor_id,
      days: countDistinct(visit.day),
      visits: amount(sql`case when ${isNamed} then 1 else 0 end`),
      tallied: amount(sql`case when ${isNamed} then 0 else ${visit.count} end`),
    })
    .from(visit)
    .where(
      and(
        eq(visit.store_id, store.id),
        eq(visit.void, false),
        gte(visit.day, period.from),
        lt(visit.day, period.to),
      ),
    )
    .groupBy(visit.actor_id)
}

/** Customers at home in the store who were added in the period, and into whom they are merged. */
export async function enrolledIn(ledger: Ledger, store: StoreColumns, period: Period) {
  const { customer } = ledger.t
  const [from, to] = [period.from * DAY_MS - DAY_SPREAD_MS, period.to * DAY_MS + DAY_SPREAD_MS]
  const rows = await ledger.db
    .select({ by: customer.created_by, at: customer.created_at, into: customer.merged_into })
    .from(customer)
    .where(and(eq(customer.store_id, store.id), between(customer.created_at, from, to)))
  return rows.filter(({ at }) => {
    const day = businessDay(at, store.zone, store.cutoff_minutes)
    return day >= period.from && day < period.to
  })
}

/**
 * Who recorded what at a store in a period. Null when there is no such store for the reader. Voided
 * visits and people who left the store's book since are not counted.
 */
export async function staffReport(
  ledger: Ledger,
  scope: Scope,
  storeId: string,
  period: Period,
): Promise<StaffReport | null> {
  const { stores } = await readOrg(ledger)
  const store = stores.find(({ id }) => id === storeId)
  if (!store || !mayReadStore(scope, store.id, store.region_id)) return null
  const visits = new Map(
    (await readVisits(ledger, store, period)).map((row) => [row.staff_id, row]),
  )
  const enrolled = new Map<string, number>()
  for (const { by } of await enrolledIn(ledger, store, period))
    enrolled.set(by, (enrolled.get(by) ?? 0) + 1)
  const ids = [...new Set([...visits.keys(), ...enrolled.keys()])].sort()
  const names = await namesOf(ledger, 'staff', ids)
  const rows = ids.map((staff_id): StaffRow => {
    const {
      days,
      visits: seen,
      tallied,
    } = visits.get(staff_id) ?? { days: 0, visits: 0, tallied: 0 }
    const name = names.get(staff_id) ?? ''
    return { staff_id, name, days, visits: seen, tallied, enrolled: enrolled.get(staff_id) ?? 0 }
  })
  const most = (row: StaffRow) => row.visits + row.tallied + row.enrolled
  return { period: period.text, staff: rows.sort((a, b) => most(b) - most(a)) }
}
