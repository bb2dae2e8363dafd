import { expect, test } from 'vitest'
import { metricsOf, NO_SUMS } from '#model/metrics.ts'
import { rankRanges } from './compare-ranks.ts'
import { testPlace } from './test-place.ts'

// A rank that chance made is read as a judgement on people. Where stores cannot be told apart, the
// rank is a range, and whoever cannot be ranked fairly has none.

const store = (scope: string, part: Partial<typeof NO_SUMS>, more = {}) =>
  testPlace(scope, { now: metricsOf({ ...NO_SUMS, ...part }), ...more })
const ranked = (rows: ReturnType<typeof store>[], metric: 'visits' | 'tag_coverage') =>
  [...rankRanges(rows, metric)].map(([scope, { best, worst }]) => [scope, best, worst])

test('counts are ranked as they are, equal ones share their ranks', () => {
  const rows = [30, 50, 30, 10].map((identified, at) => store(`s${at}`, { identified }))
  expect(ranked(rows, 'visits')).toEqual([
    ['s0', 2, 3],
    ['s1', 1, 1],
    ['s2', 2, 3],
    ['s3', 4, 4],
  ])
})

test('rates whose intervals overlap cannot be told apart', () => {
  const rows = [
    store('large-high', { active: 10_000, tagged: 8_000 }),
    store('large-low', { active: 10_000, tagged: 5_000 }),
    store('small', { active: 20, tagged: 13 }), // 65 %, but anything from 43 % to 82 %.
  ]
  expect(ranked(rows, 'tag_coverage')).toEqual([
    ['large-high', 1, 2],
    ['large-low', 2, 3],
    ['small', 1, 3],
  ])
})

test('stale, thin and missing figures have no rank, and sums have none either', () => {
  const rows = [
    store('stale', { active: 100, tagged: 90 }, { stale: true }),
    store('thin', { active: 9, tagged: 9 }),
    store('empty', {}),
    store('region', { active: 100, tagged: 90 }, { level: 'region' }),
    store('fine', { active: 100, tagged: 10 }),
  ]
  expect(ranked(rows, 'tag_coverage')).toEqual([['fine', 1, 1]])
})
