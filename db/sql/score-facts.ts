import { LONGEST_MONTH_DAYS, monthStart, monthStartsWithin } from '#model/calendar.ts'
import { type Period, periodBefore } from '#model/period.ts'
import type { ScoreFacts } from '#model/score/estimate.ts'
import { factsOf, type StoreSums } from '#model/score/facts.ts'
import type { WeekSums } from '#model/stats/measured.ts'
import { type Column, NONE } from './column-memory.ts'
import { FigureColumns } from './figure-columns.ts'
import type { Ledger } from './ledger.ts'
import { flowSums, levelSums, type Sums } from './sums.ts'

// The facts of the super-store score for all stores at once, from the kept figures by column: no
// visit is read, and what was read for one run serves the next one.

const FLOWS = ['new60', 'second60', 'identified_tallied', 'identified', 'anonymous']
const ARRIVALS = ['transfer_in', 'unmerged']
const DEPARTURES = ['transfer_out', 'merged', 'erased']
const MOVES = ['lost', ...ARRIVALS, ...DEPARTURES]
const SPEND = ['spend', 'sales']

const WEEK_DAYS = 7
/** Spend of longer periods is read by month: a year of days of every store is millions of rows. */
const BY_WEEK_MAX_DAYS = 200

type Days = Pick<Period, 'from' | 'to'>

function monthAfter(day: number): number {
  return monthStart(monthStart(day) + LONGEST_MONTH_DAYS)
}

/** The spans of days in which spend is summed: weeks from the first day on, or calendar months. */
function spansOf({ from, to }: Days): Days[] {
  const isShort = to - from <= BY_WEEK_MAX_DAYS
  const starts = isShort
    ? Array.from({ length: Math.ceil((to - from) / WEEK_DAYS) }, (_, at) => from + at * WEEK_DAYS)
    : [from, ...monthStartsWithin(from, to - 1)]
  return starts.map((start) => {
    const next = isShort ? start + WEEK_DAYS : monthAfter(start)
    return { from: start, to: Math.min(to, next) }
  })
}

/** Spend (x) and sales (n) of a scope by span, in the order of time; spans without rows are not. */
async function spendOf(
  columns: FigureColumns,
  days: Days,
): Promise<(number: number) => WeekSums[]> {
  const spans: (readonly [spend: Column, sales: Column])[] = []
  const all = spansOf(days)
  if (all.every((span) => span.to - span.from <= WEEK_DAYS))
    await columns.load('d', daysOf(days), SPEND)
  for (const span of all) {
    const sums = await flowSums(columns, span, SPEND)
    spans.push([columnOf(sums, 'spend'), columnOf(sums, 'sales')])
  }
  return (number) =>
    spans.flatMap(([spend, sales]) => {
      const [x, n] = [spend[number] ?? NaN, sales[number] ?? NaN]
      return Number.isNaN(x) && Number.isNaN(n) ? [] : [{ x: x || 0, n: n || 0 }]
    })
}

function daysOf({ from, to }: Days): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at)
}

function columnOf(sums: Sums, metric: string): Column {
  return sums.get(metric) ?? NONE
}

/** A scope's figure; 0 where there is none. */
function at(sums: Sums, metric: string, number: number): number {
  return columnOf(sums, metric)[number] || 0
}

/** Up to which day, not included, a period can have facts: a running one ends today. */
export function endOf(period: Days, today: number): number {
  return Math.max(period.from, Math.min(period.to, today + 1))
}

/** What a period tells of each store. */
export interface FactsByStore {
  of(storeId: string): ScoreFacts
  /** Whether a visit was recorded there, by hand or by import. */
  hasVisits(storeId: string): boolean
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
): Promise<FactsByStore> {
  const to = endOf(period, today)
  if (to === period.from) return { of: () => ({}), hasVisits: () => false }
  const columns = new FigureColumns(ledger)
  const window = { from: to - ledger.activityDays, to }
  const openings = await levelSums(columns, window.from - 1, ['active'])
  const moves = await flowSums(columns, window, MOVES)
  const flows = await flowSums(columns, { from: period.from, to }, FLOWS)
  const now = await spendOf(columns, { from: period.from, to })
  const before = await spendOf(columns, periodBefore(period))
  const numberOf = (storeId: string) => columns.numberOf(storeId) ?? -1
  const visits = (number: number) =>
    at(flows, 'identified', number) + at(flows, 'anonymous', number)
  const of = (storeId: string) => {
    const number = numberOf(storeId)
    const moved = (metrics: readonly string[]) =>
      metrics.reduce((sum, metric) => sum + at(moves, metric, number), 0)
    const sums: StoreSums = {
      kept: {
        opening: at(openings, 'active', number),
        arrived: moved(ARRIVALS),
        departed: moved(DEPARTURES),
        lost: moved(['lost']),
      },
      new60: at(flows, 'new60', number),
      second60: at(flows, 'second60', number),
      identified_tallied: at(flows, 'identified_tallied', number),
      anonymous: at(flows, 'anonymous', number),
      spend: now(number),
      spend_before: before(number),
    }
    return factsOf(sums)
  }
  return { of, hasVisits: (storeId) => visits(numberOf(storeId)) > 0 }
}
