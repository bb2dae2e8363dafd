import { expect, test } from 'vitest'
import { lineOf, perMetric } from '#model/compare.ts'
import { ALL_STORES } from '#model/peer-groups.ts'
import { metricsOf, NO_SUMS } from '#model/metrics.ts'
import type { PeerGroup } from '#model/report-compare.ts'
import {
  bandWords,
  changedSentences,
  changeWords,
  countSides,
  groupOf,
  groupWords,
  isCovered,
  limitWords,
  peerSentences,
  sharedGroup,
} from './compare-words.ts'
import { testPlace } from './test-place.ts'
import { messagesIn } from './words.ts'

// The words beside a figure are what a manager repeats to a store. They must say the same as the
// colours, and nothing that the data does not.

const say = messagesIn('en')
const band = { low: 40, median: 50, high: 60, stores: 9 }
const group = (key: string, format: string | null): PeerGroup => ({
  key,
  format,
  currency: 'CNY',
  stores: 9,
  bands: perMetric((metric) => (metric === 'visits' ? band : null)),
  medians: perMetric(() => []),
})
const groups = [group(ALL_STORES, null), group('format:flagship', 'flagship')]
const quiet = [50, 52, 49, 51, 50, 53, 48, 51]

const place = (visits: number, judged = true) =>
  testPlace('s1', {
    name: '人民路店',
    peer_group: 'format:flagship',
    now: metricsOf({ ...NO_SUMS, identified: visits }),
    lines: perMetric((metric) => lineOf(metric === 'visits' ? [...quiet, visits] : [null], judged)),
  })

test('what changed is said with the limits that it broke, and only then', () => {
  const [sentence, ...others] = changedSentences(['visits', 'new'], place(90), say, 'en')
  expect(others).toEqual([])
  expect(sentence?.text).toMatch(/^Visits 90, above its natural limits so far, 4\d – 5\d\.$/)
  expect(changedSentences(['visits'], place(52), say, 'en')).toEqual([])
  expect(changedSentences(['visits'], place(90, false), say, 'en')).toEqual([])
})

test('a figure is said to be within its limits, not yet judged, or never judged', () => {
  const words = (one: ReturnType<typeof place>, over = true) =>
    changeWords('visits', one, over, say.compare.change, 'en')
  expect(words(place(52))).toMatch(/^within its own natural limits/)
  expect(words(place(90), false)).toBe(say.compare.change.notOver)
  expect(words(testPlace('new'))).toBe(say.compare.change.unknown)
})

test('limits are read as what can be: no count below zero, no share above one', () => {
  expect(limitWords('visits', { low: -12, high: 30 }, 'CNY', 'en')).toEqual(['0', '30'])
  expect(limitWords('tag_coverage', { low: -0.1, high: 1.2 }, 'CNY', 'en')).toEqual([
    '0.0%',
    '100.0%',
  ])
})

test('a store is measured by its format or by all, a sum by nobody', () => {
  expect(groupOf(place(50), groups, 'format')?.key).toBe('format:flagship')
  expect(groupOf(place(50), groups, 'all')?.key).toBe(ALL_STORES)
  expect(groupOf(testPlace('r', { peer_group: null }), groups, 'all')).toBeNull()
  expect(groupWords(groups[0] ?? group('x', null), say, 'en')).toBe('all 9 stores')
})

test('beside its peers a store is above, in or below the middle half of them', () => {
  const flagships = groups[1] ?? group('x', null)
  const words = (visits: number) => bandWords('visits', visits, band, 'CNY', say.compare.band, 'en')
  expect([words(61), words(60), words(39)].map((text) => text?.split(' ')[0])).toEqual([
    'above',
    'in',
    'below',
  ])
  expect(bandWords('visits', null, band, 'CNY', say.compare.band, 'en')).toBeNull()
  expect(peerSentences(['visits'], place(90), flagships, say, 'en')).toHaveLength(1)
  expect(peerSentences(['visits'], place(50), flagships, say, 'en')).toEqual([])
})

test('stale stores are not counted among those above or below', () => {
  const stores = [place(90), place(50), place(10), { ...place(90), stale: true }]
  expect(countSides('visits', stores, groups, 'format')).toEqual({ above: 1, within: 1, below: 1 })
})

test('a page is covered from seven fresh stores in ten on', () => {
  expect(isCovered({ fresh: 7, stores: 10 }, 0.7)).toBe(true)
  expect(isCovered({ fresh: 6, stores: 10 }, 0.7)).toBe(false)
  expect(isCovered({ fresh: 0, stores: 0 }, 0.7)).toBe(true)
})

test('money is measured by the peers of its currency, and all else by all of them', () => {
  const base = { ...group(ALL_STORES, null), currency: null }
  const [swiss, euro] = ['CHF', 'EUR'].map((currency) => ({ ...base, currency }))
  const all = [base, ...[swiss, euro].filter((one) => one !== undefined)]
  const of = (currency: string | null) => ({ peer_group: ALL_STORES, currency })
  expect(groupOf(of('EUR'), all, 'format')).toBe(euro)
  expect(groupOf(of('USD'), all, 'format')).toBe(base)
  expect(sharedGroup([of('CHF'), of('CHF')], all, 'all')).toBe(swiss)
  expect(sharedGroup([of('CHF'), of('EUR')], all, 'all')).toBe(base)
  expect(sharedGroup([of('CHF'), { peer_group: null, currency: null }], all, 'all')).toBeNull()
})
