import { expect, test } from 'vitest'
import { whenWords } from './when.ts'

const now = Date.UTC(2026, 10, 21, 6, 0)
const hourMs = 3_600_000
const words = (at: number) => whenWords(at, now, 'Asia/Shanghai', 'en')

test('an instant of today is a time, an older one carries its day, an old one its year', () => {
  expect(words(now - 2 * hourMs)).toBe('12:00')
  expect(words(now - 20 * hourMs)).toBe('yesterday 18:00')
  expect(words(now - 44 * hourMs)).toBe('19 Nov 18:00')
  expect(words(now - 400 * 24 * hourMs)).toBe('17 October 2025')
})
