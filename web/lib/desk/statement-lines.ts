import { MOVEMENT_KINDS } from '#model/movements.ts'
import type { StatementReport, ToldStatement } from '#model/report.ts'
import {
  ADJUSTMENTS,
  INFLOWS,
  LATE,
  OUTFLOWS,
  STAYED,
  type StatementSide,
} from '#model/statement.ts'
import { formatChange, formatNumber } from '#web/i18n/format.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { minorDigits } from './figures.ts'
import type { ListedKind, Side } from './statement-address.ts'

// A statement as a page of an account book: its lines in their order, what each does to the
// balance, and the balance after it.

export type Line = keyof StatementSide
/** Both sides; of several currencies without the value. */
export type Told = Pick<ToldStatement, Side>
export type StatementRow = StatementReport['rows'][number]

const LINES = ['opening', ...INFLOWS, ...OUTFLOWS, ...STAYED, ...ADJUSTMENTS, 'closing'] as const

/** Lines that are left out of a page and a table where they are nothing throughout. */
const RARE: readonly Line[] = ['unmerged', ...ADJUSTMENTS]

/** Lines of a side. `shown` are the statements that they are drawn for. */
export function linesOf(side: Side, shown: readonly (Told | null)[]): Line[] {
  const isStayed = (line: Line) => STAYED.some((one) => one === line)
  return LINES.filter((line) => {
    if (side === 'customers' && isStayed(line)) return false
    return !RARE.includes(line) || shown.some((one) => (one?.[side]?.[line] ?? 0) !== 0)
  })
}

/** What a line does to the balance; an opening or a closing does nothing. */
export function effectOf(side: StatementSide, line: Line): number {
  if (line === 'opening' || line === 'closing') return 0
  return OUTFLOWS.some((one) => one === line) ? -side[line] : side[line]
}

export type Sign = '' | '+' | '−' | '±'

export function signOf(line: Line): Sign {
  if (line === 'opening' || line === 'closing') return ''
  if (ADJUSTMENTS.some((one) => one === line)) return '±'
  return line === 'contracted' || OUTFLOWS.some((one) => one === line) ? '−' : '+'
}

/** The figure in a line: without a sign where the line itself says which way it goes. */
export function amountOf(side: StatementSide, line: Line): number {
  return line === 'contracted' && side[line] !== 0 ? -side[line] : side[line]
}

export interface PageLine {
  line: Line
  sign: Sign
  amount: number
  /** After this line; the closing's is what the lines come to, whatever the closing says. */
  balance: number
  /** In the period before, and this period less that; null when there is no data of it. */
  before: number | null
  change: number | null
}

/** The page of one statement, beside that of the period before; empty where it is not told. */
export function pageLines(now: Told, before: Told | null, side: Side): PageLine[] {
  const [own, past] = [now[side], before?.[side] ?? null]
  if (own === null) return []
  let balance = own.opening
  return linesOf(side, [now, before]).map((line) => {
    balance += effectOf(own, line)
    const amount = amountOf(own, line)
    const earlier = past === null ? null : amountOf(past, line)
    const change = earlier === null ? null : amount - earlier
    return { line, sign: signOf(line), amount, balance, before: earlier, change }
  })
}

/** What came and what went, both not negative; an adjustment goes to the side of its sign. */
export function turnover(side: StatementSide): { came: number; went: number } {
  const effects = LINES.map((line) => effectOf(side, line))
  const sum = (sign: 1 | -1) => effects.reduce((total, one) => total + Math.max(0, sign * one), 0)
  return { came: sum(1), went: sum(-1) }
}

/** What to list behind a line that is a sum of movements; null for others. */
export function kindOf(line: Line): ListedKind | null {
  return line === LATE ? LATE : (MOVEMENT_KINDS.find((kind) => kind === line) ?? null)
}

export function isBlank(statement: Told): boolean {
  return [statement.customers, statement.value].every((side) =>
    Object.values(side ?? {}).every((amount) => amount === 0),
  )
}

/** Customers as whole numbers; value in units of the currency with all its decimals. */
export function formatAmount(
  side: Side,
  amount: number,
  currency: string | null,
  locale: Locale,
): string {
  if (side === 'customers') return formatNumber(amount, locale)
  if (currency === null) return '–' // Not told; whoever shows it says why.
  const digits = minorDigits(currency)
  return formatNumber(amount / 10 ** digits, locale, digits).replace('-', '−')
}

/** A difference of two amounts, with its sign. */
export function formatAmountChange(
  side: Side,
  change: number,
  currency: string | null,
  locale: Locale,
): string {
  if (side === 'customers') return formatChange(change, locale)
  if (currency === null) return '–'
  const digits = minorDigits(currency)
  return formatChange(change / 10 ** digits, locale, digits)
}
