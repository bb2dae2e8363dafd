// What must hold of a ledger whatever happened: every statement foots and crosses, periods add up,
// a recount and a rebuild find nothing, and a closed month is what it was.
import { wholeMonths } from '#model/as-closed.ts'
import { CHAIN } from '#model/id.ts'
import { NO_SUMS } from '#model/metrics.ts'
import { DAY_MS } from '#model/calendar.ts'
import { freePeriod, monthOf, type Period, quarterOf } from '#model/period.ts'
import { FLOW_LINES, footingFaults, type ScopedStatement } from '#model/statement.ts'
import { TENURE_LINES } from '#model/tenure.ts'
import { readCloses, statementsAsClosed } from '#sql/close.ts'
import type { Ledger } from '#sql/ledger.ts'
import { rebuild } from '#sql/rebuild.ts'
import { recount } from '#sql/recount.ts'
import { statements } from '#sql/statement.ts'
import { sumsOfPeriod } from '#sql/sums.ts'
import { tenuresReport } from '#sql/tenure-report.ts'

const SIDES = ['customers', 'value'] as const
const RECOUNT_EVERY_DAYS = 30

export interface Balance {
  /** Sums that were compared with one another. */
  checks: number
  faults: string[]
}

class Book {
  checks = 0
  readonly faults: string[] = []

  expect(what: string, expected: number, found: number): void {
    this.checks += 1
    if (expected !== found) this.faults.push(`${what}: expected ${expected}, found ${found}`)
  }

  foots(period: string, all: readonly ScopedStatement[]): void {
    this.checks += all.length * SIDES.length
    for (const { scope, side, what, expected, found } of footingFaults(all))
      this.faults.push(`${period} ${scope} ${side} ${what}: expected ${expected}, found ${found}`)
  }

  /** Parts that follow on one another are their whole, line by line. */
  addUp(period: string, whole: readonly ScopedStatement[], parts: ScopedStatement[][]): void {
    for (const [at, one] of whole.entries())
      for (const side of SIDES) {
        const name = `${period} ${one.scope} ${side}`
        for (const line of FLOW_LINES) {
          const sum = parts.reduce((total, part) => total + (part[at]?.[side][line] ?? NaN), 0)
          this.expect(`${name} ${line}`, one[side][line], sum)
        }
        this.expect(`${name} opening`, one[side].opening, parts[0]?.[at]?.[side].opening ?? NaN)
        const last = parts.at(-1)?.[at]?.[side].closing ?? NaN
        this.expect(`${name} closing`, one[side].closing, last)
      }
  }
}

function quartersWithin(from: number, to: number): Period[] {
  const quarters: Period[] = []
  for (let one = quarterOf(from); one.to <= to; one = quarterOf(one.to))
    if (one.from >= from) quarters.push(one)
  return quarters
}

async function checkDays(ledger: Ledger, book: Book, month: Period, today: number) {
  const days: ScopedStatement[][] = []
  for (let day = month.from; day < month.to; day += 1) {
    const all = await statements(ledger, freePeriod(day, day), today)
    book.foots(`day ${day}`, all)
    days.push(all)
  }
  book.addUp(`${month.text} by day`, await statements(ledger, month, today), days)
}

const SEEN = ['visitors', 'new', 'returning'] as const

/**
 * Who was seen is kept by calendar periods and counted for all others: the same days must give the
 * same either way. Every customer of the chain is new, and first seen there, or was seen before.
 */
async function checkSeen(ledger: Ledger, book: Book, period: Period, today: number) {
  const kept = await sumsOfPeriod(ledger, period, 'tagged:any', today)
  const days = freePeriod(period.from, period.to - 1)
  const counted = await sumsOfPeriod(ledger, days, 'tagged:any', today)
  for (const scope of new Set([...kept.keys(), ...counted.keys()]))
    for (const field of SEEN) {
      const found = (kept.get(scope) ?? NO_SUMS)[field]
      const what = `${period.text} ${scope} ${field}, counted`
      book.expect(what, (counted.get(scope) ?? NO_SUMS)[field], found)
      if (found < 0) book.faults.push(`${what}: ${found}`)
    }
  const { visitors, new: won, returning, visitors_first: first } = kept.get(CHAIN) ?? NO_SUMS
  book.expect(`${period.text} new and returning`, visitors, won + returning)
  book.expect(`${period.text} first seen in the chain`, first, won)
}

async function checkClosed(ledger: Ledger, book: Book, quarter: Period, today: number) {
  const months = (wholeMonths(quarter) ?? []).map(monthOf)
  const parts: ScopedStatement[][] = []
  for (const month of months) {
    const stood = await statementsAsClosed(ledger, month, today)
    if (!stood) return
    book.foots(`${month.text} as closed`, stood)
    parts.push(stood)
  }
  const whole = await statementsAsClosed(ledger, quarter, today)
  if (whole) book.addUp(`${quarter.text} as closed`, whole, parts)
}

/** Whoever is listed behind a line of a store comes to the line, in customers and in value. */
async function checkBehind(
  ledger: Ledger,
  book: Book,
  period: Period,
  whole: readonly ScopedStatement[],
  today: number,
) {
  const everything = { all: true } as const
  for (const { scope, level, customers, value } of whole) {
    if (level !== 'store') continue
    for (const line of TENURE_LINES) {
      const now = today * DAY_MS
      const found = await tenuresReport(ledger, everything, scope, line, period, now)
      const name = `${period.text} ${scope} behind ${line}`
      book.expect(`${name} in value`, value[line], found?.sum_minor ?? NaN)
      if (line === 'opening' || line === 'closing')
        book.expect(`${name} in customers`, customers[line], found?.total ?? NaN)
      for (const { before_minor, grew_minor, shrank_minor, after_minor } of found?.rows ?? [])
        book.expect(`${name} of one`, after_minor, before_minor + grew_minor + shrank_minor)
    }
  }
}

/** After the last close there is nothing left to adjust: both views end alike. */
async function checkLast(ledger: Ledger, book: Book, today: number) {
  const last = (await readCloses(ledger)).at(-1)
  if (!last) return
  const open = monthOf(monthOf(last.month).to)
  const restated = await statements(ledger, open, today)
  const closed = (await statementsAsClosed(ledger, open, today)) ?? []
  for (const [at, one] of restated.entries())
    for (const side of SIDES)
      book.expect(
        `${open.text} ${one.scope} ${side} in both views`,
        one[side].closing,
        closed[at]?.[side].closing ?? NaN,
      )
}

/** Checks the days [from, to), whole quarters of them by day, month and quarter. */
export async function checkBalance(ledger: Ledger, from: number, to: number): Promise<Balance> {
  const book = new Book()
  for (const quarter of quartersWithin(from, to)) {
    const months = (wholeMonths(quarter) ?? []).map(monthOf)
    const parts: ScopedStatement[][] = []
    for (const month of months) {
      parts.push(await statements(ledger, month, to))
      book.foots(month.text, parts.at(-1) ?? [])
      await checkDays(ledger, book, month, to)
      await checkSeen(ledger, book, month, to)
    }
    const whole = await statements(ledger, quarter, to)
    book.foots(quarter.text, whole)
    book.addUp(`${quarter.text} by month`, whole, parts)
    await checkSeen(ledger, book, quarter, to)
    await checkBehind(ledger, book, quarter, whole, to)
    await checkClosed(ledger, book, quarter, to)
  }
  await checkLast(ledger, book, to)
  for (let day = from + RECOUNT_EVERY_DAYS; day < to; day += RECOUNT_EVERY_DAYS) {
    const { stores, faults } = await recount(ledger, day, 0)
    book.checks += stores
    for (const { store_id, expected, found } of faults)
      book.faults.push(`recount of day ${day}, ${store_id}: expected ${expected}, found ${found}`)
  }
  const differences = await rebuild(ledger, { write: false })
  book.checks += 1
  if (differences.length > 0) book.faults.push(`a rebuild finds ${differences.length} differences`)
  return { checks: book.checks, faults: book.faults }
}
