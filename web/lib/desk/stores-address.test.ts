import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { parsePeriod } from '#model/period.ts'
import { DEFAULT_SORT } from './address.ts'
import { readStoresView, type StoresView, writeStoresView } from './stores-address.ts'

const period = (text: string) => must(parsePeriod(text), `${text} is a period`)
const october = period('2026-10')
const params = (text: string) => new URLSearchParams(text)

const view: StoresView = {
  period: period('28d@2026-11-20'),
  sort: { by: 'visits', descending: true, of: 'change' },
  q: '南京 路&x',
  region: 'r1',
  format: 'flagship',
  grouped: false,
  closed: ['r2', 'r3'],
  vs: 'year',
  peers: 'all',
  picked: ['a', 'b'],
}

test('a view of the stores comes back from its own address', () => {
  expect(readStoresView(params(writeStoresView(view)), october)).toEqual(view)
})

test('an address says only what differs from the plain view, and always the period', () => {
  const plain = readStoresView(params(''), october)
  expect(plain.sort).toEqual(DEFAULT_SORT)
  expect(writeStoresView(plain)).toBe('?period=2026-10')
})

test('a period with @ and a list with commas stay readable', () => {
  expect(writeStoresView({ ...view, q: '' })).toBe(
    '?period=28d@2026-11-20&sort=-visits.change&vs=year&peer=all&region=r1&format=flagship&group=none&closed=r2,r3&s=a&s=b',
  )
})

test('nonsense in an address is read as if it were absent', () => {
  const read = readStoresView(
    params('?period=2026-13&sort=-secrets&group=all&closed=,&vs=x&peer=x&s='),
    october,
  )
  expect(read.period).toEqual(october)
  expect(read.sort).toEqual(DEFAULT_SORT)
  expect(read.grouped).toBe(true)
  expect(read.closed).toEqual([])
  expect([read.vs, read.peers, read.picked]).toEqual(['prev', 'format', []])
})

test('a name has no difference to sort by', () => {
  expect(readStoresView(params('?sort=-name.change'), october).sort).toEqual({
    by: 'name',
    descending: true,
    of: 'now',
  })
})
