import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { writeCsv } from './csv.ts'

// The file is opened by people in spreadsheets: what they see must be what was shown, and a store
// named by a stranger must not run there.

test('any text comes back whole from a reader of RFC 4180', () => {
  const rows = [
    ['门店', 'a "quoted" name', 'comma, and\nline'],
    ['', ' spaces ', 'ends with \r'],
  ]
  expect(parse(writeCsv(rows), { bom: true })).toEqual(rows)
})

test('the file begins with a byte order mark and ends each row with CR LF', () => {
  expect(writeCsv([['a', 1]])).toBe('\uFEFFa,1\r\n')
})

test('a text that looks like a formula is made harmless, a negative number stays a number', () => {
  expect(writeCsv([['=HYPERLINK("x")', '+1', '-2', '@a', '\tb', -12, 0.5]])).toBe(
    `\uFEFF"'=HYPERLINK(""x"")",'+1,'-2,'@a,'\tb,-12,0.5\r\n`,
  )
})

test('no data is an empty cell and not a zero', () => {
  expect(writeCsv([[null, 0]])).toBe('\uFEFF,0\r\n')
})
