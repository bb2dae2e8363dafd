import { and, inArray, sql } from 'drizzle-orm'
import { monthStart, monthStartsWithin } from '#model/calendar.ts'
import { NO_SUMS, type ScopeSums } from '#model/metrics.ts'
import type { Period } from '#model/period.ts'
import { addSeen, settleCounted } from './counted.ts'
import type { Ledger } from './ledger.ts'
import { type SeriesByScope, seriesOfAll } from './series-of-all.ts'
import { type Put, stepOf, within } from './steps.ts'
import { FLOWS, isOfMonths, peopleKept } from './sum-names.ts'

// Sums of scopes over many neighbouring periods. Those of all scopes are the sums of each period,
// by column. Those of a few are read in as many statements as one period takes: rows are grouped by
// the step they fall into, and a test holds both ways to the same numbers.

/** What is asked for. Periods are of one kind, each begins where the one before it ends. */
export interface SeriesAsked {
  periods: readonly Period[]
  /** Stock that tag coverage reads. */
  tagMetric: string
  /** Business day as of which levels of a period that is not over are told. */
  today: number
  /** Only these scopes; null: all there are. */
  scopes: readonly string[] | null
}

interface StepRow {
  scope: string
  metric: string
  step: number
  value: number
}

function daysFrom(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at)
}

/** Sums by day of days [from, end of the last step), grouped by step. */
async function dailyRows(
  ledger: Ledger,
  { scopes }: SeriesAsked,
  from: number,
  ends: readonly number[],
  metrics: readonly string[],
): Promise<StepRow[]> {
  const { rollupDay: kept } = ledger.t
  const step = stepOf(kept.day, ends)
  const { scope, metric } = kept
  const value = sql<number>`sum(${kept.value})`.mapWith(Number)
  // Named days are looked up one by one; a span of them would read every metric there is.
  const days = inArray(kept.day, daysFrom(from, ends.at(-1) ?? from))
  return ledger.db
    .select({ scope, metric, step, value })
    .from(kept)
    .where(and(days, inArray(metric, [...metrics]), within(scope, scopes)))
    .groupBy(scope, metric, step)
}

/** Rows by month, of sums or of openings. */
async function monthlyRows(
  ledger: Ledger,
  { scopes }: SeriesAsked,
  prefix: 'sum:' | 'open:',
  months: readonly number[],
  metrics: readonly string[],
) {
  if (months.length === 0) return []
  const { rollupMonth: kept } = ledger.t
  const { scope, metric, month, value } = kept
  const named = metrics.map((name) => `${prefix}${name}`)
  const rows = await ledger.db
    .select({ scope, metric, month, value })
    .from(kept)
    .where(and(inArray(month, [...months]), inArray(metric, named), within(scope, scopes)))
  return rows.map((row) => ({ ...row, metric: row.metric.slice(prefix.length) }))
}

async function flowSteps(
  ledger: Ledger,
  asked: SeriesAsked,
  metrics: readonly string[],
): Promise<StepRow[]> {
  const { periods } = asked
  const [first] = periods
  if (!first) return []
  const ends = periods.map((period) => period.to)
  if (!isOfMonths(first)) return dailyRows(ledger, asked, first.from, ends, metrics)
  const months = monthStartsWithin(first.from - 1, (ends.at(-1) ?? first.to) - 1)
  const stepByMonth = new Map(
    months.map((month) => [month, ends.findIndex((end) => month < end)] as const),
  )
  const rows = await monthlyRows(ledger, asked, 'sum:', months, metrics)
  return rows.map(({ scope, metric, month, value }) => {
    return { scope, metric, value, step: stepByMonth.get(month) ?? 0 }
  })
}

/** Levels at the end of some days in rising order: one opening, and the changes from there on. */
async function levelsByDay(
  ledger: Ledger,
  asked: SeriesAsked,
  days: readonly { day: number; step: number }[],
  metrics: readonly string[],
): Promise<StepRow[]> {
  const [first] = days
  if (!first) return []
  const base = monthStart(first.day)
  const ends = days.map(({ day }) => day + 1)
  const opened = await monthlyRows(ledger, asked, 'open:', [base], metrics)
  const changes = await dailyRows(ledger, asked, base, ends, metrics)
  // A change counts for its own step and for all that follow.
  const lasting = [
    ...opened.map((row) => ({ ...row, at: 0 })),
    ...changes.map((row) => ({ ...row, at: row.step })),
  ]
  return lasting.flatMap(({ scope, metric, value, at }) =>
    days.slice(at).map(({ step }) => ({ scope, metric, value, step })),
  )
}

async function levelSteps(
  ledger: Ledger,
  asked: SeriesAsked,
  metrics: readonly string[],
): Promise<StepRow[]> {
  const { periods, today } = asked
  const days = periods.map(({ to }, step) => ({ step, day: Math.min(to - 1, today) }))
  const [first] = periods
  if (!first || !isOfMonths(first)) return levelsByDay(ledger, asked, days, metrics)
  // A month's end is the opening of the next one, so only what is not over is added up by day.
  const whole = periods.flatMap(({ to }, step) => (to - 1 <= today ? [{ to, step }] : []))
  const stepByMonth = new Map(whole.map(({ to, step }) => [to, step]))
  const openings = await monthlyRows(
    ledger,
    asked,
    'open:',
    whole.map(({ to }) => to),
    metrics,
  )
  const ended = openings.map(({ scope, metric, month, value }): StepRow => {
    return { scope, metric, value, step: stepByMonth.get(month) ?? 0 }
  })
  const open = days.filter(({ step }) => !whole.some((one) => one.step === step))
  return [...ended, ...(await levelsByDay(ledger, asked, open, metrics))]
}

/** Who was seen; false where it had to be counted, with the new customers among the returning. */
async function putPeople(ledger: Ledger, asked: SeriesAsked, put: Put): Promise<boolean> {
  const [first] = asked.periods
  if (!first) return true
  const people = peopleKept(first)
  if (!people) {
    await addSeen(ledger, asked, put)
    return false
  }
  const { names, isStock } = people
  const read = isStock ? levelSteps : flowSteps
  for (const { scope, metric, step, value } of await read(ledger, asked, [...names.keys()])) {
    const field = names.get(metric)
    if (field) put(scope, step, field, value)
  }
  return true
}

/**
 * Per scope the sums of each period, in their order; scopes without facts are absent. Equal to
 * `sumsOfPeriod` of every period.
 */
export async function sumsOfSeries(ledger: Ledger, asked: SeriesAsked): Promise<SeriesByScope> {
  if (asked.scopes === null) return seriesOfAll(ledger, asked.periods, asked)
  const all = new Map<string, ScopeSums[]>()
  const wanted = new Set(asked.scopes)
  const put: Put = (scope, step, field, value) => {
    if (!wanted.has(scope)) return
    let series = all.get(scope)
    if (!series) all.set(scope, (series = asked.periods.map(() => ({ ...NO_SUMS }))))
    const sums = series[step]
    if (sums) sums[field] += value
  }
  for (const { scope, metric, step, value } of await flowSteps(ledger, asked, FLOWS)) {
    const flow = FLOWS.find((name) => name === metric)
    if (flow) put(scope, step, flow, value)
  }
  for (const row of await levelSteps(ledger, asked, ['active', asked.tagMetric]))
    put(row.scope, row.step, row.metric === 'active' ? 'active' : 'tagged', row.value)
  if (!(await putPeople(ledger, asked, put))) settleCounted([...all.values()].flat())
  return all
}
