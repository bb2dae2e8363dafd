import { expect, test } from 'vitest'
import { parseItems, parseSpend, spendText } from './spend.ts'

test('an amount is read in minor units of its currency', () => {
  expect(parseSpend('128', 'CNY')).toBe(12_800)
  expect(parseSpend('¥1,280.5', 'CNY')).toBe(128_050)
  expect(parseSpend('１２８．５０', 'CNY')).toBe(12_850)
  expect(parseSpend('128', 'JPY')).toBe(128)
  expect(parseSpend('-20', 'CNY')).toBe(-2_000)
})

test('an empty field is no spend, and what is no amount is told apart from it', () => {
  expect(parseSpend(' ', 'CNY')).toBeNull()
  for (const text of ['abc', '1.234', '1.2.3', '--1', '12345678901'])
    expect(parseSpend(text, 'CNY')).toBeUndefined()
  expect(parseSpend('1.5', 'JPY')).toBeUndefined()
})

test('what was saved is shown as it would be typed', () => {
  expect(spendText(12_850, 'CNY')).toBe('128.50')
  expect(spendText(12_800, 'CNY')).toBe('128')
  expect(spendText(null, 'CNY')).toBe('')
  expect(parseSpend(spendText(7, 'CNY'), 'CNY')).toBe(7)
})

test('items are whole numbers', () => {
  expect(parseItems('3')).toBe(3)
  expect(parseItems('')).toBeNull()
  expect(parseItems('3.5')).toBeUndefined()
  expect(parseItems('-1')).toBeUndefined()
})
