import fc from 'fast-check'
import { expect, test } from 'vitest'
import { areTied, countTies, Ranking, rankRanges, ranksOf } from './ranks.ts'

const scores = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 100, noNaN: true })),
  { minLength: 1, maxLength: 60 },
)

test('a rank is one more than the stores with a higher score', () => {
  fc.assert(
    fc.property(scores, (values) => {
      const steps = values.map((value) => Math.round((100 - value) * 1e6))
      const known = steps.map((own) => 1 + steps.filter((other) => other < own).length)
      expect([...ranksOf(Float64Array.from(values))]).toEqual(known)
    }),
  )
})

test('scores that differ by rounding alone share a rank, and a ranking may be used again', () => {
  const ranking = new Ranking(3)
  const ranks = new Int32Array(3)
  ranking.rank(Float64Array.of(0.1 + 0.2, 100, 0.3), ranks)
  expect([...ranks]).toEqual([2, 1, 2])
  ranking.rank(Float64Array.of(0, 50, 70), ranks)
  expect([...ranks]).toEqual([3, 2, 1])
})

test('a range holds the ranks of the middle draws', () => {
  // Store 0 leads in 90 draws of 100 and is last in ten; the others only change places with it.
  const ranges = rankRanges(3, 100, 0.9, (draw, out) => out.set([draw < 90 ? 90 : 10, 50, 40]))
  expect(ranges).toEqual([
    { low: 1, high: 3 },
    { low: 1, high: 2 },
    { low: 2, high: 3 },
  ])
  const sure = rankRanges(2, 100, 0.9, (draw, out) => out.set(draw < 3 ? [1, 2] : [2, 1]))
  expect(sure).toEqual([
    { low: 1, high: 1 },
    { low: 2, high: 2 },
  ])
})

test('ties are counted as comparing every pair would', () => {
  const range = fc
    .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 9 }))
    .map(([low, width]) => ({ low, high: low + width }))
  fc.assert(
    fc.property(fc.array(range, { minLength: 1, maxLength: 40 }), (ranges) => {
      const known = ranges.map(
        (one, place) => ranges.filter((two, other) => other !== place && areTied(one, two)).length,
      )
      expect(countTies(ranges)).toEqual(known)
    }),
  )
})
