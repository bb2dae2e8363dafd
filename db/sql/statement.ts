import { quarterStart } from '#model/calendar.ts'
import { CHAIN } from '#model/id.ts'
import type { Period } from '#model/period.ts'
import {
  emptySide,
  INFLOWS,
  OUTFLOWS,
  type ScopedStatement,
  type Statement,
  type StatementSide,
  STAYED,
} from '#model/statement.ts'
import { type Column, FigureColumns, NONE } from './figure-columns.ts'
import type { Ledger } from './ledger.ts'
import { readOrg } from './reports.ts'
import { flowSums, levelSums } from './sums.ts'

// The customer asset statement from the rollups: openings and closings are levels of stocks, the
// lines are sums of movements.

const FLOWS = [...INFLOWS, ...OUTFLOWS]
const VALUE_LINES = [...FLOWS, ...STAYED]
const VALUE = 'value_'

/** Every scope of the chain, with an empty statement. */
async function emptyStatements(ledger: Ledger): Promise<ScopedStatement[]> {
  const { regions, stores } = await readOrg(ledger)
  const emptyOf = (scope: string, level: ScopedStatement['level'], region_id: string | null) => {
    return { scope, level, region_id, customers: emptySide(), value: emptySide() }
  }
  return [
    emptyOf(CHAIN, 'chain', null),
    ...regions.map(({ id }) => emptyOf(id, 'region', null)),
    ...stores.map(({ id, region_id }) => emptyOf(id, 'store', region_id)),
  ]
}

/** One line of one side, of every scope. */
interface Line {
  side: keyof Statement
  line: keyof StatementSide
  column: Column
}

async function levelLines(
  columns: FigureColumns,
  day: number,
  line: 'opening' | 'closing',
): Promise<Line[]> {
  const customers = await levelSums(columns, day, ['active'])
  const value = await levelSums(columns, day, ['value'], quarterStart)
  return [
    { side: 'customers', line, column: customers.get('active') ?? NONE },
    { side: 'value', line, column: value.get('value') ?? NONE },
  ]
}

async function flowLines(columns: FigureColumns, days: { from: number; to: number }) {
  const metrics = [...FLOWS, ...VALUE_LINES.map((line) => VALUE + line)]
  const sums = await flowSums(columns, days, metrics)
  return [
    ...FLOWS.map((line): Line => {
      return { side: 'customers', line, column: sums.get(line) ?? NONE }
    }),
    ...VALUE_LINES.map((line): Line => {
      return { side: 'value', line, column: sums.get(VALUE + line) ?? NONE }
    }),
  ]
}

/**
 * The statement of every store, region and the chain over a period. What is dated after `today` has
 * not happened: a running period ends today.
 */
export async function statements(
  ledger: Ledger,
  period: Pick<Period, 'from' | 'to'>,
  today: number,
): Promise<ScopedStatement[]> {
  const all = await emptyStatements(ledger)
  const columns = new FigureColumns(ledger)
  const { from } = period
  const to = Math.max(from, Math.min(period.to, today + 1))
  const lines = [
    ...(await levelLines(columns, from - 1, 'opening')),
    ...(await levelLines(columns, to - 1, 'closing')),
    ...(await flowLines(columns, { from, to })),
  ]
  for (const one of all) {
    const number = columns.numberOf(one.scope) ?? -1
    // A figure that is nowhere, or not of this scope, is a nought.
    for (const { side, line, column } of lines) one[side][line] = column[number] || 0
  }
  return all
}
