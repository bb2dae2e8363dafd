import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { DAY_MS } from '#model/calendar.ts'
import { parsePeriod } from '#model/period.ts'
import { emptySide } from '#model/statement.ts'
import type { StatementRow } from './statement-lines.ts'
import { freshnessOf, partsOf, pathTo, recordedScopes, scopeRow } from './statement-table.ts'

// Whoever reads a sum must find exactly its parts below it, whatever they may see of the chain.

function row(
  scope: string,
  level: StatementRow['level'],
  region_id: string | null,
  opening = 1,
): StatementRow {
  const customers = { ...emptySide(), opening, closing: opening }
  const names = { name: scope, name_en: null, currency: 'CNY', as_of: null }
  return { scope, level, region_id, customers, value: emptySide(), ...names }
}

const CHAIN = row('chain', 'chain', null)
const [EAST, WEST] = [row('east', 'region', 'east'), row('west', 'region', 'west')]
const STORES = [
  row('s10', 'store', 'east'),
  row('s2', 'store', 'east'),
  row('s3', 'store', 'west'),
  row('alone', 'store', null),
]
const ALL = [CHAIN, EAST, WEST, ...STORES]
const october = must(parsePeriod('2026-10'), 'a period')

const names = (of: StatementRow, rows = ALL, folded: string[] = []) =>
  partsOf(rows, of, folded, 'en').map(({ row: one, kind }) => `${kind} ${one.scope}`)

test('the chain is its regions with their stores, those without a region, and the sum', () => {
  expect(names(CHAIN)).toEqual([
    'group east',
    'row s2',
    'row s10',
    'group west',
    'row s3',
    'row alone',
    'total chain',
  ])
})

test('a folded region keeps its row and its number of stores', () => {
  const parts = partsOf(ALL, CHAIN, ['east'], 'en')
  expect(parts[0]).toMatchObject({ stores: 2, folded: true })
  expect(names(CHAIN, ALL, ['east'])[1]).toBe('group west')
})

test('a region is its stores and their sum; a store has no parts', () => {
  expect(names(EAST)).toEqual(['row s2', 'row s10', 'total east'])
  expect(names(must(STORES[0], 's10'))).toEqual([])
})

test('somebody who sees stores only goes from one to the other, without a sum', () => {
  const own = STORES.slice(0, 2)
  expect(names(must(own[0], 's10'), own)).toEqual(['row s2', 'row s10'])
})

test('the page begins with the widest scope that the reader sees', () => {
  expect(scopeRow(ALL, '')).toBe(CHAIN)
  expect(scopeRow([EAST, ...STORES.slice(0, 2)], '')).toBe(EAST)
  expect(scopeRow(STORES, '')?.scope).toBe('s10')
  expect(scopeRow(ALL, 's3')?.scope).toBe('s3')
  expect(scopeRow(ALL, 'elsewhere')).toBeUndefined()
})

test('the way up leads through the region, as far as the reader sees', () => {
  const store = must(STORES[2], 's3')
  expect(pathTo(ALL, store).map(({ scope }) => scope)).toEqual(['chain', 'west', 's3'])
  expect(pathTo([store], store).map(({ scope }) => scope)).toEqual(['s3'])
  expect(pathTo(ALL, CHAIN)).toEqual([CHAIN])
})

test('a store that had not begun has no data; one that lost its last customer has', () => {
  const [blank, past] = [row('new', 'store', null, 0), row('past', 'store', null, 0)]
  const found = recordedScopes([CHAIN, blank, past], [row('past', 'store', null, 4)], october, 0)
  expect([...found].sort()).toEqual(['chain', 'past'])
})

test('a period before the first day of data has none', () => {
  expect(recordedScopes(ALL, [], october, october.to).size).toBe(0)
  expect(recordedScopes(ALL, [], october, null).size).toBe(0)
  expect(recordedScopes(ALL, [], october, october.to - 1).size).toBe(ALL.length)
})

test('a sum is as old as its darkest store; one without a device says nothing', () => {
  const last = october.to - 1
  const heard = (scope: string, region: string, days: number | null) => ({
    ...row(scope, 'store', region),
    as_of: days === null ? null : (last + days) * DAY_MS,
  })
  const stores = [
    heard('late', 'east', 0.5),
    heard('dark', 'east', -2),
    heard('none', 'east', null),
    heard('darker', 'west', -5),
  ]
  const rows = [CHAIN, EAST, WEST, ...stores]
  expect(freshnessOf(rows, CHAIN, last).darkest?.scope).toBe('darker')
  const east = freshnessOf(rows, EAST, last)
  expect(east.darkest?.scope).toBe('dark')
  expect(east.behind.map((one) => one.scope)).toEqual(['dark'])
  const alone = freshnessOf(rows, must(stores[2], 'none'), last)
  expect(alone).toEqual({ darkest: null, behind: [] })
})
