import { expect, test } from 'vitest'
import { toCsv } from './csv.ts'
import { fileRows, shownCell } from './twin.ts'

const percent = (share: number) => `${(share * 100).toFixed(1)}%`
const columns = [{ label: '门店' }, { label: '复购率', format: percent, digits: 3 }, { label: 'n' }]
const twin = {
  columns,
  rows: [{ cells: ['=人民路店', 0.873_44, 120], href: '/a' }, { cells: ['五角场店', null, 8] }],
}

test('a figure is shown by its column, and no data is not shown as a figure', () => {
  expect(shownCell(0.873_44, columns[1])).toBe('87.3%')
  expect(shownCell(120, columns[2])).toBe('120')
  expect(shownCell('人民路店', columns[0])).toBe('人民路店')
  expect(shownCell(null, columns[1])).toBeUndefined()
})

test('the file holds the shown rows and columns, as exact as they were shown', () => {
  expect(fileRows(twin)).toEqual([
    ['门店', '复购率', 'n'],
    ['=人民路店', 0.873, 120],
    ['五角场店', null, 8],
  ])
  expect(toCsv(fileRows(twin))).toBe(
    "\uFEFF门店,复购率,n\r\n'=人民路店,0.873,120\r\n五角场店,,8\r\n",
  )
})
