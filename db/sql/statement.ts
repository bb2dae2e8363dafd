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
import { type Column, FigureColumns } from './figure-columns.ts'
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

/** Puts a column on one line of one side of every statement. */
type Put = (side: keyof Statement, line: keyof StatementSide, column: Column | undefined) => void

async function putLevels(
  columns: FigureColumns,
  put: Put,
  day: number,
  line: 'opening' | 'closing',
) {
  put('customers', line, (await levelSums(columns, day, ['active'])).get('active'))
  put('value', line, (await levelSums(columns, day, ['value'], quarterStart)).get('value'))
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
  const put: Put = (side, line, column) => {
    if (!column) return
    for (const one of all) {
      const value = column[columns.numberOf(one.scope) ?? -1] ?? NaN
      if (!Number.isNaN(value)) one[side][line] = value
    }
  }
  const { from } = period
  const to = Math.max(from, Math.min(period.to, today + 1))
  await putLevels(columns, put, from - 1, 'opening')
  await putLevels(columns, put, to - 1, 'closing')
  const metrics = [...FLOWS, ...VALUE_LINES.map((line) => VALUE + line)]
  const sums = await flowSums(columns, { from, to }, metrics)
  for (const line of FLOWS) put('customers', line, sums.get(line))
  for (const line of VALUE_LINES) put('value', line, sums.get(VALUE + line))
  return all
}
