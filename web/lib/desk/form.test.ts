import { expect, test } from 'vitest'
import { Store } from '#model/store.ts'
import { TagGroup } from '#model/tag.ts'
import { messagesIn } from './words.ts'
import { emptied, faultsOf, given, inOrder, moved, present } from './form.ts'

const say = messagesIn('zh').admin.faults

test('what is wrong is said at its own field, by the rules of the record', () => {
  expect(faultsOf(TagGroup, { label: '肤质' }, say)).toEqual({})
  expect(faultsOf(TagGroup, {}, say)).toEqual({ label: say.empty })
  expect(faultsOf(TagGroup, { label: 'x'.repeat(31) }, say)).toEqual({ label: say['too-long'] })
  const store = { name: '人民路', region_id: null, zone: 'Mars/Base', currency: 'yuan' }
  expect(faultsOf(Store, store, say)).toEqual({
    zone: say.zone,
    currency: say.currency,
    country: say.empty,
  })
})

test('a text is kept trimmed and composed, and an empty one is no value', () => {
  expect(given('  Cafe\u0301 ')).toBe('Café')
  expect(given('   ')).toBeUndefined()
  expect(present({ a: 'x', b: undefined, c: null })).toEqual({ a: 'x', c: null })
})

test('a field that was filled and is now empty is named, a new one is not', () => {
  expect(emptied({ code: 'A1', city: null }, { code: undefined, city: undefined })).toEqual([
    'code',
  ])
  expect(emptied(null, { code: undefined })).toEqual([])
})

test('moving a row writes only the places that change', () => {
  const rows = [
    { id: 'a', order: 0 },
    { id: 'b', order: 1 },
    { id: 'c', order: 2 },
  ]
  expect(moved(rows, 'c', -1)).toEqual([
    { id: 'c', order: 1 },
    { id: 'b', order: 2 },
  ])
  expect(moved(rows, 'a', -1)).toEqual([])
})

test('rows that never had a place get one when the first of them moves', () => {
  const rows = [{ id: 'a' }, { id: 'b', order: 0 }]
  expect(moved(rows, 'a', 1)).toEqual([{ id: 'a', order: 1 }])
  const named = (id: string) => ({ name: id })
  expect(inOrder(['z', 'b'], named)).toEqual(['b', 'z'])
})
