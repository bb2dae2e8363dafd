import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minorDigits, parseMinor } from './money.ts'

test.each([
  ['77.0100', 7701],
  ['0.285', 29],
  ['-0.285', -29],
  ['1,234.50', 123450],
  ['¥ 88', 8800],
  ['８８.５', 8850],
  ['.5', 50],
  ['-0.001', 0],
])('%s is %d in minor units', (text, minor) => {
  expect(parseMinor(text, 2)).toBe(minor)
})

test.each(['', '-', '.', 'n/a', '1.2.3', '1e5', '99999999999999999'])('%j is no amount', (text) => {
  expect(parseMinor(text, 2)).toBeNull()
})

test('a comma may part the decimals', () => {
  expect(parseMinor('1.234,50', 2, ',')).toBe(123450)
})

test('each currency has its own minor unit', () => {
  expect(['CNY', 'USD', 'JPY', 'KWD'].map(minorDigits)).toEqual([2, 2, 0, 3])
})

test('every amount of minor units is read back from its text', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e11, max: 1e11 }), (minor) => {
      const digits = String(Math.abs(minor)).padStart(3, '0')
      const text = `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
      expect(parseMinor(text, 2)).toBe(minor)
    }),
  )
})
