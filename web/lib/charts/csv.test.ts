import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toCsv } from './csv.ts'

test('whatever is written comes back from a reader of RFC 4180', () => {
  const rows = [
    ['门店', 'a "quoted" name', 'comma, and\nline'],
    ['', ' spaces ', 'ends with \r'],
  ]
  expect(parse(toCsv(rows), { bom: true })).toEqual(rows)
  const text = fc.string({ unit: 'grapheme' }).filter((cell) => !/^[=+\-@\t\r＝＋－＠]/.test(cell))
  const table = fc.array(fc.tuple(text, text, fc.integer()), { minLength: 1 })
  fc.assert(
    fc.property(table, (lines) => {
      const back: unknown = parse(toCsv(lines), { bom: true, record_delimiter: '\r\n' })
      expect(back).toEqual(lines.map((cells) => cells.map(String)))
    }),
  )
})

test('the file begins with a byte order mark, and every line ends with CR LF', () => {
  expect(
    toCsv([
      ['a', 1],
      ['b', 2],
    ]),
  ).toBe('\uFEFFa,1\r\nb,2\r\n')
})

test('a text that a spreadsheet would run is made a text', () => {
  const first = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '＝1', '＋1', '－1', '＠x']
  for (const cell of first) {
    const [[back = ''] = []] = parse(toCsv([[cell]]), { bom: true, record_delimiter: '\r\n' })
    expect(back).toBe(`'${cell}`)
  }
  expect(toCsv([['=HYPERLINK("x")', 'a=b']])).toBe(`\uFEFF"'=HYPERLINK(""x"")",a=b\r\n`)
})

test('a negative figure stays a figure, no data an empty cell and zero a zero', () => {
  expect(toCsv([[-12.5, null, 0, Number.NaN]])).toBe('\uFEFF-12.5,,0,\r\n')
})
