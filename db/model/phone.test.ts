// What is at stake: one person entered twice because a number was written in two ways. It is not a
// table of every number plan: the server checks imported numbers with one.
import { expect, test } from 'vitest'
import { digitsOf, normalisePhone } from './phone.ts'

test.each([
  '13812345678',
  '138 1234 5678',
  '138-1234-5678',
  '+8613812345678',
  '+86 138 1234 5678',
  '(+86) 13812345678',
  '0086 13812345678',
  '8613812345678',
  '１３８１２３４５６７８',
  '＋８６１３８１２３４５６７８',
  '\u3000138\u30001234 5678 ',
  '手机 13812345678',
])('%j is one mobile in China', (text) => {
  expect(normalisePhone(text, 'CN')).toEqual({ e164: '+8613812345678', digits: '8613812345678' })
})

test.each([
  '(415) 555-2671',
  '415.555.2671',
  '1-415-555-2671',
  '+1 415 555 2671',
  '001 415 555 2671',
  '４１５５５５２６７１',
])('%j is one number in the United States', (text) => {
  expect(normalisePhone(text, 'US')?.e164).toBe('+14155552671')
})

test.each([
  ['010-62345678', 'CN', '+861062345678'],
  ['0571 8765 4321', 'CN', '+8657187654321'],
  ['+852 6123 4567', 'CN', '+85261234567'],
  ['6123 4567', 'HK', '+85261234567'],
  ['07911 123456', 'GB', '+447911123456'],
  ['090-1234-5678', 'JP', '+819012345678'],
  ['55 1234 5678', 'MX', '+525512345678'],
  ['+86 138 1234 5678', 'US', '+8613812345678'],
])('%j in %s is %s', (text, country, e164) => {
  expect(normalisePhone(text, country)?.e164).toBe(e164)
})

test.each([
  ['62345678', 'CN', '62345678'], // A local number without its area.
  ['5552671', 'US', '5552671'],
  ['13812345678', 'FR', '13812345678'],
])('%j in %s stays bare digits, since no country can be told', (text, country, digits) => {
  expect(normalisePhone(text, country)).toEqual({ e164: digits, digits })
})

test.each(['', 'n/a', '123', '+', '0000', '12345678901234567', '无'])('%j is no number', (text) => {
  expect(normalisePhone(text, 'CN')).toBeNull()
})

test('a normalised number is normal already', () => {
  for (const [text, country] of [
    ['138 1234 5678', 'CN'],
    ['(415) 555-2671', 'US'],
    ['010-62345678', 'CN'],
  ] as const) {
    const once = normalisePhone(text, country)
    expect(normalisePhone(once?.e164 ?? '', country)).toEqual(once)
  }
})

test('digits are taken out of anything', () => {
  expect(digitsOf('ext. (０１２) 3-4a5')).toBe('012345')
  expect(digitsOf('')).toBe('')
})
