import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { parsePeriod } from '#model/period.ts'
import { TENURE_LINES } from '#model/tenure.ts'
import { emptySide } from '#model/statement.ts'
import { pageLink, partLink } from './statement-links.ts'
import type { StatementRow } from './statement-lines.ts'
import {
  largestFirst,
  readTenuresView,
  sortTenures,
  type TenureRow,
  tenuresAddress,
  tenuresCsv,
  type TenuresView,
} from './statement-tenures.ts'
import { messagesIn } from './words.ts'

// A figure that leads to the wrong people is worse than one that leads nowhere.

const october = must(parsePeriod('2026-10'), 'a month')
const september = must(parsePeriod('2026-09'), 'a month')
const paramsOf = (address: string) => new URL(address, 'https://regulars.example').searchParams
const shared = { period: october, scope: 's1', side: 'value', view: 'restated' } as const

test('the customers of a line come back from their own address', () => {
  for (const line of TENURE_LINES) {
    const plain: TenuresView = { ...shared, line, sort: largestFirst(line) }
    expect(tenuresAddress(plain)).not.toContain('sort')
    expect(readTenuresView(paramsOf(tenuresAddress(plain)), september)).toEqual(plain)
    const sorted: TenuresView = { ...plain, sort: { by: 'customer', descending: true } }
    expect(readTenuresView(paramsOf(tenuresAddress(sorted)), september)).toEqual(sorted)
  }
  const nonsense = new URLSearchParams('?line=new&sort=-phone')
  expect(readTenuresView(nonsense, october)).toMatchObject({ line: 'closing', period: october })
})

function rowOf(level: StatementRow['level']): StatementRow {
  const sides = { customers: emptySide(), value: emptySide() }
  const place = { scope: level === 'store' ? 's1' : 'r1', region_id: 'r1', name: '', name_en: null }
  return { ...sides, ...place, level, currency: 'CNY', as_of: null }
}

test('a figure leads to its customers in a store, and above it to the stores of its own period', () => {
  const view = { ...shared, folded: [] }
  const earlier = { ...view, period: september }
  for (const line of TENURE_LINES) {
    expect(pageLink(rowOf('store'), line, earlier, view)).toBe(
      `/desk/statement/customers?period=2026-09&scope=s1&side=value&line=${line}`,
    )
    expect(partLink(rowOf('store'), line, view)).toContain(`line=${line}`)
    expect(pageLink(rowOf('region'), line, view)).toBe('#parts')
    expect(pageLink(rowOf('region'), line, earlier, view)).toBe(
      '/desk/statement?period=2026-09&scope=r1&side=value#parts',
    )
    expect(partLink(rowOf('region'), line, view)).toBe(
      '/desk/statement?period=2026-10&scope=r1&side=value',
    )
  }
})

function person(customer_id: string, name: string | null, grew_minor: number): TenureRow {
  const days = { since: october.from - 9, until: null }
  const worth = { before_minor: 1_000, shrank_minor: -200, after_minor: 800 + grew_minor }
  return { ...days, ...worth, customer_id, name, grew_minor }
}

test('a list is put into any order, and is a file of numbers', () => {
  const rows = [person('c1', 'Zhou', 5), person('c2', null, 90), person('c3', 'An', 5)]
  const ids = (sort: TenuresView['sort']) =>
    sortTenures(rows, sort, 'en').map(({ customer_id }) => customer_id)
  expect(ids({ by: 'customer', descending: false })).toEqual(['c3', 'c1', 'c2'])
  expect(ids({ by: 'customer', descending: true })).toEqual(['c1', 'c3', 'c2'])
  expect(ids({ by: 'grew', descending: true })).toEqual(['c2', 'c1', 'c3'])
  const file = tenuresCsv(rows.slice(0, 1), 'expanded', 'CNY', messagesIn('en'))
  const [head = '', row = ''] = file.trim().split('\r\n')
  expect(head).toContain('Before (CNY),Spent more (CNY),Spent less (CNY),After (CNY)')
  expect(row).toMatch(/^c1,Zhou,2026-09-22,,10,0\.05,-2,8\.05$/)
  const closing = tenuresCsv(rows.slice(0, 1), 'closing', 'CNY', messagesIn('en'))
  expect(closing.trim().split('\r\n')[1]).toBe('c1,Zhou,2026-09-22,,8.05')
})
