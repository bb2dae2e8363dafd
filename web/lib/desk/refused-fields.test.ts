// Whoever decides about a refused record reads what it meant to write: in words where there are
// any, and never less than what the tablet wrote.
import { expect, test } from 'vitest'
import { fieldsOf } from './refused-fields.ts'
import { messagesIn } from './words.ts'

const english = messagesIn('en')
const visit = { kind: 'visit', customer_id: 'c', currency: 'CNY', tag: null, before: null }

type Told = Parameters<typeof fieldsOf>[0]
const told = (after: Record<string, unknown>, of: Partial<Told> = {}) =>
  fieldsOf({ ...visit, ...of, after }, english, 'en').map((row) => [row.name, row.after])

test('each field shows what stands there beside what was meant, and ids stay out of sight', () => {
  const after = {
    phone: '+8613800138000',
    home_store_id: 'x',
    attributes: { size: 'M', shoe: 42 },
    note: null,
  }
  const before = { phone: '+8613900139000', note: '旧' }
  expect(fieldsOf({ ...visit, kind: 'customer', after, before }, english, 'en')).toEqual([
    { field: 'phone', name: 'Phone', before: '+8613900139000', after: '+8613800138000' },
    { field: 'attributes', name: 'Other details', before: '', after: 'size: M\nshoe: 42' },
    { field: 'note', name: 'Note', before: '旧', after: '' },
  ])
  expect(told({})).toEqual([])
})

test('visits, tags and wishes are told in the words of the counter', () => {
  expect(told({ count: 1, purpose: 'service', spend_minor: 12_50, items: 2 })).toEqual([
    ['Purpose', english.common.purposes.service],
    ['Spend', '¥12.50'],
    ['Items', '2'],
  ])
  expect(told({ spend_minor: 1250 }, { currency: 'JPY' })).toEqual([['Spend', '¥1,250']])
  expect(told({ count: 1 }, { customer_id: null })).toEqual([['People', '1']])
  const tag = { label: '绿茶', label_en: 'Green tea' }
  expect(
    told({ tag_id: 't', source: 'staff', observed: ['dot'] }, { kind: 'tagging', tag }),
  ).toEqual([
    ['Tag', 'Green tea'],
    ['Source', 'staff'],
  ])
  const wish = { purpose: 'service', channel: 'wechat', state: 'withdrawn' }
  expect(told(wish, { kind: 'consent' })).toEqual([
    ['Purpose', 'Service contact'],
    ['Channel', 'WeChat'],
    ['Wish', 'Withdrawn'],
  ])
})

test('what this version has no word for is shown as it was written', () => {
  expect(told({ points: 30, purpose: 'repair', tag_id: 'tag-9', size: { eu: [42] } })).toEqual([
    ['points', '30'],
    ['Purpose', 'repair'],
    ['Tag', 'tag-9'],
    ['size', 'eu: [42]'],
  ])
  expect(told({ state: 'refused' }, { kind: 'staff' })).toEqual([['state', 'refused']])
})
