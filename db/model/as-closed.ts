import { monthStartsWithin } from './calendar.ts'
import { monthOf, type Period } from './period.ts'
import { emptySide, FLOW_LINES, type Statement, type StatementSide } from './statement.ts'

// Two views of one statement. Restated: what is known today. As closed: a month that was closed
// stands as it stood then, and what became known of it later is one line of the month after.

/** The months that a period is made of, as the days they begin on; null when it cuts a month. */
export function wholeMonths({ from, to }: Pick<Period, 'from' | 'to'>): number[] | null {
  const firsts = monthStartsWithin(from - 1, to - 1)
  const isWhole = firsts[0] === from && monthOf(to - 1).to === to
  return isWhole ? firsts : null
}

/** One month of a scope: as it is known today, and as it was closed, or null while it is open. */
export interface MonthOfScope {
  restated: Statement
  closed: Statement | null
}

const SIDES = ['customers', 'value'] as const

/**
 * What stands for an open month: it opens with what the month before it was closed with, and what
 * was learnt of the closed months since then is its late-data adjustment.
 */
function opened(restated: StatementSide, closedBefore: StatementSide | null): StatementSide {
  if (!closedBefore) return restated
  const opening = closedBefore.closing
  return { ...restated, opening, late: restated.opening - opening }
}

function ofMonth({ restated, closed }: MonthOfScope, closedBefore: Statement | null): Statement {
  if (closed) return closed
  return {
    customers: opened(restated.customers, closedBefore?.customers ?? null),
    value: opened(restated.value, closedBefore?.value ?? null),
  }
}

/** Consecutive statements as one: months add up to their quarter. */
export function joined(months: readonly Statement[]): Statement {
  const whole: Statement = { customers: emptySide(), value: emptySide() }
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
 * The statement of consecutive months as closed. `before` is the closed month that they follow on,
 * or null when that one is open: months are closed in their order.
 */
export function asClosed(months: readonly MonthOfScope[], before: Statement | null): Statement {
  let closedBefore = before
  return joined(
    months.map((month) => {
      const stands = ofMonth(month, closedBefore)
      closedBefore = month.closed
      return stands
    }),
  )
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
