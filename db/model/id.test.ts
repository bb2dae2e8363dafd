// What is at stake: an importer run twice must find its own records again, by ids that it derives.
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { bookId, CHAIN, id, uuidFromBytes } from './id.ts'

test('sixteen bytes make a valid id of version 8, always the same', () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, index) => index * 7)
  expect(uuidFromBytes(bytes)).toBe('00070e15-1c23-8a31-b83f-464d545b6269')
  for (const fill of [0, 255]) {
    const text = uuidFromBytes(new Uint8Array(16).fill(fill))
    expect(v.is(id, text)).toBe(true)
    expect(text).toMatch(/^.{14}8.{4}[89ab]/)
  }
})

test('other bytes make another id', () => {
  const ids = Array.from({ length: 256 }, (_, last) => {
    const bytes = new Uint8Array(16)
    bytes[15] = last
    return uuidFromBytes(bytes)
  })
  expect(new Set(ids).size).toBe(256)
})

test('an id is lower-case UUID text; a book may also be the chain’s', () => {
  const good = '00000000-0000-7000-8000-000000000001'
  expect(v.is(id, good)).toBe(true)
  for (const bad of ['', CHAIN, good.toUpperCase().replace('7', 'A'), `${good}\n`, `{${good}}`])
    expect(v.is(id, bad), bad).toBe(false)
  expect([v.is(bookId, good), v.is(bookId, CHAIN), v.is(bookId, 'store')]).toEqual([
    true,
    true,
    false,
  ])
})
