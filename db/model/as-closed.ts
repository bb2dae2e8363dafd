import { monthStartsWithin } from './calendar.ts'
import { monthOf, type Period } from './period.ts'
import {
  type Amounts,
  emptySide,
  FLOW_LINES,
  type Statement,
  type StatementSide,
} from './statement.ts'

// Two views of one statement. Restated: what is known today. As closed: a month that was closed
// stands as it stood then, and what became known of it later is one line of the month after; what a
// change of definitions made of it is another.

/** The months that a period is made of, as the days they begin on; null when it cuts a month. */
export function wholeMonths({ from, to }: Pick<Period, 'from' | 'to'>): number[] | null {
  const firsts = monthStartsWithin(from - 1, to - 1)
  const isWhole = firsts[0] === from && monthOf(to - 1).to === to
  return isWhole ? firsts : null
}

const SIDES = ['customers', 'value'] as const

/** A scope of which nothing was known. */
export function emptyStatement(): Statement {
  return { customers: emptySide(), value: emptySide() }
}

/** A statement that was kept when it had fewer lines: those that it lacks are nothing. */
export function completed({ customers, value }: Statement): Statement {
  return { customers: { ...emptySide(), ...customers }, value: { ...emptySide(), ...value } }
}

/**
 * What stands for open months: they open with what the month before them was closed with. By how
 * much new definitions moved that closing stands on its own; the rest of what is known otherwise of
 * the closed months since then is their late-data adjustment.
 */
function opened(
  restated: StatementSide,
  { closing: opening }: StatementSide,
  redefined: number,
): StatementSide {
  return { ...restated, opening, redefined, late: restated.opening - opening - redefined }
}

/** Consecutive statements as one: months add up to their quarter. */
export function joined(months: readonly Statement[]): Statement {
  const whole = emptyStatement()
  const [first, last] = [months[0], months.at(-1)]
  if (!first || !last) return whole
  for (const side of SIDES) {
    for (const line of FLOW_LINES)
      whole[side][line] = months.reduce((sum, month) => sum + month[side][line], 0)
    whole[side].opening = first[side].opening
    whole[side].closing = last[side].closing
  }
  return whole
}

/**
 * The statement of a scope as closed. `closed` are its months as they were closed, or those before
 * the first of them joined to one; `open` is what is known today of the months that follow them, or
 * null when all of them are closed. Of the months before the period the last was `before`. By
 * `redefined` new definitions have moved the last closing since it was closed.
 */
export function asClosed(
  closed: readonly Statement[],
  open: Statement | null,
  before: Statement,
  redefined: Amounts = { customers: 0, value: 0 },
): Statement {
  if (open === null) return joined(closed)
  const last = closed.at(-1) ?? before
  const rest = {
    customers: opened(open.customers, last.customers, redefined.customers),
    value: opened(open.value, last.value, redefined.value),
  }
  return joined([...closed, rest])
}

/**
 * Why a month cannot be closed now; null when it can. Months are closed one after the other, from
 * the first one with figures on (null: there are none).
 */
export function refuseClose(
  month: Pick<Period, 'from' | 'to' | 'kind'>,
  closed: readonly number[],
  firstMonth: number | null,
  today: number,
): 'not-a-month' | 'not-ended' | 'closed-already' | 'out-of-order' | null {
  if (month.kind !== 'month') return 'not-a-month'
  if (month.to > today) return 'not-ended'
  if (closed.includes(month.from)) return 'closed-already'
  const next = closed.length > 0 ? monthOf(Math.max(...closed)).to : firstMonth
  return month.from === next ? null : 'out-of-order'
}
