import { expect, test } from 'vitest'
import { emptySide, type Statement, type StatementSide } from '#model/statement.ts'
import {
  amountOf,
  effectOf,
  formatAmount,
  formatAmountChange,
  isBlank,
  kindOf,
  linesOf,
  pageLines,
  turnover,
} from './statement-lines.ts'

// The page is read as an account: what stands in its lines must carry the opening to the closing.

const side = (amounts: Partial<StatementSide>): StatementSide => ({ ...emptySide(), ...amounts })

const OCTOBER: Statement = {
  customers: side({
    opening: 100,
    new: 20,
    reactivated: 5,
    transfer_in: 3,
    lost: 11,
    transfer_out: 2,
    merged: 1,
    erased: 1,
    closing: 113,
  }),
  value: side({
    opening: 9000,
    new: 500,
    lost: 300,
    expanded: 700,
    contracted: -400,
    closing: 9500,
  }),
}
const SEPTEMBER: Statement = {
  customers: side({ opening: 96, new: 14, lost: 10, closing: 100 }),
  value: side({ opening: 8500, new: 900, lost: 400, closing: 9000 }),
}

test('the balance runs from the opening through every line to the closing', () => {
  for (const one of ['customers', 'value'] as const) {
    const lines = pageLines(OCTOBER, SEPTEMBER, one)
    expect(lines[0]).toMatchObject({ line: 'opening', balance: OCTOBER[one].opening })
    expect(lines.at(-1)).toMatchObject({ line: 'closing', balance: OCTOBER[one].closing })
    for (const [at, { balance, sign, amount }] of lines.entries()) {
      const before = lines[at - 1]?.balance ?? balance
      const effect = sign === '' ? 0 : sign === '−' ? -amount : amount
      expect(balance).toBe(before + effect)
    }
  }
})

test('a line shows its size; its sign says which way it goes, and differences carry theirs', () => {
  const lines = new Map(pageLines(OCTOBER, SEPTEMBER, 'value').map((one) => [one.line, one]))
  expect(lines.get('contracted')).toMatchObject({ sign: '−', amount: 400, before: 0, change: 400 })
  expect(lines.get('lost')).toMatchObject({ sign: '−', amount: 300, before: 400, change: -100 })
  expect(lines.get('expanded')).toMatchObject({ sign: '+', amount: 700 })
})

test('without data of the period before there is no difference, and no zero in its place', () => {
  for (const { before, change } of pageLines(OCTOBER, null, 'customers'))
    expect([before, change]).toEqual([null, null])
})

test('growth of those who stayed is a line of value only, and rare lines show when they are used', () => {
  expect(linesOf('customers', [OCTOBER])).not.toContain('expanded')
  expect(linesOf('value', [OCTOBER])).toContain('contracted')
  expect(linesOf('customers', [OCTOBER])).not.toContain('late')
  const late = { ...SEPTEMBER, customers: side({ ...SEPTEMBER.customers, late: -3, closing: 97 }) }
  expect(linesOf('customers', [OCTOBER, late])).toContain('late')
  expect(linesOf('value', [OCTOBER, late])).not.toContain('late')
})

test('late data may take away: it then counts among what went', () => {
  const late = side({ opening: 10, new: 4, late: -3, closing: 11 })
  expect(effectOf(late, 'late')).toBe(-3)
  expect(turnover(late)).toEqual({ came: 4, went: 3 })
  expect(turnover(OCTOBER.value)).toEqual({ came: 1200, went: 700 })
})

test('only lines that are sums of movements have customers to list', () => {
  const listed = linesOf('value', [OCTOBER]).filter((line) => kindOf(line) !== null)
  expect(listed).toEqual([
    'new',
    'reactivated',
    'transfer_in',
    'lost',
    'transfer_out',
    'merged',
    'erased',
  ])
})

test('a store without any customer is blank, and one that lost its last is not', () => {
  expect(isBlank({ customers: side({}), value: side({}) })).toBe(true)
  expect(isBlank({ customers: side({ opening: 1, lost: 1 }), value: side({}) })).toBe(false)
})

test('value keeps every decimal of its currency, so that it can be added up on paper', () => {
  expect(formatAmount('value', 123456789, 'CNY', 'en')).toBe('1,234,567.89')
  expect(formatAmount('value', 123456789, 'JPY', 'en')).toBe('123,456,789')
  expect(formatAmount('value', -305, 'CNY', 'zh')).toBe('−3.05')
  expect(formatAmount('customers', 1204, 'CNY', 'zh')).toBe('1,204')
  expect(formatAmountChange('value', -305, 'CNY', 'en')).toBe('−3.05')
  expect(formatAmountChange('customers', 12, 'CNY', 'en')).toBe('+12')
})

test('nothing contracted is zero and not minus zero', () => {
  expect(Object.is(amountOf(side({}), 'contracted'), 0)).toBe(true)
})
