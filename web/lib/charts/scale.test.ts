import { expect, test } from 'vitest'
import { linearAxis, logAxis, spanOf, stepOf } from './scale.ts'

test('the span leaves gaps and what is no number out, and opens a little', () => {
  expect(spanOf([3, null, 7, Number.NaN, Infinity], 0.1)).toEqual({ min: 2.6, max: 7.4 })
  expect(spanOf([-40, 10], 0)).toEqual({ min: -40, max: 10 })
})

test('the span never opens past what values can be, but never cuts a value off', () => {
  const share = { min: 0, max: 1 }
  expect(spanOf([0.01, 0.99], 0.2, share)).toEqual(share)
  expect(spanOf([0.2, 1.2], 0, share)).toEqual({ min: 0.2, max: 1.2 })
})

test('one value, the same values, and none still make a scale', () => {
  expect(spanOf([50, 50])).toEqual({ min: 45, max: 55 })
  expect(spanOf([0])).toEqual({ min: -0.5, max: 0.5 })
  expect(spanOf([1, 1], 0.1, { min: 1, max: 1 })).toEqual({ min: 0.5, max: 1.5 })
  expect(spanOf([null])).toEqual({ min: 0, max: 1 })
  expect(spanOf([], 0.1, { min: -5, max: 5 })).toEqual({ min: -5, max: 5 })
})

test('a straight axis runs both ways and writes round values inside its span', () => {
  const y = linearAxis({ min: 0, max: 10 }, 100, 0, 5)
  expect([y.at(0), y.at(5), y.at(10)]).toEqual([100, 50, 0])
  expect(y.ticks).toEqual([0, 2, 4, 6, 8, 10])
})

test('a logarithmic axis gives every tenfold the same room', () => {
  const x = logAxis({ min: 1, max: 10_000 }, 0, 400, 16)
  expect(x.at(100) - x.at(10)).toBeCloseTo(100)
  expect(x.ticks.slice(0, 5)).toEqual([1, 2, 5, 10, 20])
  expect(logAxis({ min: 1, max: 10_000 }, 0, 400, 5).ticks).toEqual([1, 10, 100, 1000, 10_000])
})

test('a logarithmic axis has ticks within one power, too, and a place for zero', () => {
  const narrow = logAxis({ min: 210, max: 390 }, 0, 300, 4)
  expect(narrow.ticks.length).toBeGreaterThanOrEqual(2)
  expect(narrow.ticks.every((tick) => tick >= 210 && tick <= 390)).toBe(true)
  const touching = logAxis({ min: 0, max: 1000 }, 20, 300, 6)
  expect(touching.at(0)).toBe(20)
  expect(touching.at(1000)).toBeCloseTo(300)
})

test('steps of a colour are even parts of the domain; what lies outside takes the end', () => {
  const domain = { min: 0, max: 0.6 }
  expect([0, 0.09, 0.11, 0.35, 0.6, 0.9, -1].map((value) => stepOf(value, domain, 6))).toEqual([
    1, 1, 2, 4, 6, 6, 1,
  ])
  expect(stepOf(5, { min: 5, max: 5 }, 6)).toBe(1)
})
