// What is at stake: the customer at the counter stands first in the list. Rank is tested by what a
// clerk would type; speed is the bench's matter.
import { expect, test } from 'vitest'
import { must } from './assert.ts'
import { parseQuery, scoreMatch, searchText } from './search-text.ts'

type Entry = Parameters<typeof searchText>[0]

const ZHANG: Entry = {
  id: '1',
  home_store_id: 's',
  name: '张伟',
  pinyin: 'zhangwei',
  initials: 'zw',
  phone: '+8613812345678',
  phone_alt: '+861062349876',
  card: 'VIP-0042',
}
const ANNA: Entry = {
  ...ZHANG,
  id: '2',
  name: 'Anna-Lee O’Brien',
  pinyin: '',
  initials: 'alob',
  phone: '+14155552671',
  phone_alt: null,
  card: '6225-1381-0000',
}

function score(input: string, entry = ZHANG): number {
  return scoreMatch(searchText(entry), must(parseQuery(input), `the query ${input}`))
}

test.each([
  ['张伟', 6],
  ['zhangwei', 6],
  ['zw', 6],
  ['+86 138 1234 5678', 6],
  ['vip-0042', 6],
  ['5678', 5],
  ['13812345678', 5],
  ['0042', 5],
  ['86138', 4],
  ['张', 3],
  ['zhang', 3],
  ['vip', 3],
  ['伟', 1],
  ['wei', 1],
  ['1234', 1],
])('%j finds Zhang Wei with %i points', (input, points) => {
  expect(score(input)).toBe(points)
})

test('a whole field beats its end, its beginning, and its middle', () => {
  const [whole, tail, head, middle] = [
    { ...ZHANG, phone: '5678' },
    { ...ZHANG, phone: '13805678' },
    { ...ZHANG, phone: '56780000' },
    { ...ZHANG, phone: '13567800' },
  ].map((entry) => score('5678', { ...entry, phone_alt: '', card: '' }))
  expect([whole, tail, head, middle]).toEqual([6, 5, 4, 1])
})

test('three digits in the middle of a number find nobody: they would find a tenth of all', () => {
  expect(score('123')).toBe(0)
  expect(score('678')).toBe(5)
})

test.each(['李', 'zhao', '9999', 'xw'])('%j does not find Zhang Wei', (input) => {
  expect(score(input)).toBe(0)
})

test('capitals, spaces and full-width letters do not matter', () => {
  expect(score('ANNA lee', ANNA)).toBe(0) // A hyphen is a letter of the name.
  expect(score('anna-LEE o’brien', ANNA)).toBe(6)
  expect(score('ｖｉｐ－００４２')).toBe(6)
  expect(score(' 张 伟 ')).toBe(6)
})

test('a card printed in groups is found with and without its dashes', () => {
  expect(score('6225-1381-0000', ANNA)).toBe(6)
  expect(score('622513810000', ANNA)).toBe(6)
  expect(score('6225-13', ANNA)).toBe(4)
})

test('a match never reaches across two fields', () => {
  expect(score('weizw')).toBe(0)
  expect(score('5678861')).toBe(0)
})

test('two digits or one letter are worth a search, less is not', () => {
  expect(parseQuery('')).toBeNull()
  expect(parseQuery('  ')).toBeNull()
  expect(parseQuery('7')).toBeNull()
  expect(parseQuery('-')).toBeNull()
  expect(parseQuery('+8')).toBeNull()
  expect(parseQuery('78')).toEqual({ text: '78', digitsOnly: true })
  expect(parseQuery('张')).toEqual({ text: '张', digitsOnly: false })
  expect(parseQuery('１３８－１２')).toEqual({ text: '13812', digitsOnly: true })
})
