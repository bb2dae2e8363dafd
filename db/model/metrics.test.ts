// What is at stake: a rate with the wrong denominator, or a zero where nothing is known, ranks a
// good store last. The sums behind are tested where they are kept.
import { expect, test } from 'vitest'
import { ADDITIVE, BESIDE_METRICS, METRIC_UNIT, METRICS, metricsOf, NO_SUMS } from './metrics.ts'

test('each figure follows its definition', () => {
  const sums = {
    identified: 90,
    anonymous: 30,
    identified_tallied: 60,
    spend: 450_000,
    sales: 50,
    visitors: 70,
    visitors_first: 25,
    first_seen: 26,
    new: 14,
    returning: 50,
    active: 200,
    tagged: 50,
  }
  expect(metricsOf(sums)).toEqual({
    visits: 120,
    identified_rate: 60 / 90,
    visitors: 70,
    new: 14,
    returning: 50,
    active: 200,
    tag_coverage: 0.25,
    spend_per_visit: 9000,
    returning_here: 45,
    repeat_visits: 64,
    spend_per_identified: 5000,
    tallied: 90,
    sales: 50,
    identified: 90,
  })
})

test('a share of nothing is no data, a count of nothing is zero', () => {
  expect(metricsOf(NO_SUMS)).toEqual({
    visits: 0,
    identified_rate: null,
    visitors: 0,
    new: 0,
    returning: 0,
    active: 0,
    tag_coverage: null,
    spend_per_visit: null,
    returning_here: 0,
    repeat_visits: 0,
    spend_per_identified: null,
    tallied: 0,
    sales: 0,
    identified: 0,
  })
})

test('without a tally the identified rate is unknown, never 100 %', () => {
  expect(metricsOf({ ...NO_SUMS, identified: 50 }).identified_rate).toBeNull()
})

test('a day with only anonymous people has a rate of zero', () => {
  expect(metricsOf({ ...NO_SUMS, anonymous: 50 }).identified_rate).toBe(0)
})

test('visitors are never among the figures that add up over stores', () => {
  expect(ADDITIVE).not.toContain('visitors')
  expect(ADDITIVE.every((metric) => METRIC_UNIT[metric] === 'count')).toBe(true)
  expect(Object.keys(METRIC_UNIT)).toEqual([...METRICS, ...BESIDE_METRICS])
})
