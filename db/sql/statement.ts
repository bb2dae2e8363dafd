import { quarterStart } from '#model/calendar.ts'
import { CHAIN } from '#model/id.ts'
import type { Period } from '#model/period.ts'
import {
  emptySide,
  INFLOWS,
  OUTFLOWS,
  type ScopedStatement,
  type ScopeLevel,
  STAYED,
} from '#model/statement.ts'
import type { Ledger } from './ledger.ts'
import { flowRows, levelRows } from './sums.ts'

// The customer asset statement from the rollups: openings and closings are levels of stocks, the
// lines are sums of movements.

const FLOWS = [...INFLOWS, ...OUTFLOWS]
const VALUE_LINES = [...FLOWS, ...STAYED]
const VALUE = 'value_'

type ByScope = Map<string, ScopedStatement>

/** Every scope of the chain, with an empty statement. */
async function emptyStatements(ledger: Ledger): Promise<ByScope> {
  const { store, region } = ledger.t
  const all: ByScope = new Map()
  const put = (scope: string, level: ScopeLevel, region_id: string | null) =>
    all.set(scope, { scope, level, region_id, customers: emptySide(), value: emptySide() })
  put(CHAIN, 'chain', null)
  for (const { id } of await ledger.db.select({ id: region.id }).from(region))
    put(id, 'region', null)
  const stores = await ledger.db.select({ id: store.id, region: store.region_id }).from(store)
  for (const { id, region: region_id } of stores) put(id, 'store', region_id)
  return all
}

async function putLevels(ledger: Ledger, all: ByScope, day: number, line: 'opening' | 'closing') {
  for (const { scope, value } of await levelRows(ledger, day, ['active'])) {
    const one = all.get(scope)
    if (one) one.customers[line] += value
  }
  for (const { scope, value } of await levelRows(ledger, day, ['value'], quarterStart)) {
    const one = all.get(scope)
    if (one) one.value[line] += value
  }
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
  const { from } = period
  const to = Math.max(from, Math.min(period.to, today + 1))
  await putLevels(ledger, all, from - 1, 'opening')
  await putLevels(ledger, all, to - 1, 'closing')
  const metrics = [...FLOWS, ...VALUE_LINES.map((line) => VALUE + line)]
  for (const { scope, metric, value } of await flowRows(ledger, { from, to }, metrics)) {
    const one = all.get(scope)
    const isValue = metric.startsWith(VALUE)
    const line = VALUE_LINES.find((name) => (isValue ? VALUE + name : name) === metric)
    if (one && line) one[isValue ? 'value' : 'customers'][line] += value
  }
  return [...all.values()]
}
