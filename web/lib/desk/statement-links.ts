import { type Period, periodBefore } from '#model/period.ts'
import { writeHistoryView } from './address.ts'
import {
  LATEST_FIRST,
  movementsAddress,
  statementAddress,
  type StatementView,
} from './statement-address.ts'
import { kindOf, type Line, type StatementRow } from './statement-lines.ts'

// Where a figure leads: a line to its customers, an opening to the statement that closed with it, a
// closing and what was spent by those who stayed to the stores that they are the sum of.

/** The parts' heading on the page of a statement. */
export const PARTS = 'parts'

/** Of a line on the page of a scope's statement; null for a figure that nothing stands behind. */
export function pageLink(row: StatementRow, line: Line, view: StatementView): string | null {
  const { scope } = row
  const kind = kindOf(line)
  if (kind !== null) return movementsAddress({ ...view, scope, kind, sort: LATEST_FIRST })
  if (line === 'opening')
    return statementAddress({ ...view, scope, period: periodBefore(view.period) })
  if (row.level !== 'store') return `#${PARTS}`
  return line === 'closing' ? activeHistory(scope, view.period) : null
}

/** Of a line in the table of parts: whatever is a sum opens the statement of its scope. */
export function partLink(row: StatementRow, line: Line, view: StatementView): string {
  const kind = kindOf(line)
  const { scope } = row
  return kind === null
    ? statementAddress({ ...view, scope })
    : movementsAddress({ ...view, scope, kind, sort: LATEST_FIRST })
}

function activeHistory(scope: string, period: Period): string {
  const history = writeHistoryView({ period, metric: 'active', grain: 'month' })
  return `/desk/stores/${encodeURIComponent(scope)}${history}`
}
