import { expect, test } from 'vitest'
import { metricsOf, NO_SUMS } from '#model/metrics.ts'
import { changeOf, direction, formatDifference, formatFigure, shareInterval } from './figures.ts'

const values = (part: Partial<typeof NO_SUMS>) => metricsOf({ ...NO_SUMS, ...part })

test('each figure is shown in its own unit', () => {
  expect(formatFigure('visits', 12480, 'CNY', 'zh')).toBe('12,480')
  expect(formatFigure('tag_coverage', 0.4321, 'CNY', 'en')).toBe('43.2%')
  expect(formatFigure('spend_per_visit', 12345.6, 'CNY', 'en')).toBe('¥123.46')
})

test('a difference carries its sign, in percentage points for shares', () => {
  expect(formatDifference('visits', -54, 'CNY', 'en')).toBe('−54')
  expect(formatDifference('identified_rate', 0.0123, 'CNY', 'en')).toBe('+1.2')
  expect(formatDifference('spend_per_visit', -350, 'CNY', 'en')).toBe('−3.50')
  expect(formatDifference('spend_per_visit', 120, 'JPY', 'en')).toBe('+120')
  expect(formatDifference('spend_per_visit', 0.2, 'CNY', 'en')).toBe('0.00')
})

test('a difference that is shown as nothing has no direction', () => {
  expect(direction('identified_rate', 0.0004)).toBe(0)
  expect(direction('identified_rate', -0.0006)).toBe(-1)
  expect(direction('spend_per_visit', 0.4)).toBe(0)
  expect(direction('visits', 1)).toBe(1)
})

test('there is no difference to a period without data', () => {
  const now = values({ spend: 500, sales: 5 })
  expect(changeOf('spend_per_visit', now, values({}))).toBeNull()
  expect(changeOf('visits', now, values({ identified: 3 }))).toBe(-3)
})

test('the interval of a share is that of Wilson and stays between none and all', () => {
  // 4 of 10: 0.1682 to 0.6873 (Newcombe 1998, method 3).
  const [low, high] = shareInterval(0.4, 10)
  expect(low).toBeCloseTo(0.1682, 4)
  expect(high).toBeCloseTo(0.6873, 4)
  expect(shareInterval(0, 5)[0]).toBe(0)
  expect(shareInterval(1, 5)[1]).toBe(1)
})
