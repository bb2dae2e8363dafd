// The Monday page says three things at most on each side, and nothing that is only noise.
import { expect, test } from 'vitest'
import { digestOf } from './digest.ts'
import { customersToSave, type HomeHistoryRow } from './saves.ts'
import { stableChain, storeId, withBreak } from './test-chain.ts'

const LAST = 66
const chain = (metric: Parameters<typeof stableChain>[0]['metric'], seed: number) =>
  stableChain({ metric, stores: 30, weeks: LAST + 1, seed, size: 500 })

test('what rose is among the improved, what fell among the slipping, strongest first', () => {
  const figures = [
    withBreak(chain('visits', 1), 4, { from: 58, share: 0.7 }),
    withBreak(chain('identified_rate', 2), 4, { from: 60, share: 1.2 }),
    withBreak(chain('lost_rate', 3), 4, { from: 60, share: 1.3 }),
    chain('spend_per_visit', 4),
  ]
  const { improved, slipping } = digestOf(figures, storeId(4), LAST)
  expect(improved[0]).toMatchObject({ metric: 'identified_rate' })
  expect(improved[0]?.strength).toBeGreaterThan(1)
  // More customers lost is worse, though the figure rose.
  expect(
    slipping
      .slice(0, 2)
      .map(({ metric }) => metric)
      .sort(),
  ).toEqual(['lost_rate', 'visits'])
  expect(
    slipping.every(({ strength }, at) => strength >= (slipping[at - 1]?.strength ?? -99)),
  ).toBe(true)
  expect(digestOf(figures, storeId(4), LAST)).toEqual(digestOf(figures, storeId(4), LAST))
})

test('the practice to copy is the strongest good outlier of the peers, never the store itself', () => {
  const good = withBreak(chain('identified_rate', 2), 9, { from: 48, share: 1.5 })
  const { practice } = digestOf([good], storeId(4), LAST)
  expect(practice).toMatchObject({
    ...{ store_id: storeId(9), metric: 'identified_rate', test: 'funnel-99.9' },
  })
  expect(practice?.value).toBeGreaterThan(practice?.limit ?? 1)
  expect(practice?.own).toBeLessThan(practice?.value ?? 0)
  expect(digestOf([good], storeId(9), LAST).practice?.store_id).not.toBe(storeId(9))
  const poor = withBreak(chain('identified_rate', 2), 9, { from: 48, share: 0.6 })
  expect(digestOf([poor], storeId(4), LAST).practice?.store_id).not.toBe(storeId(9))
})

test('a store that has just opened is no example, however fast it grows', () => {
  const figures = chain('visits', 1)
  const grown = withBreak(figures, 9, { from: 58, share: 1.8 })
  expect(digestOf([grown], storeId(4), LAST).practice).toMatchObject({ store_id: storeId(9) })
  const stores = grown.stores.map((store, at) => {
    const opened = (values: readonly number[]) => values.map((n, week) => (week < 40 ? 0 : n))
    return at === 9 ? { ...store, x: opened(store.x), n: opened(store.n) } : store
  })
  const { practice } = digestOf([{ ...grown, stores }], storeId(4), LAST)
  expect(practice?.store_id).not.toBe(storeId(9))
})

test('a store of which nothing is known gets an empty page', () => {
  const empty = { improved: [], slipping: [], practice: null }
  expect(digestOf([], storeId(4), LAST)).toEqual(empty)
  expect(digestOf([chain('visits', 1)], 'nobody', LAST)).toEqual(empty)
})

const TODAY = 20_000
function visits(customer_id: string, daysAgo: readonly number[], spend_minor: number) {
  return daysAgo.map((ago): HomeHistoryRow => {
    return { customer_id, day: TODAY - ago, visits: 1, spend_minor }
  })
}

test('saved are customers out of their own rhythm who are not lost yet, dearest first', () => {
  const history = [
    ...visits('red', [80, 70, 60, 50, 40], 100_00), // Each 10 days, and now 40: 4 times.
    ...visits('amber', [71, 57, 43, 29], 500_00), // Each 14 days, and now 29: 2.07 times.
    ...visits('green', [40, 30, 20, 10], 900_00),
    ...visits('lost', [130, 120, 110, 95], 900_00),
    ...visits('stranger', [60, 40], 900_00), // One gap is no rhythm.
    ...visits('cheap', [80, 70, 60, 50, 40], 1_00),
    ...visits('back', [80, 70, 60, 50, 40, -2], 300_00),
  ]
  const saves = customersToSave(history, TODAY, 90)
  expect(saves.map(({ customer_id }) => customer_id)).toEqual(['amber', 'back', 'red'])
  expect(saves[0]).toMatchObject({
    ...{ light: 'amber', days_since: 29, gap_days: 14, lost_on: TODAY - 29 + 90, visits: 4 },
    ...{ spend_minor: 2000_00, days: [29, 43, 57, 71].map((ago) => TODAY - ago), came_on: null },
  })
  expect(saves[1]?.came_on).toBe(TODAY + 2)
  expect(customersToSave(history.toReversed(), TODAY, 90)).toEqual(saves)
  // By a shorter window the one who stayed away longest is lost, and nobody to call.
  const within60 = customersToSave(history, TODAY, 60)
  expect(within60.every(({ days_since }) => days_since < 60)).toBe(true)
  expect(within60[0]?.lost_on).toBe(TODAY - 29 + 60)
})
