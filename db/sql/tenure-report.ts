import { and, eq, inArray, lt, or, sql } from 'drizzle-orm'
import type { Scope } from '#model/access.ts'
import { tenuresOfCustomer } from '#model/fold.ts'
import type { Period } from '#model/period.ts'
import type { TenuresReport } from '#model/report.ts'
import { INFLOWS } from '#model/statement.ts'
import type { Tenure, TenureLine } from '#model/tenure.ts'
import { factsOf } from './facts-of.ts'
import type { Ledger } from './ledger.ts'
import { namesOf } from './names-of.ts'
import { placesOf, readOrg, todayAt } from './reports.ts'
import { happened } from './statement.ts'

// The customers behind the lines of a store's statement that no movement stands behind: who counted
// as the period opened and closed, and whose spend grew or shrank in it. Nothing of this is kept:
// it is counted from the facts of the store's customers when somebody asks.

const ROWS_MAX = 500

type Days = Pick<Period, 'from' | 'to'>

/** What a line counts of a tenure; null for a tenure that is not part of it. */
function shareOf(line: TenureLine, tenure: Tenure, { from }: Days): number | null {
  switch (line) {
    case 'opening':
      return tenure.since < from ? tenure.before_minor : null
    case 'closing':
      return tenure.until === null ? tenure.after_minor : null
    case 'expanded':
      return tenure.grew_minor || null
    case 'contracted':
      return tenure.shrank_minor || null
  }
}

/** Everybody who counted in a store's book in the period or on the day before it. */
async function peopleOf(ledger: Ledger, storeId: string, { from, to }: Days): Promise<string[]> {
  const { movement } = ledger.t
  const sign = sql`case when ${inArray(movement.kind, [...INFLOWS])} then 1 else -1 end`
  const rows = await ledger.db
    .select({ id: movement.customer_id })
    .from(movement)
    .where(and(eq(movement.store_id, storeId), lt(movement.day, to)))
    .groupBy(movement.customer_id)
    .having(
      or(
        sql`sum(case when ${movement.day} < ${from} then ${sign} else 0 end) > 0`,
        sql`max(${movement.day}) >= ${from}`,
      ),
    )
  return rows.map(({ id }) => id).sort()
}

/**
 * The customers behind a line of a store's statement, the largest amounts first. Null when the
 * reader may see no such store; a region or the chain is led to its stores instead.
 */
export async function tenuresReport(
  ledger: Ledger,
  scope: Scope,
  storeId: string,
  line: TenureLine,
  period: Days,
  now: number,
): Promise<TenuresReport | null> {
  const org = await readOrg(ledger)
  const places = placesOf(org, scope, new Map())
  if (!places.some((one) => one.scope === storeId && one.level === 'store')) return null
  const days = happened(period, todayAt(org, now))
  const facts = await factsOf(ledger, storeId, await peopleOf(ledger, storeId, days))
  const found = [...facts].flatMap(([customer_id, own]) =>
    tenuresOfCustomer(own, storeId, [days.from, days.to], ledger.activityDays).flatMap((tenure) => {
      const amount = shareOf(line, tenure, days)
      return amount === null ? [] : [{ amount, row: { customer_id, ...tenure } }]
    }),
  )
  const listed = found
    .sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount) || byId(a.row, b.row))
    .slice(0, ROWS_MAX)
    .map(({ row }) => row)
  const people = listed.map(({ customer_id }) => ({ store_id: storeId, customer_id }))
  const names = await namesOf(ledger, people, new Set(places.map((place) => place.scope)))
  return {
    scope: storeId,
    line,
    rows: listed.map((row) => ({ ...row, name: names.get(row.customer_id) ?? null })),
    total: found.length,
    sum_minor: found.reduce((sum, { amount }) => sum + amount, 0),
  }
}

interface Listed {
  customer_id: string
  since: number
}

function byId(a: Listed, b: Listed): number {
  if (a.customer_id === b.customer_id) return a.since - b.since
  return a.customer_id < b.customer_id ? -1 : 1
}
