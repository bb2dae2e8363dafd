import fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from './assert.ts'
import { metricsOf, NO_SUMS } from './metrics.ts'
import { ALL_STORES, BAND_MIN_STORES, type Peer, peerGroups, peerKeyOf } from './peer-groups.ts'

// What is at stake: a store that is called weak beside stores that are not like it, or beside a
// band that is no longer theirs.

const valuesOf = (part: Partial<typeof NO_SUMS>) => metricsOf({ ...NO_SUMS, ...part })

const TWO = ['2026-09', '2026-10']

const peer = (format: string, visits: number, part: Partial<Peer> = {}): Peer => ({
  format,
  currency: 'CNY',
  stale: false,
  values: [valuesOf({ identified: visits }), valuesOf({ identified: visits * 10 })],
  ...part,
})

test('a format of eight stores is a group of its own, a smaller one is measured by all', () => {
  const peers = [1, 2, 3, 4, 5, 6, 7, 8].map((visits) => peer('standard', visits))
  const groups = peerGroups([...peers, peer('flagship', 100)], TWO)
  expect(groups.map(({ key, stores }) => [key, stores])).toEqual([
    [ALL_STORES, 9],
    ['format:standard', 8],
  ])
  expect(groups[1]?.bands.visits).toEqual({ low: 27.5, median: 45, high: 62.5, stores: 8 })
  expect(groups[1]?.medians.visits).toEqual([4.5, 45])
  expect(peerKeyOf('standard', groups)).toBe('format:standard')
  expect(peerKeyOf('flagship', groups)).toBe(ALL_STORES)
  expect(peerKeyOf(null, groups)).toBe(ALL_STORES)
})

test('a stale store is in no band of the newest period, and too few stores make none', () => {
  const peers = [10, 20, 30, 40].map((visits) => peer('standard', visits))
  const [all] = peerGroups([...peers, peer('standard', 9_999, { stale: true })], TWO)
  expect(all?.bands.visits).toMatchObject({ median: 250, stores: 4 })
  expect(all?.medians.visits).toEqual([30, 250]) // Before, its figures were whole.
  expect(peerGroups(peers.slice(1), TWO)[0]?.bands.visits).toBeNull()
  expect(BAND_MIN_STORES).toBe(4)
})

test('bands of periods that are known already are those of the figures as they are', () => {
  const known = new Map()
  const number = fc.integer({ min: 0, max: 50 })
  const change = fc.record({
    store: fc.nat(11),
    at: fc.nat(1),
    visits: number,
    stale: fc.boolean(),
  })
  const peers = Array.from({ length: 12 }, (_, nth) =>
    peer(nth % 3 === 0 ? 'flagship' : 'standard', 3 + nth),
  )
  fc.assert(
    fc.property(change, ({ store, at, visits, stale }) => {
      const own = must(peers[store], 'a peer')
      const values = own.values.with(at, valuesOf({ identified: visits }))
      peers[store] = { ...own, values, stale }
      expect(peerGroups(peers, TWO, known)).toEqual(peerGroups(peers, TWO))
    }),
  )
})

test('money is compared among stores of one currency, and a store alone in its own has none', () => {
  const paid = (spend: number, currency: string) =>
    peer('standard', 5, {
      currency,
      values: [valuesOf({ identified: 12, spend: spend * 12, sales: 12 })],
    })
  const francs = [100, 200, 300, 400].map((spend) => paid(spend, 'CHF'))
  const [base, swiss, yen] = peerGroups([...francs, paid(90_000, 'JPY')], ['2026-10']).filter(
    ({ key }) => key === ALL_STORES,
  )
  expect([base?.currency, swiss?.currency, yen?.currency]).toEqual([null, 'CHF', 'JPY'])
  expect(base?.bands.spend_per_visit).toBeNull()
  expect(swiss?.bands.spend_per_visit).toMatchObject({ median: 250, stores: 4 })
  expect(yen?.bands.spend_per_visit).toBeNull()
  for (const one of [base, swiss, yen]) expect(one?.bands.visits?.stores).toBe(5)
  expect(peerGroups(francs, ['2026-10'])).toHaveLength(1)
})
