import { expect, test } from 'vitest'
import { nextSort, sortRows, windowRows, type TableColumn } from './table-columns.ts'

interface Line {
  name: string
  visits: number | null
}

const columns: TableColumn<Line>[] = [
  { id: 'name', label: 'Name', sortValue: (line) => line.name },
  { id: 'visits', label: 'Visits', align: 'end', sortValue: (line) => line.visits },
]
const [name, visits] = columns
const lines: Line[] = [
  { name: 'b', visits: 2 },
  { name: 'c', visits: null },
  { name: 'a', visits: 9 },
  { name: 'd', visits: 2 },
]
const compareText = (a: string, b: string) => (a < b ? -1 : 1)

test('figures begin with the largest and words with the first letter', () => {
  expect(visits && nextSort(visits, undefined)).toEqual({
    columnId: 'visits',
    direction: 'descending',
  })
  expect(name && nextSort(name, undefined)?.direction).toBe('ascending')
})

test('a second press turns the order round', () => {
  expect(name && nextSort(name, { columnId: 'name', direction: 'ascending' }).direction).toBe(
    'descending',
  )
})

test('rows without a value come last in both directions, and equal rows keep their order', () => {
  const order = (direction: 'ascending' | 'descending') =>
    sortRows(lines, columns, { columnId: 'visits', direction }, compareText).map((l) => l.name)
  expect(order('descending')).toEqual(['a', 'b', 'd', 'c'])
  expect(order('ascending')).toEqual(['b', 'd', 'a', 'c'])
})

test('an unknown column leaves the rows as they are', () => {
  const sort = { columnId: 'gone', direction: 'ascending' } as const
  expect(sortRows(lines, columns, sort, compareText)).toEqual(lines)
})

test('a short table is drawn whole', () => {
  expect(windowRows(100, 40, 1200, 600)).toEqual({ first: 0, end: 100 })
})

test('a long table draws what is in sight and a margin, and never runs past its end', () => {
  expect(windowRows(5000, 40, 0, 600)).toEqual({ first: 0, end: 55 })
  expect(windowRows(5000, 40, 40_000, 600)).toEqual({ first: 980, end: 1035 })
  expect(windowRows(5000, 40, 5000 * 40, 600)).toEqual({ first: 4945, end: 5000 })
})
