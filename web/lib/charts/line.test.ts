import { expect, test } from 'vitest'
import { breaksOf, gapsOf, linePath, lonePlaces, trianglePath } from './line.ts'

const x = (at: number) => at * 10
const y = (value: number) => value

test('no data breaks the line and is never drawn as zero', () => {
  expect(linePath([1, null, 2, 3.14159], x, y)).toBe('M0,1ZM20,2L30,3.1')
  expect(linePath([null, null], x, y)).toBe('')
  expect(linePath([], x, y)).toBe('')
})

test('a value between two gaps is found, since its line has no length', () => {
  expect(lonePlaces([1, null, 2, 3, null, 4, null])).toEqual([0, 5])
  expect(lonePlaces([7])).toEqual([0])
})

test('gaps are runs of places', () => {
  expect(gapsOf([null, 1, null, null, 2, null])).toEqual([
    { from: 0, to: 0 },
    { from: 2, to: 3 },
    { from: 5, to: 5 },
  ])
  expect(gapsOf([1, 2])).toEqual([])
})

test('only what lies outside the limits is news, and on which side', () => {
  const limits = { min: -1, max: 4 }
  expect(breaksOf([5, 4, null, -1, -2], limits)).toEqual([
    { at: 0, side: 'above' },
    { at: 4, side: 'below' },
  ])
  expect(breaksOf([5], undefined)).toEqual([])
})

test('the side is told by the point of the triangle', () => {
  expect(trianglePath('above', 10, 20, 5)).toMatch(/^M10\.0 15\.0L/)
  expect(trianglePath('below', 10, 20, 5)).toMatch(/^M10\.0 25\.0L/)
})
