// What is at stake: customers who come back late have open gaps today. Leaving them out would tell
// a shop that its customers return sooner than they do.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { medianGapDays, survivalOfGaps } from './kaplan-meier.ts'

const closed = (days: number, count = 1) => ({ days, closed: count, open: 0 })
const open = (days: number, count = 1) => ({ days, closed: 0, open: count })

test('the survival equals the worked example of remission times', () => {
  // Freireich et al. 1963, the treated arm: 21 patients, 9 relapses; the classic example.
  const relapsed = [closed(6, 3), closed(7), closed(10), closed(13), closed(16), closed(22)]
  const censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map((days) => open(days))
  const steps = survivalOfGaps([...censored, ...relapsed, closed(23)])
  expect(steps.map(({ days, at_risk }) => [days, at_risk])).toEqual([
    [6, 21],
    [7, 17],
    [10, 15],
    [13, 12],
    [16, 11],
    [22, 7],
    [23, 6],
  ])
  const survival = [0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448]
  steps.forEach((step, index) => expect(step.survival).toBeCloseTo(survival[index] ?? NaN, 3))
  expect(medianGapDays([...censored, ...relapsed, closed(23)])).toBe(23)
})

test('without open gaps the median is that of the closed ones', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(lengths, (days) => {
      const sorted = [...days].sort((a, b) => a - b)
      const lower = sorted[Math.ceil(sorted.length / 2) - 1]
      expect(medianGapDays(days.map((length) => closed(length)))).toBe(lower)
    }),
  )
})

test('an open gap never shortens the median', () => {
  const rows = fc.array(
    fc.record({
      days: fc.integer({ min: 1, max: 99 }),
      closed: fc.integer({ min: 0, max: 5 }),
      open: fc.integer({ min: 0, max: 5 }),
    }),
  )
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 99 }), (gaps, days) => {
      const before = medianGapDays(gaps) ?? Infinity
      expect(medianGapDays([...gaps, open(days)]) ?? Infinity).toBeGreaterThanOrEqual(before)
      expect(medianGapDays([...gaps].reverse()) ?? Infinity).toBe(before)
    }),
  )
})

test('where most gaps are open there is no median', () => {
  expect(medianGapDays([closed(3), open(40, 5)])).toBeNull()
  expect(medianGapDays([])).toBeNull()
})
