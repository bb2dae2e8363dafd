// The same questions to whoever holds the visits: the raw rows of each engine, and the product.
import Database from 'better-sqlite3'
import type pg from 'pg'
import { parsePeriod, type Period, periodBefore } from '#model/period.ts'
import { must } from '#model/assert.ts'
import type { Ledger } from '#sql/ledger.ts'
import { storesReport } from '#sql/reports.ts'
import { statements } from '#sql/statement.ts'
import { NOW, type ScaleChain, TODAY } from './chain.ts'
import { compareSql, statementSql, storesTableSql } from './raw.ts'

/** A row of numbers; nothing is 0. */
export type Row = Record<string, number>

/** Something that raw visits can be asked of. */
export interface RawEngine {
  name: string
  table: string
  ask(sql: string): Promise<Row[]>
  close(): Promise<void>
}

export const MONTH = period('2026-10')
export const QUARTER = period('2026-Q3')
/** Stores that are compared: those of one region. */
export const COMPARED = 500
export const PERIODS = 13

export function period(text: string): Period {
  return must(parsePeriod(text), `the period ${text}`)
}

export function monthsUpTo(last: Period, count: number): Period[] {
  const months = [last]
  while (months.length < count) months.unshift(periodBefore(months[0] ?? last))
  return months
}

function numbers(row: object): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value ?? 0)]))
}

export function rawSqlite(path: string): RawEngine {
  const db = new Database(path, { readonly: true })
  db.pragma('cache_size = -400000')
  db.pragma('temp_store = MEMORY')
  return {
    name: 'SQLite, raw visits',
    table: 'visit',
    ask: (sql) => Promise.resolve(db.prepare<[], object>(sql).all().map(numbers)),
    close: () => Promise.resolve(void db.close()),
  }
}

export async function rawPostgres(client: pg.Client): Promise<RawEngine> {
  await client.query("set work_mem = '256MB'; set jit = off")
  return {
    name: 'PostgreSQL, raw visits',
    table: 'raw_visit',
    ask: async (sql) => (await client.query<object>(sql)).rows.map(numbers),
    close: () => Promise.resolve(),
  }
}

/** The questions in SQL, by the screen that they are the question of. */
export function questionsOf(table: string) {
  return {
    stores: storesTableSql(table, MONTH, periodBefore(MONTH)),
    statement: statementSql(table, QUARTER),
    compare: compareSql(table, COMPARED, monthsUpTo(MONTH, PERIODS)),
  }
}

/** Throws unless raw visits and the kept figures say the same of every store. */
export async function mustAgree(
  raw: RawEngine,
  ledger: Ledger,
  chain: ScaleChain,
): Promise<number> {
  const { stores, statement } = questionsOf(raw.table)
  const answers: Row[][] = []
  for (const sql of stores) answers.push(await raw.ask(sql))
  const { rows } = await storesReport(ledger, { all: true }, MONTH, NOW)
  const byScope = new Map(rows.map((row) => [row.scope, row]))
  let compared = 0
  const expectSame = (what: string, found: number | null | undefined, expected: number) => {
    compared += 1
    if ((found ?? 0) !== expected)
      throw new Error(`${raw.name}: ${what} is ${found} on the page and ${expected} in the visits`)
  }
  const storeOf = (number: number | undefined) => must(chain.stores[number ?? -1], 'a store').id
  for (const row of answers[0] ?? []) {
    const id = storeOf(row['store'])
    const kept = byScope.get(id)
    expectSame(
      `visits of ${id}`,
      kept?.now.visits,
      at(row, 'identified_now') + at(row, 'anonymous_now'),
    )
    expectSame(`spend of ${id}`, kept?.spend_now, at(row, 'spend_now'))
    expectSame(`spend before of ${id}`, kept?.spend_before, at(row, 'spend_before'))
    expectSame(`visitors of ${id}`, kept?.now.visitors, at(row, 'visitors_now'))
    expectSame(`visitors before of ${id}`, kept?.before.visitors, at(row, 'visitors_before'))
  }
  for (const row of answers[1] ?? [])
    expectSame(
      'active customers',
      byScope.get(storeOf(row['home']))?.now.active,
      at(row, 'active_now'),
    )
  for (const row of answers[2] ?? [])
    expectSame('new customers', byScope.get(storeOf(row['home']))?.now.new, at(row, 'new_now'))
  const told = new Map((await statements(ledger, QUARTER, TODAY)).map((one) => [one.scope, one]))
  for (const row of await raw.ask(statement[0] ?? '')) {
    const side = told.get(storeOf(row['home']))?.customers
    for (const line of ['opening', 'new', 'reactivated', 'lost', 'closing'] as const)
      expectSame(`${line} customers`, side?.[line], at(row, line))
  }
  return compared
}

function at(row: Row, name: string): number {
  return row[name] ?? 0
}
