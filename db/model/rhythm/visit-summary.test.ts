// What is at stake: x, t_x and T off by one day or one visit change every estimate made from them.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { summariseVisits, visitDaysUntil } from './visit-summary.ts'

const day = fc.integer({ min: 20_000, max: 20_400 })

test('repeat visits count days after the first, each once', () => {
  expect(summariseVisits([100, 107, 100, 130, 107], 150)).toEqual({ x: 2, t_x: 30, T: 50 })
  expect(summariseVisits([100, 100], 100)).toEqual({ x: 0, t_x: 0, T: 0 })
})

test('the day of looking is known, later days are not', () => {
  expect(summariseVisits([100, 150, 151], 150)).toEqual({ x: 1, t_x: 50, T: 50 })
  expect(summariseVisits([151], 150)).toBeNull()
  expect(summariseVisits([], 150)).toBeNull()
})

test('order of arrival and repetition change nothing', () => {
  fc.assert(
    fc.property(fc.array(day), day, (days, today) => {
      const shuffled = [...days, ...days].reverse()
      expect(summariseVisits(shuffled, today)).toEqual(summariseVisits(days, today))
    }),
  )
})

test('a summary is one that can be: t_x within T, and 0 without a repeat', () => {
  fc.assert(
    fc.property(fc.array(day, { minLength: 1 }), day, (days, today) => {
      const summary = summariseVisits(days, today)
      const known = visitDaysUntil(days, today)
      if (!summary) {
        expect(known).toEqual([])
        return
      }
      expect(summary.x).toBe(known.length - 1)
      expect(summary.t_x).toBeLessThanOrEqual(summary.T)
      expect(summary.t_x === 0).toBe(summary.x === 0)
    }),
  )
})
