import { and, gte, inArray, lt, sql, type SQLWrapper } from 'drizzle-orm'
import { LONGEST_MONTH_DAYS, monthStart } from '#model/calendar.ts'
import { ACTIVE_WINDOW_DAYS } from '#model/fold.ts'
import { type Period, periodBefore } from '#model/period.ts'
import type { ScoreFacts } from '#model/score/estimate.ts'
import { factsOf, type StoreSums } from '#model/score/facts.ts'
import type { WeekSums } from '#model/stats/measured.ts'
import type { Ledger } from './ledger.ts'
import { flowRows, levelRows, type SumRow } from './sums.ts'

// The facts of the super-store score for all stores at once, from the kept figures: about ten
// statements, however many stores there are, and no visit is read.

const FLOWS = ['new60', 'second60', 'identified_tallied', 'anonymous']
const ARRIVALS = ['transfer_in', 'unmerged']
const DEPARTURES = ['transfer_out', 'merged', 'erased']
const MOVES = ['lost', ...ARRIVALS, ...DEPARTURES]
const SPEND = ['spend', 'sales']
/** Sums of whole months stand under this in the rollups. */
const MONTH_SUM = 'sum:'

const WEEK_DAYS = 7
/** Spend of longer periods is read by month: a year of days of every store is millions of rows. */
const BY_WEEK_MAX_DAYS = 200

type Days = Pick<Period, 'from' | 'to'>

/** Sums by scope and metric. */
type Sums = Map<string, Map<string, number>>

function sumsOf(rows: readonly SumRow[]): Sums {
  const sums: Sums = new Map()
  for (const { scope, metric, value } of rows) {
    let own = sums.get(scope)
    if (!own) sums.set(scope, (own = new Map<string, number>()))
    own.set(metric, (own.get(metric) ?? 0) + value)
  }
  return sums
}

function totalOf(own: ReadonlyMap<string, number> | undefined, metrics: readonly string[]): number {
  return metrics.reduce((sum, metric) => sum + (own?.get(metric) ?? 0), 0)
}

/** Spend (x) and sales (n) of a scope within a week or month; `span` grows with time. */
interface SpanRow extends WeekSums {
  scope: string
  span: number
}

/** Both at once, so that each group is one row: a quarter of the chain has 65,000 weeks. */
function spendSums({ metric, value }: { metric: SQLWrapper; value: SQLWrapper }, prefix = '') {
  const sumOf = (name: string) =>
    sql<number>`sum(case when ${metric} = ${prefix + name} then ${value} else 0 end)`.mapWith(
      Number,
    )
  return { x: sumOf('spend'), n: sumOf('sales') }
}

/** By spans of so many days, counted from the first. */
function daySpans(
  ledger: Ledger,
  { from, to }: Days,
  lengthDays: number = to - from,
): Promise<SpanRow[]> {
  const { rollupDay } = ledger.t
  // Written out, not bound: PostgreSQL must see the same text in select and group by.
  const span = sql`(${rollupDay.day} - ${sql.raw(String(from))}) / ${sql.raw(String(lengthDays))}`
  return ledger.db
    .select({
      scope: rollupDay.scope,
      span: sql<number>`${span}`.mapWith(Number),
      ...spendSums(rollupDay),
    })
    .from(rollupDay)
    .where(and(gte(rollupDay.day, from), lt(rollupDay.day, to), inArray(rollupDay.metric, SPEND)))
    .groupBy(rollupDay.scope, span)
}

function monthAfter(day: number): number {
  return monthStart(monthStart(day) + LONGEST_MONTH_DAYS)
}

/** By calendar month; the first and the last may be cut. */
async function monthSpans(ledger: Ledger, { from, to }: Days): Promise<SpanRow[]> {
  const { rollupMonth } = ledger.t
  const first = monthStart(from) === from ? from : monthAfter(from)
  const last = monthStart(to)
  const sums = SPEND.map((metric) => `${MONTH_SUM}${metric}`)
  const whole = await ledger.db
    .select({
      scope: rollupMonth.scope,
      span: rollupMonth.month,
      ...spendSums(rollupMonth, MONTH_SUM),
    })
    .from(rollupMonth)
    .where(
      and(
        gte(rollupMonth.month, first),
        lt(rollupMonth.month, last),
        inArray(rollupMonth.metric, sums),
      ),
    )
    .groupBy(rollupMonth.scope, rollupMonth.month)
  const cut = [
    { from, to: first },
    { from: last, to },
  ].filter((edge) => edge.from < edge.to)
  const edges: SpanRow[] = []
  for (const edge of cut)
    for (const row of await daySpans(ledger, edge)) edges.push({ ...row, span: edge.from })
  return [...whole, ...edges]
}

/** Spend and sales of each scope, in the order of time. */
async function spendOf(ledger: Ledger, days: Days): Promise<Map<string, WeekSums[]>> {
  const isShort = days.to - days.from <= BY_WEEK_MAX_DAYS
  const rows = isShort ? await daySpans(ledger, days, WEEK_DAYS) : await monthSpans(ledger, days)
  const byScope = Map.groupBy(rows, ({ scope }) => scope)
  for (const spans of byScope.values()) spans.sort((a, b) => a.span - b.span)
  return byScope
}

/** Up to which day, not included, a period can have facts: a running one ends today. */
export function endOf(period: Days, today: number): number {
  return Math.max(period.from, Math.min(period.to, today + 1))
}

/**
 * Facts by store, of a period of the whole chain. Retention looks at the activity window that ends
 * with the period, growth at the period before, everything else at the period itself. A period that
 * has not begun has no facts.
 */
export async function scoreFacts(
  ledger: Ledger,
  period: Period,
  today: number,
): Promise<(storeId: string) => ScoreFacts> {
  const to = endOf(period, today)
  if (to === period.from) return () => ({})
  const window = { from: to - ACTIVE_WINDOW_DAYS, to }
  const openings = sumsOf(await levelRows(ledger, window.from - 1, ['active']))
  const moves = sumsOf(await flowRows(ledger, window, MOVES))
  const flows = sumsOf(await flowRows(ledger, { from: period.from, to }, FLOWS))
  const now = await spendOf(ledger, { from: period.from, to })
  const before = await spendOf(ledger, periodBefore(period))
  return (storeId) => {
    const moved = moves.get(storeId)
    const flowed = flows.get(storeId)
    const kept = {
      opening: openings.get(storeId)?.get('active') ?? 0,
      arrived: totalOf(moved, ARRIVALS),
      departed: totalOf(moved, DEPARTURES),
      lost: totalOf(moved, ['lost']),
    }
    const sums: StoreSums = {
      kept,
      new60: totalOf(flowed, ['new60']),
      second60: totalOf(flowed, ['second60']),
      identified_tallied: totalOf(flowed, ['identified_tallied']),
      anonymous: totalOf(flowed, ['anonymous']),
      spend: now.get(storeId) ?? [],
      spend_before: before.get(storeId) ?? [],
    }
    return factsOf(sums)
  }
}
