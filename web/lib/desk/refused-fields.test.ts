// Whoever decides about a refused record reads what it meant to write: in words where there are
// any, and never less than what the tablet wrote.
import { expect, test } from 'vitest'
import { type FieldWords, fieldsOf } from './refused-fields.ts'
import { messagesIn } from './words.ts'

const english = messagesIn('en')
const words: FieldWords = {
  say: english.refused,
  purposes: english.common.purposes,
  money: (minor) => `¥${(minor / 100).toFixed(2)}`,
  tagName: (id) => (id === 'tag-1' ? 'Green tea' : null),
}

test('each field shows what stands there beside what was meant, and ids stay out of sight', () => {
  const after = {
    phone: '+8613800138000',
    home_store_id: 'x',
    attributes: { size: 'M', shoe: '42' },
    note: null,
  }
  expect(fieldsOf({ after, before: { phone: '+8613900139000', note: '旧' } }, words)).toEqual([
    { field: 'phone', name: 'Phone', before: '+8613900139000', after: '+8613800138000' },
    { field: 'attributes', name: 'Other details', before: '', after: 'size: M\nshoe: 42' },
    { field: 'note', name: 'Note', before: '旧', after: '' },
  ])
  expect(fieldsOf({ after: {}, before: null }, words)).toEqual([])
})

const told = (after: Record<string, unknown>) =>
  fieldsOf({ after, before: null }, words).map((row) => [row.name, row.after])

test('visits, tags and wishes are told in the words of the counter', () => {
  expect(
    told({ customer_id: 'c', count: 1, purpose: 'booking', spend_minor: 12_50, items: 2 }),
  ).toEqual([
    ['Purpose', english.common.purposes.booking],
    ['Spend', '¥12.50'],
    ['Items', '2'],
  ])
  expect(told({ customer_id: null, count: 3 })).toEqual([['People', '3']])
  expect(told({ tag_id: 'tag-1', source: 'staff', observed: ['dot'] })).toEqual([
    ['Tag', 'Green tea'],
    ['Source', 'staff'],
  ])
  expect(told({ purpose: 'marketing', channel: 'wechat', state: 'withdrawn' })).toEqual([
    ['Purpose', 'Offers and news'],
    ['Channel', 'WeChat'],
    ['Wish', 'Withdrawn'],
  ])
})

test('what this version has no word for is shown as it was written', () => {
  expect(told({ points: 30, purpose: 'repair', tag_id: 'tag-9' })).toEqual([
    ['points', '30'],
    ['Purpose', 'repair'],
    ['Tag', 'tag-9'],
  ])
})
