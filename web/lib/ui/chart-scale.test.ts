import { expect, test } from 'vitest'
import { domainOf, labelPlaces, linePath, scaleLinear, ticksOf } from './chart-scale.ts'

test('the domain leaves gaps out and is never a single point', () => {
  expect(domainOf([3, null, 7])).toEqual({ min: 3, max: 7 })
  expect(domainOf([4, 4])).toEqual({ min: 3.5, max: 4.5 })
  expect(domainOf([null])).toEqual({ min: 0, max: 1 })
})

test('ticks are round and lie inside the domain', () => {
  expect(ticksOf({ min: 0, max: 100 }, 4)).toEqual([0, 50, 100])
  expect(ticksOf({ min: 0.12, max: 0.48 }, 4)).toEqual([0.2, 0.3, 0.4])
  expect(ticksOf({ min: 1180, max: 1420 }, 3)).toEqual([1200, 1300, 1400])
})

test('a scale runs both ways', () => {
  const y = scaleLinear({ min: 0, max: 10 }, 100, 0)
  expect([y(0), y(5), y(10)]).toEqual([100, 50, 0])
})

test('a gap breaks the line', () => {
  const path = linePath(
    [1, null, 2, 3],
    (at) => at * 10,
    (value) => value,
  )
  expect(path).toBe('M0.0 1.0M20.0 2.0L30.0 3.0')
})

test('the last place always has its label', () => {
  expect(labelPlaces(18, 6)).toEqual([2, 5, 8, 11, 14, 17])
  expect(labelPlaces(3, 6)).toEqual([0, 1, 2])
  expect(labelPlaces(0, 6)).toEqual([])
})
