import { expect, test } from 'vitest'
import { readKeyboardKey, typeKey } from './keypad-keys.ts'

test('digits, backspace, delete and escape of a keyboard are keys of the pad', () => {
  expect(['7', 'Backspace', 'Delete', 'Escape'].map(readKeyboardKey)).toEqual([
    '7',
    'backspace',
    'clear',
    'clear',
  ])
})

test('letters, function keys and Enter are left to the page', () => {
  expect(['a', 'F5', 'Enter', '१'].map(readKeyboardKey)).toEqual(Array(4).fill(undefined))
})

test('typing stops at the limit, and backspace and clear take away', () => {
  expect(typeKey('12', '3', 3)).toBe('123')
  expect(typeKey('123', '4', 3)).toBe('123')
  expect(typeKey('123', 'backspace', 3)).toBe('12')
  expect(typeKey('', 'backspace', 3)).toBe('')
  expect(typeKey('123', 'clear', 3)).toBe('')
})
