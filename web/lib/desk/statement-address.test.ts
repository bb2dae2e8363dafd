import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { parsePeriod } from '#model/period.ts'
import {
  LATEST_FIRST,
  movementsAddress,
  type MovementsView,
  readMovementsView,
  readStatementView,
  statementAddress,
  type StatementView,
} from './statement-address.ts'

// A statement is sent round as a link: it must open the same page for whoever gets it.

const period = (text: string) => must(parsePeriod(text), `${text} is a period`)
const october = period('2026-10')
const paramsOf = (address: string) => new URL(address, 'https://regulars.example').searchParams

const view: StatementView = {
  period: period('2026-Q3'),
  scope: 'r1',
  side: 'value',
  view: 'closed',
  folded: ['r2', 'r3'],
}

test('a statement comes back from its own address, of whatever period', () => {
  for (const text of ['2026', '2026-Q3', '2026-W41', '90d@2026-11-20', '2026-01-05..2026-02-03']) {
    const one = { ...view, period: period(text) }
    expect(readStatementView(paramsOf(statementAddress(one)), october)).toEqual(one)
  }
})

test('the plain statement is written with its period only', () => {
  const plain = readStatementView(new URLSearchParams(), october)
  expect(plain).toEqual({
    period: october,
    scope: '',
    side: 'customers',
    view: 'restated',
    folded: [],
  })
  expect(statementAddress(plain)).toBe('/desk/statement?period=2026-10')
})

test('the customers behind a line come back from their own address', () => {
  const { folded: _folded, ...shared } = view
  const list: MovementsView = {
    ...shared,
    kind: 'transfer_out',
    sort: { by: 'value', descending: false },
  }
  expect(readMovementsView(paramsOf(movementsAddress(list)), october)).toEqual(list)
  const latest = { ...list, sort: LATEST_FIRST }
  expect(movementsAddress(latest)).not.toContain('sort')
  expect(readMovementsView(paramsOf(movementsAddress(latest)), october)).toEqual(latest)
})

test('nonsense in an address is read as if it were absent', () => {
  const text = '?period=2026-Q5&side=both&view=secret&line=opening&sort=-phone&folded=,'
  const params = new URLSearchParams(text)
  expect(readStatementView(params, october)).toEqual(
    readStatementView(new URLSearchParams(), october),
  )
  expect(readMovementsView(params, october)).toMatchObject({ kind: 'new', sort: LATEST_FIRST })
})
