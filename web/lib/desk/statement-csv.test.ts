import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { dayFromCivil } from '#model/calendar.ts'
import type { StatementReport } from '#model/report.ts'
import { emptySide } from '#model/statement.ts'
import { movementsCsv, statementCsv, statementFileName } from './statement-csv.ts'
import { linesOf, type StatementRow } from './statement-lines.ts'
import { type MovementRow, sortMovements } from './statement-movements.ts'
import { messagesIn } from './words.ts'

// The file is counted with elsewhere: a gap must stay a gap, money must be money, and whoever opens
// it next year must see of which period and scope it speaks.

const say = messagesIn('en')

function row(scope: string, level: StatementRow['level'], name: string): StatementRow {
  const region_id = level === 'store' ? 'east' : null
  const value = { ...emptySide(), opening: 10050, expanded: 200, contracted: -75, closing: 10175 }
  const customers = { ...emptySide(), opening: 4, new: 2, lost: 1, closing: 5 }
  const as_of = level === 'store' ? Date.UTC(2026, 9, 31, 4) : null
  return { scope, level, region_id, name, name_en: null, currency: 'CNY', as_of, customers, value }
}

const rows = [
  row('s1', 'store', '=人民路'),
  row('s2', 'store', '湖滨'),
  row('east', 'region', '东区'),
]
const report: StatementReport = {
  period: '2026-10',
  from: dayFromCivil(2026, 10, 1),
  to: dayFromCivil(2026, 10, 31),
  rows,
  faults: [],
  view: 'restated',
  closed: null,
  closable: null,
  notes: [],
  restatements: [
    {
      ...{ at: 0, day: dayFromCivil(2026, 11, 23), figures: 7, stores: 2 },
      ...{ from_version: 4, to_version: 5, from_activity_days: 90, to_activity_days: 120 },
    },
  ],
  recount: null,
  computed_at: 0,
  dirty_days: 0,
}

function written(side: 'customers' | 'value'): Record<string, string>[] {
  const lines = linesOf(side, rows)
  const recorded = new Set(['s1', 'east'])
  const earlier = row('s1', 'store', '=人民路')
  const known = { ...earlier, customers: { ...earlier.customers, new: 5, closing: 8 } }
  const recordedBefore = new Set(['s1'])
  const shown = { report, rows, lines, side, recorded }
  const before = { text: '2026-09' }
  const more = {
    before,
    earlier: [known, row('east', 'region', '东区')],
    recordedBefore,
    behind: [{ scope: 's1' }],
  }
  const text = statementCsv({ ...shown, ...more }, say, 'en')
  return parse(text, { bom: true, columns: true })
}

test('the file has the rows that were shown, and says its period and measure', () => {
  expect(written('customers')[0]).toMatchObject({
    Level: 'Store',
    Region: '东区',
    Scope: "'=人民路",
    Period: '2026-10',
    From: '2026-10-01',
    To: '2026-10-31',
    'Measured in': 'Customers',
    Opening: '4',
    New: '2',
    Lost: '1',
    Closing: '5',
    'Data as of': '2026-10-31T04:00:00.000Z',
    'Definitions changed on': '2026-11-23 version 4 → 5, activity window 90 → 120 days',
  })
})

test('beside each line stand the period before, the difference, and the net change', () => {
  const [own, unrecorded, region] = written('customers')
  expect(own).toMatchObject({
    ...{ 'New (2026-09)': '5', 'New (difference)': '-3', 'Net change': '1' },
    ...{ View: 'Restated', 'May not be whole': 'yes' },
  })
  expect(unrecorded).toMatchObject({ 'New (difference)': '', 'Net change': '' })
  expect(region).toMatchObject({ New: '2', 'New (2026-09)': '', 'New (difference)': '' })
})

test('a store without data is a gap in every line and never a zero', () => {
  const [, unrecorded] = written('customers')
  for (const line of ['Opening', 'New', 'Erased', 'Closing']) expect(unrecorded?.[line]).toBe('')
})

test('value is written in units of the currency, and what was contracted as it was shown', () => {
  expect(written('value')[2]).toMatchObject({
    Opening: '100.5',
    'Spent more': '2',
    'Spent less': '0.75',
    Closing: '101.75',
  })
})

const moves: MovementRow[] = [
  { name: 'Anna', day: 20, store_id: 's1', counterparty: 's2', value_minor: 995 },
  { name: null, day: 21, store_id: 's1', counterparty: 's9', value_minor: 0 },
  { name: '李敏', day: 19, store_id: 's2', counterparty: 's1', value_minor: 400 },
].map((one, at) => ({ ...one, customer_id: `c${at}`, kind: 'transfer_out', currency: 'CNY' }))
const storeName = (id: string) => rows.find((one) => one.scope === id)?.name ?? 'elsewhere'

test('the customers behind a line are written with both stores, and the nameless with a gap', () => {
  const file = { rows: moves, kind: 'transfer_out' as const, currency: 'CNY', storeName }
  const lines: Record<string, string>[] = parse(movementsCsv(file, say), {
    bom: true,
    columns: true,
  })
  expect(lines[0]).toMatchObject({
    Day: '1970-01-21',
    'Customer id': 'c0',
    Customer: 'Anna',
    Store: "'=人民路",
    To: '湖滨',
    'Spend in 12 months (CNY)': '9.95',
  })
  expect(lines[1]).toMatchObject({ Customer: '', To: 'elsewhere' })
})

test('of a scope of several currencies every row says its own, and the scope has no value', () => {
  const paid = moves.map((move) => ({ ...move, currency: 'JPY' }))
  const file = { rows: paid, kind: 'transfer_out' as const, currency: null, storeName }
  const listed: Record<string, string>[] = parse(movementsCsv(file, say), {
    bom: true,
    columns: true,
  })
  expect(listed[0]).toMatchObject({ Currency: 'JPY', 'Spend in 12 months (mixed)': '995' })
  const mixed = rows.map((one) =>
    one.level === 'region' ? { ...one, currency: null, value: null } : one,
  )
  const lines = linesOf('value', mixed)
  const none = {
    ...{ before: { text: '2026-09' }, earlier: [], behind: [] },
    recordedBefore: new Set<string>(),
  }
  const recorded = new Set(['s1', 'east'])
  const shown = { report, rows: mixed, lines, side: 'value' as const, recorded, ...none }
  const [store, , region] = parse<Record<string, string>>(statementCsv(shown, say, 'en'), {
    bom: true,
    columns: true,
  })
  expect(store).toMatchObject({ Currency: 'CNY' })
  expect(store?.['Closing']).not.toBe('')
  expect(region).toMatchObject({ Currency: 'mixed', Opening: '', Closing: '' })
})

test('they stand in any order that is asked for, the nameless last', () => {
  const words = { storeName, lines: say.statement.lines }
  const order = (by: 'value' | 'customer' | 'day', descending: boolean) =>
    sortMovements(moves, { by, descending }, words, 'en').map((one) => one.customer_id)
  expect(order('value', true)).toEqual(['c0', 'c2', 'c1'])
  expect(order('day', false)).toEqual(['c2', 'c0', 'c1'])
  expect(order('customer', true).at(-1)).toBe('c1')
})

test('the name of a file fits every file system', () => {
  expect(statementFileName('statement', '90d@2026-11-20')).toBe(
    'regulars-statement-90d-to-2026-11-20.csv',
  )
})
