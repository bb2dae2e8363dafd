import { expect, test } from 'vitest'
import { chosenOf } from './choice.ts'
import { slopeEnds, slopeHeight } from './slope.ts'

const y = (value: number) => 100 - value
const line = (id: string, from: number | null, to: number | null) => ({ id, name: id, from, to })

test('ends stand at their values, labels keep a row between each other', () => {
  const ends = slopeEnds([line('a', 50, 80), line('b', 49, 20)], y, 19, 0, 200)
  expect(ends[0]?.from?.y).toBe(50)
  expect(ends[1]?.from?.y).toBe(51)
  expect((ends[1]?.from?.labelY ?? 0) - (ends[0]?.from?.labelY ?? 0)).toBeCloseTo(19)
  expect(ends[0]?.to).toEqual({ y: 20, labelY: 20 })
})

test('where there is no value there is no end, and no label takes its room', () => {
  const ends = slopeEnds([line('a', null, 80), line('b', 50, null)], y, 19, 0, 200)
  expect(ends[0]?.from).toBeUndefined()
  expect(ends[1]?.to).toBeUndefined()
  expect(ends[1]?.from).toEqual({ y: 50, labelY: 50 })
})

test('the height has room for every label', () => {
  expect(slopeHeight(24, 19)).toBeGreaterThanOrEqual(24 * 19)
  expect(slopeHeight(1, 19)).toBe(200)
})

test('of more than 24 only both ends are drawn, and how many are not is known', () => {
  const many = Array.from({ length: 40 }, (_, at) => at)
  expect(chosenOf(many.slice(0, 24))).toEqual({ shown: many.slice(0, 24), hidden: 0 })
  const { shown, hidden } = chosenOf(many)
  expect(shown).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 32, 33, 34, 35, 36, 37, 38, 39])
  expect(hidden).toBe(24)
})
