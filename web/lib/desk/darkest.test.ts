import { expect, test } from 'vitest'
import { darkestOf } from './darkest.ts'

test('the darkest of several is the one heard of least lately; silence from the start is none', () => {
  const [a, b, never] = [{ as_of: 7 }, { as_of: 3 }, { as_of: null }]
  expect(darkestOf([a, never, b])).toBe(b)
  expect(darkestOf([never, a])).toBe(a)
  expect(darkestOf([never])).toBeNull()
  expect(darkestOf([])).toBeNull()
})
