import { expect, test } from 'vitest'
import { nextMark } from './marks.ts'

const go = (key: string, at: number) => nextMark(key, at, 12, 4)

test('in rows of marks, arrows go along and across, and stop at the edges', () => {
  expect(['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp'].map((key) => go(key, 5))).toEqual([
    6, 4, 9, 1,
  ])
  expect(go('ArrowUp', 2)).toBe(2)
  expect(go('ArrowDown', 9)).toBe(9)
  expect(go('ArrowLeft', 0)).toBe(0)
  expect(go('ArrowRight', 11)).toBe(11)
})

test('Home and End are those of the row, or of the whole when there is one', () => {
  expect([go('Home', 6), go('End', 6)]).toEqual([4, 7])
  expect([nextMark('Home', 6, 10, 1), nextMark('End', 6, 10, 1)]).toEqual([0, 9])
  expect(nextMark('End', 9, 10, 4)).toBe(9)
})

test('in a single line all arrows go along it', () => {
  expect(nextMark('ArrowDown', 3, 10, 1)).toBe(4)
  expect(nextMark('ArrowUp', 3, 10, 1)).toBe(2)
})

test('other keys are left to the page, and nothing leads nowhere', () => {
  expect(go('Enter', 3)).toBeUndefined()
  expect(go('a', 3)).toBeUndefined()
  expect(nextMark('ArrowRight', 0, 0, 1)).toBeUndefined()
})
