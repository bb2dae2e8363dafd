import { expect, test } from 'vitest'
import { fitText, widthOf } from './fit-text.ts'

test('a text that fits is left alone', () => {
  expect(fitText('五角场店', 60, 13)).toBe('五角场店')
})

test('a longer one is cut, and never wider than its room', () => {
  for (const room of [40, 60, 90]) {
    const cut = fitText('Nanjing Road East Flagship 南京东路店', room, 13)
    expect(cut.endsWith('…')).toBe(true)
    expect(widthOf(cut, 13)).toBeLessThanOrEqual(room)
  }
})

test('no space stands before the ellipsis, and a sign is never cut in two', () => {
  expect(fitText('ab cdefgh', 40, 13)).toBe('ab c…')
  expect(fitText('𠮷𠮷𠮷𠮷', 30, 13)).toBe('𠮷…')
  expect(fitText('长名字', 1, 13)).toBe('长…')
})
