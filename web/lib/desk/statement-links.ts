import type { TenureLine } from '#model/tenure.ts'
import {
  LATEST_FIRST,
  movementsAddress,
  statementAddress,
  type StatementView,
} from './statement-address.ts'
import { kindOf, type Line, type StatementRow } from './statement-lines.ts'
import { largestFirst, tenureLine, tenuresAddress } from './statement-tenures.ts'

// Where a figure leads: a movement to its customers, whatever else is told of a store to those who
// counted there, and of a region or the chain to the stores that it is the sum of.

/** The parts' heading on the page of a statement. */
export const PARTS = 'parts'

/** Of a line on the page of a scope's statement, of the period `view` that `shown` may not be. */
export function pageLink(
  row: StatementRow,
  line: Line,
  view: StatementView,
  shown: StatementView = view,
): string {
  const direct = customersLink(row, line, view)
  if (direct !== null) return direct
  if (view.period.text === shown.period.text) return `#${PARTS}`
  return `${statementAddress({ ...view, scope: row.scope })}#${PARTS}`
}

/** Of a line in the table of parts: whatever is a sum opens the statement of its scope. */
export function partLink(row: StatementRow, line: Line, view: StatementView): string {
  return customersLink(row, line, view) ?? statementAddress({ ...view, scope: row.scope })
}

/** Straight to the customers; null for a line of a region or the chain that is a sum of stores. */
function customersLink(row: StatementRow, line: Line, view: StatementView): string | null {
  const { scope } = row
  const kind = kindOf(line)
  if (kind !== null) return movementsAddress({ ...view, scope, kind, sort: LATEST_FIRST })
  const tenure: TenureLine | null = row.level === 'store' ? tenureLine(line) : null
  if (tenure === null) return null
  return tenuresAddress({ ...view, scope, line: tenure, sort: largestFirst(tenure) })
}
