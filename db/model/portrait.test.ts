// What is at stake: the colour a clerk sees beside a name. Golden cases, each a customer one could
// meet; the folds behind the rows are tested beside visit.ts.
import { expect, test } from 'vitest'
import type { Consent } from './consent.ts'
import { contactRule, portraitOf } from './portrait.ts'
import { type HistoryRow, type Purpose, PURPOSES } from './visit.ts'

const TODAY = 20_759

function daysAgo(days: number, more: Partial<HistoryRow> = {}): HistoryRow {
  return {
    customer_id: 'c',
    day: TODAY - days,
    store_id: 'store-a',
    region_id: null,
    visits: 1,
    sales: 0,
    spend_minor: 0,
    purposes: 1 << PURPOSES.indexOf('buy'),
    first_at: 0,
    ...more,
  }
}

function lightAfter(days: number, ...gaps: number[]): string {
  let ago = days
  const rows = [daysAgo(ago), ...gaps.map((gap) => daysAgo((ago += gap)))]
  return portraitOf(rows, TODAY).light
}

test.each([
  [0, 'green'],
  [44, 'green'],
  [45, 'amber'],
  [74, 'amber'],
  [75, 'red'],
  [200, 'red'],
])('a customer of a 30-day rhythm, %i days after the last visit, is %s', (days, light) => {
  expect(lightAfter(days, 30, 30, 30)).toBe(light)
})

test('the rhythm is the median gap: one long holiday does not make a rare customer', () => {
  const rows = [0, 7, 14, 21, 111].map((days) => daysAgo(days))
  expect(portraitOf(rows, TODAY).medianGapDays).toBe(7)
  expect(lightAfter(8, 7, 7, 7, 90)).toBe('green')
  expect(lightAfter(18, 7, 7, 7, 90)).toBe('red')
})

test('who stays away for most of a year still has the rhythm by which it is long', () => {
  const months = Array.from({ length: 12 }, (_, nth) => daysAgo(320 + nth * 30))
  expect(portraitOf(months, TODAY)).toMatchObject({ light: 'red', medianGapDays: 30 })
})

test('fewer than three gaps say nothing about a rhythm', () => {
  expect(lightAfter(300)).toBe('unknown')
  expect(lightAfter(40, 30)).toBe('unknown')
  expect(lightAfter(40, 30, 30)).toBe('unknown')
  expect(
    portraitOf(
      [0, 30, 60].map((days) => daysAgo(days)),
      TODAY,
    ).medianGapDays,
  ).toBeNull()
})

test('gaps are between days: two stores on one day are no gap of zero', () => {
  const rows = [0, 30, 60, 90].flatMap((days) => [
    daysAgo(days),
    daysAgo(days, { store_id: 'store-b' }),
  ])
  const portrait = portraitOf(rows, TODAY)
  expect(portrait).toMatchObject({ medianGapDays: 30, storesInYear: 2, visitsInYear: 8 })
})

test('somebody seen on a single day is new for 30 days', () => {
  expect(lightAfter(0)).toBe('new')
  expect(lightAfter(30)).toBe('new')
  expect(lightAfter(31)).toBe('unknown')
})

test('somebody who comes back after two years is not new', () => {
  expect(portraitOf([daysAgo(1), daysAgo(700)], TODAY).light).toBe('unknown')
})

test('nobody has been seen yet: no days, no money, no light', () => {
  expect(portraitOf([], TODAY)).toEqual({
    lastDay: null,
    daysSince: null,
    visitsInYear: 0,
    medianGapDays: null,
    light: 'unknown',
    spendInYearMinor: 0,
    spendBand: 0,
    usualPurpose: null,
    storesInYear: 0,
  })
})

test.each([
  [-500, 0],
  [0, 0],
  [1, 1],
  [49_999, 1],
  [50_000, 2],
  [199_999, 2],
  [200_000, 3],
  [499_999, 3],
  [500_000, 4],
])('a year of %i minor units is spend band %i', (spend_minor, band) => {
  expect(portraitOf([daysAgo(3, { spend_minor })], TODAY).spendBand).toBe(band)
})

test('the year is the last 365 days: what came before is remembered as last day only', () => {
  const rows = [daysAgo(364, { spend_minor: 100 }), daysAgo(365, { spend_minor: 900 })]
  const portrait = portraitOf(rows, TODAY)
  expect(portrait).toMatchObject({ visitsInYear: 1, spendInYearMinor: 100, lastDay: TODAY - 364 })
  expect(portraitOf([daysAgo(900)], TODAY)).toMatchObject({ daysSince: 900, visitsInYear: 0 })
})

test('a visit dated ahead by a wrong clock is today, not the future', () => {
  expect(portraitOf([daysAgo(-2)], TODAY).daysSince).toBe(0)
})

test('the usual purpose is that of most days, the first chip deciding between equals', () => {
  const on = (days: number, ...purposes: Purpose[]) =>
    daysAgo(days, {
      purposes: purposes.reduce((bits, purpose) => bits | (1 << PURPOSES.indexOf(purpose)), 0),
    })
  const usual = (...rows: HistoryRow[]) => portraitOf(rows, TODAY).usualPurpose
  expect(usual(on(1, 'service', 'buy'), on(2, 'service'), on(3, 'event'))).toBe('service')
  expect(usual(on(1, 'event'), on(2, 'buy'))).toBe('buy')
})

function said(purpose: Consent['purpose'], channel: Consent['channel'], state: Consent['state']) {
  return { purpose, channel, state, at: 1, op: 'op' }
}

test.each([
  ['nobody asked', [], 'not-asked'],
  ['service alone was granted', [said('service', 'any', 'granted')], 'not-asked'],
  ['marketing was granted', [said('marketing', 'sms', 'granted')], 'allowed'],
  ['it was refused', [said('marketing', 'any', 'refused')], 'do-not-contact'],
  [
    'one channel was withdrawn',
    [said('marketing', 'sms', 'granted'), said('marketing', 'phone', 'withdrawn')],
    'do-not-contact',
  ],
  [
    'service was refused but marketing granted',
    [said('service', 'any', 'refused'), said('marketing', 'any', 'granted')],
    'allowed',
  ],
])('when %s, the rule of contact follows', (_name, consents, rule) => {
  expect(contactRule({ consents })).toBe(rule)
})
