import { expect, test } from 'vitest'
import { factsOf, NO_STORE_SUMS, retainedFact } from './facts.ts'

const week = (x: number, n: number) => ({ x, n })

test('who was active and was not lost came again; moves change whose customers they are', () => {
  const kept = { opening: 100, arrived: 5, departed: 3, lost: 30 }
  expect(retainedFact(kept)).toEqual({ x: 72, n: 102 })
  // With nobody active at the start there is nobody to keep, whoever moved in since.
  expect(retainedFact({ opening: 0, arrived: 4, departed: 0, lost: 0 })).toBeNull()
  expect(retainedFact({ opening: 2, arrived: 0, departed: 2, lost: 1 })).toBeNull()
})

test('a store without sums has no facts, rather than noughts', () => {
  expect(factsOf(NO_STORE_SUMS)).toEqual({})
})

test('an identified rate needs a tally, and a tally alone is a rate of nought', () => {
  const facts = (identified_tallied: number, anonymous: number) =>
    factsOf({ ...NO_STORE_SUMS, identified_tallied, anonymous }).identified_rate
  expect(facts(40, 0)).toBeUndefined()
  expect(facts(40, 10)).toEqual({ x: 40, n: 50 })
  expect(facts(0, 10)).toEqual({ x: 0, n: 10 })
})

test('spend per visit grows from the mean of one period to that of the next', () => {
  const spend = [week(2_400, 20), week(1_300, 10), week(1_100, 10), week(3_600, 30)]
  const spend_before = [week(1_000, 10), week(1_900, 20), week(1_100, 10), week(1_000, 10)]
  const { spend_growth } = factsOf({ ...NO_STORE_SUMS, spend, spend_before })
  expect(spend_growth).toMatchObject({ n: 70, value: 120 / 100 - 1 })
  // By hand: squares of the weeks from the means 120 and 100, 4 / 3 of their sum, over n.
  const now = Math.sqrt(((100 ** 2 + 100 ** 2) * 4) / 3) / 70
  const before = Math.sqrt(((100 ** 2 + 100 ** 2) * 4) / 3) / 50
  const error = Math.hypot(now, 1.2 * before) / 100
  expect(spend_growth && 'error' in spend_growth ? spend_growth.error : NaN).toBeCloseTo(error, 12)
})

test('a growth needs four weeks on either side', () => {
  const four = [week(1_000, 10), week(1_900, 20), week(1_100, 10), week(1_000, 10)]
  const facts = factsOf({ ...NO_STORE_SUMS, spend: four, spend_before: four.slice(1) })
  expect(facts.spend_growth).toBeUndefined()
})
