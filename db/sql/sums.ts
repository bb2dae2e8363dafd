import { LONGEST_MONTH_DAYS, monthStart, monthStartsWithin } from '#model/calendar.ts'
import { NO_SUMS } from '#model/metrics.ts'
import type { Period } from '#model/period.ts'
import { type Column, NONE } from './column-memory.ts'
import { FigureColumns, sumOfColumns } from './figure-columns.ts'
import { addSeen, settleCounted } from './counted.ts'
import { versionKey } from './figure-versions.ts'
import type { Ledger } from './ledger.ts'
import { FLOWS, peopleKept } from './sum-names.ts'
import { type ByScope, SumsByNumber, withSame } from './sums-by-scope.ts'

// Sums of every scope over a period, from rollups wherever a plain sum is exact: calendar periods
// and trailing windows. Weeks and free-form periods count distinct visitors from history rows.

/** A sum or level of one scope. */
export interface SumRow {
  scope: string
  metric: string
  value: number
}

/** Sums or levels by metric, each by the number of its scope. */
export type Sums = ReadonlyMap<string, Column>

type Days = Pick<Period, 'from' | 'to'>

function daysFrom(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at)
}

/** The whole months within days [from, to), by their first days, and the days that are left. */
function partsOf({ from, to }: Days): { months: number[]; days: number[] } {
  const first = monthStart(from) === from ? from : monthAfter(from)
  const last = monthStart(to)
  if (first >= last) return { months: [], days: daysFrom(from, to) }
  const months = monthStartsWithin(first - 1, last - 1)
  return { months, days: [...daysFrom(from, first), ...daysFrom(last, to)] }
}

function monthAfter(day: number): number {
  return monthStartsWithin(day, day + LONGEST_MONTH_DAYS)[0] ?? day
}

const SUM = 'sum:'
const OPEN = 'open:'

/** Sums of days [from, to): whole months from their sums, the rest by day. */
export async function flowSums(
  columns: FigureColumns,
  period: Days,
  metrics: readonly string[],
): Promise<Sums> {
  const { months, days } = partsOf(period)
  await columns.load('d', days, metrics)
  await columns.load(
    'm',
    months,
    metrics.map((metric) => SUM + metric),
  )
  return new Map(
    metrics.map((metric) => {
      const parts = [
        ...days.map((day) => columns.of('d', day, metric)),
        ...months.map((month) => columns.of('m', month, SUM + metric)),
      ]
      return [metric, sumOfColumns(columns.scopes.length, parts)]
    }),
  )
}

/**
 * Levels of stocks at the end of a day: the last opening and the changes since. Most stocks have
 * openings by month; `openingOf` says which one a day is counted from.
 */
export async function levelSums(
  columns: FigureColumns,
  day: number,
  metrics: readonly string[],
  openingOf: (day: number) => number = monthStart,
): Promise<Sums> {
  const opening = openingOf(day)
  await columns.load(
    'm',
    [opening],
    metrics.map((metric) => OPEN + metric),
  )
  const changes = await flowSums(columns, { from: opening, to: day + 1 }, metrics)
  return new Map(
    metrics.map((metric) => {
      const parts = [columns.of('m', opening, OPEN + metric), changes.get(metric) ?? NONE]
      return [metric, sumOfColumns(columns.scopes.length, parts)]
    }),
  )
}

/** The rows of sums, of scopes that have any. */
function rowsOf({ scopes }: FigureColumns, sums: Sums): SumRow[] {
  const rows: SumRow[] = []
  for (const [metric, column] of sums)
    column.forEach((value, number) => {
      const scope = scopes[number]
      if (scope !== undefined && !Number.isNaN(value)) rows.push({ scope, metric, value })
    })
  return rows
}

/** Sums per scope and metric of days [from, to). */
export async function flowRows(
  ledger: Ledger,
  period: Days,
  metrics: readonly string[],
): Promise<SumRow[]> {
  const columns = new FigureColumns(ledger)
  return rowsOf(columns, await flowSums(columns, period, metrics))
}

/** Levels of stocks per scope and metric at the end of a day; see `levelSums`. */
export async function levelRows(
  ledger: Ledger,
  day: number,
  metrics: readonly string[],
): Promise<SumRow[]> {
  const columns = new FigureColumns(ledger)
  return rowsOf(columns, await levelSums(columns, day, metrics))
}

async function addKept(
  columns: FigureColumns,
  all: SumsByNumber,
  period: Period,
): Promise<boolean> {
  const people = peopleKept(period)
  if (!people) return false
  const { names, isStock } = people
  const sums = isStock
    ? await levelSums(columns, period.to - 1, [...names.keys()])
    : await flowSums(columns, period, [...names.keys()])
  for (const [name, field] of names) all.add(field, sums.get(name))
  return true
}

/** What is asked of every scope: which stock tag coverage reads, and which day it is. */
export interface SumsAsked {
  tagMetric: string
  today: number
}

/** Loads with few statements what the sums of several periods take. */
export async function loadFigures(
  columns: FigureColumns,
  periods: readonly Period[],
  { tagMetric, today }: SumsAsked,
): Promise<void> {
  const stocks = ['active', tagMetric]
  const people = periods.flatMap((period) => {
    const kept = peopleKept(period)
    return kept && !kept.isStock ? [...kept.names.keys()] : []
  })
  const lasts = periods.map(({ to }) => Math.min(to - 1, today))
  const changes = lasts.map((last) => partsOf({ from: monthStart(last), to: last + 1 }))
  const parts = periods.map(partsOf)
  const within = (some: ReturnType<typeof partsOf>[], what: 'days' | 'months') => [
    ...new Set(some.flatMap((one) => one[what])),
  ]
  const named = (prefix: string, metrics: readonly string[]) =>
    [...new Set(metrics)].map((metric) => prefix + metric)
  await columns.load('d', within(parts, 'days'), FLOWS)
  await columns.load('d', within(changes, 'days'), stocks)
  await columns.load('m', within(parts, 'months'), named(SUM, [...FLOWS, ...people]))
  await columns.load('m', within(changes, 'months'), named(SUM, stocks))
  await columns.load('m', [...new Set(lasts.map(monthStart))], named(OPEN, stocks))
}

async function addUp(
  columns: FigureColumns,
  ledger: Ledger,
  period: Period,
  { tagMetric, today }: SumsAsked,
): Promise<ByScope> {
  const all = new SumsByNumber(columns)
  const flows = await flowSums(columns, period, FLOWS)
  for (const flow of FLOWS) all.add(flow, flows.get(flow))
  const levels = await levelSums(columns, Math.min(period.to - 1, today), ['active', tagMetric])
  all.add('active', levels.get('active'))
  all.add('tagged', levels.get(tagMetric))
  const isCounted = !(await addKept(columns, all, period))
  const sums = all.byScope()
  if (!isCounted) return sums
  await addSeen(ledger, { periods: [period], scopes: null }, (scope, _, field, value) => {
    const own = sums.get(scope) ?? { ...NO_SUMS }
    own[field] += value
    sums.set(scope, own)
  })
  settleCounted(sums.values())
  return sums
}

/** The days and months of the rollups that sums of some spans and some openings are read from. */
export function keysOf(spans: readonly Days[], openings: readonly number[]): string[] {
  const parts = spans.map(partsOf)
  const days = new Set(parts.flatMap((one) => one.days))
  const months = new Set([...parts.flatMap((one) => one.months), ...openings])
  return [
    ...[...days].map((day) => versionKey('d', day)),
    ...[...months].map((month) => versionKey('m', month)),
  ]
}

function keysOfPeriod({ from, to, kind }: Period, today: number): string[] {
  const last = Math.min(to - 1, today)
  const stockDays = kind === 'trailing' ? [last, to - 1] : [last]
  const changes = stockDays.map((day) => ({ from: monthStart(day), to: day + 1 }))
  return keysOf([{ from, to }, ...changes], stockDays.map(monthStart))
}

/** Sums of periods that are kept, per ledger. */
const SUMS_KEPT = 40
const kept = new WeakMap<Ledger, Map<string, { stamp: string; sums: ByScope }>>()

/**
 * The sums of one period; see `sumsOfPeriod`. As long as no figure that they are made of changes,
 * they are the very same objects.
 */
export async function sumsIn(
  columns: FigureColumns,
  ledger: Ledger,
  period: Period,
  asked: SumsAsked,
): Promise<ByScope> {
  // Who is counted from the history has no number that tells of a change.
  if (!peopleKept(period)) return addUp(columns, ledger, period, asked)
  const stamp = await columns.stampOf(keysOfPeriod(period, asked.today))
  let own = kept.get(ledger)
  if (!own) kept.set(ledger, (own = new Map<string, { stamp: string; sums: ByScope }>()))
  const key = `${period.text} ${asked.tagMetric} ${Math.min(period.to - 1, asked.today)}`
  const known = own.get(key)
  const sums =
    known?.stamp === stamp
      ? known.sums
      : withSame(await addUp(columns, ledger, period, asked), known?.sums)
  own.delete(key) // A map is in the order of insertion, so the oldest stands first.
  own.set(key, { stamp, sums })
  const [oldest] = own.keys()
  if (own.size > SUMS_KEPT && oldest !== undefined) own.delete(oldest)
  return sums
}

/**
 * The sums of every scope of the chain over a period; scopes without facts are absent. A period
 * that is not over has its levels as of `today`: nobody is lost in advance.
 */
export function sumsOfPeriod(
  ledger: Ledger,
  period: Period,
  tagMetric: string,
  today: number,
): Promise<ByScope> {
  return sumsIn(new FigureColumns(ledger), ledger, period, { tagMetric, today })
}
