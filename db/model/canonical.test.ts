// What is at stake: the hash of an op must be the same on the tablet that sealed it and on the
// server that read it back from either engine.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from './canonical.ts'

test('the text of a value does not depend on the order of its keys', () => {
  expect(canonicalJson({ b: 1, a: { d: [2, 1], c: 'x' } })).toBe('{"a":{"c":"x","d":[2,1]},"b":1}')
  expect(canonicalJson({ a: { c: 'x', d: [2, 1] }, b: 1 })).toBe('{"a":{"c":"x","d":[2,1]},"b":1}')
})

test('absent and undefined are one, null is a value', () => {
  expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}')
  expect(canonicalJson(undefined)).toBe('null')
  expect(canonicalJson([undefined, 1])).toBe('[null,1]')
})

test('any JSON survives a round trip, and reading it back gives the same text', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = canonicalJson(value)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(canonicalJson(JSON.parse(text))).toBe(text)
    }),
    { numRuns: 500 },
  )
})

test('keys are sorted by code units, so 10 stands before 9 and capitals before small letters', () => {
  expect(canonicalJson({ 9: 0, 10: 0, b: 0, B: 0 })).toBe('{"10":0,"9":0,"B":0,"b":0}')
})

test('a key named like a prototype is a key', () => {
  expect(canonicalJson(JSON.parse('{"__proto__":1,"a":2}'))).toBe('{"__proto__":1,"a":2}')
})
