// What is at stake: bodies made to hurt. The check runs on values fresh from JSON.parse, before
// any schema, so nothing may make it throw, recurse or reach a prototype.
import { expect, test } from 'vitest'
import { JSON_MAX_DEPTH, JSON_MAX_KEYS, jsonFault, STRING_MAX_CHARS } from './limits.ts'

function nested(depth: number, open: string, close: string): unknown {
  return JSON.parse(`${open.repeat(depth)}1${close.repeat(depth)}`)
}

test.each([
  ['lists', '[', ']'],
  ['objects', '{"a":', '}'],
])('%s may be nested to the limit and no deeper', (_name, open, close) => {
  expect(jsonFault(nested(JSON_MAX_DEPTH, open, close))).toBeNull()
  expect(jsonFault(nested(JSON_MAX_DEPTH + 1, open, close))).toBe('depth')
})

test('a depth of ten thousand is refused without exhausting the stack', () => {
  expect(jsonFault(nested(10_000, '[', ']'))).toBe('depth')
  expect(jsonFault(nested(10_000, '{"a":', '}'))).toBe('depth')
})

test.each(['__proto__', 'constructor', 'prototype'])(
  'the key %s is refused at any depth',
  (key) => {
    expect(jsonFault(JSON.parse(`{"${key}": {"role": "admin"}}`))).toBe('key-name')
    expect(jsonFault(JSON.parse(`{"a": [{"b": {"${key}": 1}}]}`))).toBe('key-name')
    expect(jsonFault(JSON.parse(`["${key}"]`))).toBeNull() // A name like that is only text.
  },
)

test('a prototype is never reached by what was parsed', () => {
  jsonFault(JSON.parse('{"__proto__": {"polluted": true}}'))
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
})

test('an object has at most 200 keys, a list may be longer', () => {
  const keys = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]))
  expect(jsonFault(keys(JSON_MAX_KEYS))).toBeNull()
  expect(jsonFault(keys(JSON_MAX_KEYS + 1))).toBe('keys')
  expect(jsonFault([[keys(JSON_MAX_KEYS + 1)]])).toBe('keys')
  expect(jsonFault(Array.from({ length: 5000 }, () => 0))).toBeNull()
})

test('a string has at most 4096 characters wherever it stands', () => {
  expect(jsonFault('x'.repeat(STRING_MAX_CHARS))).toBeNull()
  expect(jsonFault('x'.repeat(STRING_MAX_CHARS + 1))).toBe('string')
  expect(jsonFault({ a: [{ note: 'x'.repeat(STRING_MAX_CHARS + 1) }] })).toBe('string')
})

test.each([null, true, 0, -1.5, '', 'text', [], {}, { a: null }])('%j is fine', (value) => {
  expect(jsonFault(value)).toBeNull()
})
