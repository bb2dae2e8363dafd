import { and, countDistinct, eq, gte, inArray, isNotNull, lt, sql } from 'drizzle-orm'
import { LONGEST_MONTH_DAYS, monthStart, monthStartsWithin } from '#model/calendar.ts'
import { CHAIN } from '#model/id.ts'
import { NO_SUMS, type ScopeSums } from '#model/metrics.ts'
import type { Period, PeriodKind } from '#model/period.ts'
import type { Ledger } from './ledger.ts'

// Sums of every scope over a period, from rollups wherever a plain sum is exact: calendar periods
// and trailing windows. Weeks and free-form periods count distinct visitors from history rows.

/** Which kept figure counts distinct visitors of a period of this kind. */
const COUNTED_BY: Partial<Record<PeriodKind, string>> = { month: 'm', quarter: 'q', year: 'y' }

const FLOWS = ['identified', 'anonymous', 'identified_tallied', 'spend', 'sales', 'new'] as const

type ByScope = Map<string, ScopeSums>

function sumsOf(all: ByScope, scope: string): ScopeSums {
  let sums = all.get(scope)
  if (!sums) all.set(scope, (sums = { ...NO_SUMS }))
  return sums
}

function put(all: ByScope, scope: string, field: keyof ScopeSums, value: number): void {
  sumsOf(all, scope)[field] += value
}

/** A sum or level of one scope. A scope may stand in several rows, to be added. */
export interface SumRow {
  scope: string
  metric: string
  value: number
}

/** The whole months within days [from, to), and the days before and after them. */
function partsOf(from: number, to: number) {
  const first = monthStart(from) === from ? from : monthAfter(from)
  const last = monthStart(to)
  if (first >= last) return { months: null, days: [[from, to] as const] }
  const edges = [[from, first] as const, [last, to] as const]
  return { months: [first, last] as const, days: edges.filter(([a, b]) => a < b) }
}

function monthAfter(day: number): number {
  return monthStartsWithin(day, day + LONGEST_MONTH_DAYS)[0] ?? day
}

/** Sums per scope and metric of days [from, to): whole months from their sums, the rest by day. */
export async function flowRows(
  ledger: Ledger,
  period: Pick<Period, 'from' | 'to'>,
  metrics: readonly string[],
): Promise<SumRow[]> {
  const { rollupDay, rollupMonth } = ledger.t
  const { months, days } = partsOf(period.from, period.to)
  const rows: SumRow[] = []
  for (const [from, to] of days)
    rows.push(
      ...(await ledger.db
        .select({
          scope: rollupDay.scope,
          metric: rollupDay.metric,
          value: sql<number>`sum(${rollupDay.value})`.mapWith(Number),
        })
        .from(rollupDay)
        .where(
          and(
            gte(rollupDay.day, from),
            lt(rollupDay.day, to),
            inArray(rollupDay.metric, [...metrics]),
          ),
        )
        .groupBy(rollupDay.scope, rollupDay.metric)),
    )
  if (!months) return rows
  const named = metrics.map((metric) => `sum:${metric}`)
  const whole = await ledger.db
    .select({
      scope: rollupMonth.scope,
      metric: rollupMonth.metric,
      value: sql<number>`sum(${rollupMonth.value})`.mapWith(Number),
    })
    .from(rollupMonth)
    .where(
      and(
        gte(rollupMonth.month, months[0]),
        lt(rollupMonth.month, months[1]),
        inArray(rollupMonth.metric, named),
      ),
    )
    .groupBy(rollupMonth.scope, rollupMonth.metric)
  return [...rows, ...whole.map((row) => ({ ...row, metric: row.metric.slice('sum:'.length) }))]
}

/**
 * Levels of stocks at the end of a day: the last opening and the changes since. Most stocks have
 * openings by month; `openingOf` says which one a day is counted from.
 */
export async function levelRows(
  ledger: Ledger,
  day: number,
  metrics: string[],
  openingOf: (day: number) => number = monthStart,
): Promise<SumRow[]> {
  const { rollupMonth } = ledger.t
  const opening = openingOf(day)
  const openings = await ledger.db
    .select({
      scope: rollupMonth.scope,
      metric: rollupMonth.metric,
      value: rollupMonth.value,
    })
    .from(rollupMonth)
    .where(
      and(
        eq(rollupMonth.month, opening),
        inArray(
          rollupMonth.metric,
          metrics.map((metric) => `open:${metric}`),
        ),
      ),
    )
  const opened = openings.map((row) => ({ ...row, metric: row.metric.slice('open:'.length) }))
  return [...opened, ...(await flowRows(ledger, { from: opening, to: day + 1 }, metrics))]
}

/** Distinct visitors of any days, per scope, counted from the history rows themselves. */
async function addCounted(ledger: Ledger, all: ByScope, period: Period): Promise<void> {
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

async function addKept(ledger: Ledger, all: ByScope, period: Period): Promise<boolean> {
  const letter = COUNTED_BY[period.kind]
  const days = period.to - period.from
  const isTrailing = period.kind === 'trailing' && (days === 28 || days === 90)
  if (!letter && !isTrailing) return false
  const suffix = letter ?? `${days}d`
  const metrics = [`visitors_${suffix}`, `customers_${suffix}`]
  const rows = isTrailing
    ? await levelRows(ledger, period.to - 1, metrics)
    : await flowRows(ledger, period, metrics)
  for (const { scope, metric, value } of rows)
    put(all, scope, metric.startsWith('visitors') ? 'visitors' : 'customers_seen', value)
  return true
}

/**
 * The sums of every scope of the chain over a period; scopes without facts are absent. A period
 * that is not over has its levels as of `today`: nobody is lost in advance.
 */
export async function sumsOfPeriod(
  ledger: Ledger,
  period: Period,
  tagMetric: string,
  today: number,
): Promise<ByScope> {
  const all: ByScope = new Map()
  for (const { scope, metric, value } of await flowRows(ledger, period, FLOWS)) {
    const flow = FLOWS.find((name) => name === metric)
    if (flow) put(all, scope, flow, value)
  }
  for (const row of await levelRows(ledger, Math.min(period.to - 1, today), ['active', tagMetric]))
    put(all, row.scope, row.metric === 'active' ? 'active' : 'tagged', row.value)
  if (!(await addKept(ledger, all, period))) await addCounted(ledger, all, period)
  return all
}
