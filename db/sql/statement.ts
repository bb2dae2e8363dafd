import { monthStart, quarterStart } from '#model/calendar.ts'
import { CHAIN } from '#model/id.ts'
import type { Period } from '#model/period.ts'
import {
  emptySide,
  type FootingFault,
  footingFaults,
  INFLOWS,
  OUTFLOWS,
  type ScopedStatement,
  type Statement,
  type StatementSide,
  STAYED,
} from '#model/statement.ts'
import { type Column, NONE } from './column-memory.ts'
import { FigureColumns } from './figure-columns.ts'
import type { Ledger } from './ledger.ts'
import { readOrg } from './reports.ts'
import { flowSums, keysOf, levelSums } from './sums.ts'

// The customer asset statement from the rollups: openings and closings are levels of stocks, the
// lines are sums of movements.

type Days = Pick<Period, 'from' | 'to'>

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

async function flowLines(columns: FigureColumns, days: Days) {
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

/** Statements, and where they do not foot. */
interface Footed {
  all: readonly ScopedStatement[]
  faults: readonly FootingFault[]
}

/** Puts the lines of some days into statements that are empty. */
async function fillIn(
  all: readonly ScopedStatement[],
  columns: FigureColumns,
  { from, to }: Days,
): Promise<void> {
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
}

async function addUp(ledger: Ledger, columns: FigureColumns, days: Days): Promise<Footed> {
  const all = await emptyStatements(ledger)
  await fillIn(all, columns, days)
  return { all, faults: footingFaults(all) }
}

/** What is dated after `today` has not happened: a running period ends today. */
export function happened({ from, to }: Days, today: number): Days {
  return { from, to: Math.max(from, Math.min(to, today + 1)) }
}

interface Kept {
  /** What the statements were made of. */
  stamp: string
  org: unknown
  footed: Footed
}

/** Statements that are kept, per ledger and days. */
const KEPT_MAX = 8
const kept = new WeakMap<Ledger, Map<string, Kept>>()

/** Days of the rollups from which levels at both ends and the lines between them are read. */
function keysOfStatement({ from, to }: Days): string[] {
  const ends = [from - 1, to - 1]
  const openings = ends.flatMap((day) => [monthStart(day), quarterStart(day)])
  const changes = ends.flatMap((day) => [
    { from: monthStart(day), to: day + 1 },
    { from: quarterStart(day), to: day + 1 },
  ])
  return keysOf([{ from, to }, ...changes], openings)
}

/**
 * The statement of every store, region and the chain over a period, and where they do not foot.
 * It is kept as long as no figure in it changes; nobody may write into it.
 */
export async function footedStatements(
  ledger: Ledger,
  period: Days,
  today: number,
): Promise<Footed> {
  const days = happened(period, today)
  const columns = new FigureColumns(ledger)
  const stamp = await columns.stampOf(keysOfStatement(days))
  const org = await readOrg(ledger)
  let own = kept.get(ledger)
  if (!own) kept.set(ledger, (own = new Map<string, Kept>()))
  const key = `${days.from} ${days.to}`
  const known = own.get(key)
  if (known?.stamp === stamp && known.org === org) return known.footed
  const footed = await addUp(ledger, columns, days)
  own.delete(key) // A map is in the order of insertion, so the oldest stands first.
  own.set(key, { stamp, org, footed })
  const [oldest] = own.keys()
  if (own.size > KEPT_MAX && oldest !== undefined) own.delete(oldest)
  return footed
}

/** The statement of one scope, equal to that among `footedStatements`; null when there is none. */
export async function statementOf(
  ledger: Ledger,
  scope: string,
  period: Days,
  today: number,
): Promise<ScopedStatement | null> {
  const one = (await emptyStatements(ledger)).find((statement) => statement.scope === scope)
  if (!one) return null
  await fillIn([one], new FigureColumns(ledger, scope), happened(period, today))
  return one
}

/** The statements alone; see `footedStatements`. */
export async function statements(
  ledger: Ledger,
  period: Days,
  today: number,
): Promise<ScopedStatement[]> {
  return [...(await footedStatements(ledger, period, today)).all]
}
