// What is at stake: a site that is closed for what it was never there for, or blamed for nights.
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { DAY_MS, dayFromCivil, instantOf } from './calendar.ts'
import { assessSites, isWeak, measureOf, type SiteFacts } from './site-assessment.ts'
import { Downtime } from './site.ts'
import { availabilityOf } from './site-hours.ts'

const ZONE = 'Asia/Shanghai'
const MONDAY = dayFromCivil(2026, 11, 2)
const OPEN: [number, number] = [600, 1200]
const HOURS = [OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, null]

const at = (day: number, minutes: number) => instantOf(MONDAY + day, minutes, ZONE)
const down = (from: number, to: number, reason = 'power') => ({ from, to, reason })
const week = (...downtimes: ReturnType<typeof down>[]) =>
  availabilityOf({ hours: HOURS, zone: ZONE }, downtimes, MONDAY, MONDAY + 7)

test('a store promises its hours, and keeps them when nothing is said', () => {
  expect(week()).toEqual({ promised: 3600, available: 3600, lost: [] })
  const unknown = availabilityOf({ hours: undefined, zone: ZONE }, [], MONDAY, MONDAY + 7)
  expect(unknown.promised).toBe(7 * 720)
})

test.each([
  ['within a day', [down(at(0, 660), at(0, 690))], 30],
  ['before opening and after closing', [down(at(0, 0), at(0, 630))], 30],
  ['over a night', [down(at(0, 1170), at(1, 660))], 30 + 60],
  ['on the closed day', [down(at(6, 600), at(6, 1200))], 0],
  ['over the closed day', [down(at(5, 1100), at(6, 1400))], 100],
  ['told twice', [down(at(0, 660), at(0, 700)), down(at(0, 680), at(0, 720), 'net')], 60],
  ['before the week', [down(at(-3, 600), at(-2, 1200))], 0],
])('minutes %s are lost where they were promised', (_, downtimes, minutes) => {
  expect(week(...downtimes).available).toBe(3600 - minutes)
})

test('reasons stand by what they cost', () => {
  const found = week(down(at(0, 600), at(0, 630), 'net'), down(at(1, 600), at(1, 700)))
  expect(found.lost).toEqual([
    { reason: 'power', minutes: 100 },
    { reason: 'net', minutes: 30 },
  ])
})

test('a promise is kept by the clock on the wall when summer time ends', () => {
  const berlin = { hours: Array.from({ length: 7 }, () => OPEN), zone: 'Europe/Berlin' }
  const sunday = dayFromCivil(2026, 10, 25)
  const fault = down(instantOf(sunday, 600, berlin.zone), instantOf(sunday, 660, berlin.zone))
  const night = down(sunday * DAY_MS - 7_200_000, sunday * DAY_MS + 10_800_000)
  expect(availabilityOf(berlin, [fault], sunday, sunday + 1).available).toBe(540)
  expect(availabilityOf(berlin, [night], sunday, sunday + 1).available).toBe(600)
})

function site(store_id: string, facts: Partial<SiteFacts> = {}): SiteFacts {
  const availability = { promised: 60_000, available: 60_000, lost: [] }
  return {
    ...{
      store_id,
      purpose: 'serve',
      currency: 'CNY',
      visits: 1000,
      visitors: 500,
      new: 100,
      returning: 400,
    },
    ...{ spend_minor: 500_000, sales: 1000, visits_before: 1000, availability, stale: false },
    ...facts,
  }
}

const usual = (purpose: SiteFacts['purpose']) =>
  [0, 1, 2, 3, 4, 5, 6].map((n) =>
    site(`${purpose} ${n}`, {
      ...{ purpose, visits: 980 + n * 10, new: 95 + n * 2, returning: 390 + n * 5 },
      ...{ spend_minor: 495_000 + n * 3_000, visits_before: 1000 - n },
    }),
  )

function judge(one: SiteFacts, wasWeak = false) {
  const found = assessSites([...usual(one.purpose), one], new Set(wasWeak ? [one.store_id] : []))
  return found.at(-1)
}

test('a site is judged by what it is there for, and by nothing else', () => {
  const poor = { new: 5, returning: 40, spend_minor: 50_000, visits_before: 1000 }
  expect(judge(site('x', { purpose: 'divert', ...poor, visits: 1010 }))).toMatchObject({
    ...{ advice: 'keep', why: 'sound' },
  })
  expect(judge(site('x', { purpose: 'draw', ...poor }))).toMatchObject({ advice: 'fix' })
  expect(judge(site('x', { purpose: 'serve', ...poor }))).toMatchObject({ why: 'weak' })
})

test.each([
  ['serve', 'move'],
  ['draw', 'move'],
  ['divert', 'close'],
] as const)('two weak quarters of a site that should %s: %s', (purpose, advice) => {
  const weak = site('x', {
    ...{ purpose, visits: 300, new: 5, returning: 40, spend_minor: 30_000, visits_before: 900 },
  })
  const [first, second] = [judge(weak), judge(weak, true)]
  expect([first?.advice, second?.advice]).toEqual(['fix', advice])
  expect(first && isWeak(first)).toBe(true)
})

test('a quarter in which little was known is no weak quarter', () => {
  const [first] = assessSites([site('x', { visits: 0, new: 0, returning: 0 })], new Set())
  expect(first && isWeak(first)).toBe(false)
})

test('a site without visits is no data, and neither it nor one with few pulls the peers down', () => {
  for (const purpose of ['serve', 'draw', 'divert'] as const) {
    const closed = site('x', { purpose, visits: 0, visitors: 0, new: 0, returning: 0, sales: 0 })
    const found = judge(closed)
    expect(found).toMatchObject({ advice: null, why: 'few-visits' })
    expect(found?.evidence.map(({ value }) => value)).toEqual([null, null])
    const few = { ...closed, visits: 29, new: 1, returning: 2 }
    const many = [1, 2, 3, 4, 5, 6].map((n) => ({
      ...(n % 2 ? closed : few),
      store_id: `new ${n}`,
    }))
    const judged = (others: SiteFacts[]) =>
      assessSites([...usual(purpose), ...others], new Set()).slice(0, usual(purpose).length)
    expect(judged(many)).toEqual(judged([]))
  }
})

test('a site whose tablets are silent is not judged, and nobody is judged by it', () => {
  const dark = site('x', { visits: 300, returning: 40, spend_minor: 30_000, stale: true })
  expect(judge(dark, true)).toMatchObject({ advice: null, why: 'stale', visits: 300 })
  expect(judge(dark)?.evidence.map(({ standing }) => standing)).toEqual(['no-data', 'no-data'])
  expect(judge({ ...dark, stale: false }, true)).toMatchObject({ advice: 'move' })
  const [first] = usual('serve')
  const among = (others: SiteFacts[]) =>
    assessSites([...usual('serve'), ...others], new Set()).find(
      ({ store_id }) => store_id === first?.store_id,
    )
  const many = [1, 2, 3, 4, 5, 6].map((n) => ({ ...dark, store_id: `dark ${n}` }))
  expect(among(many)).toEqual(among([]))
  // What people said of it does not wait for its tablets.
  const shut = { promised: 60_000, available: 30_000, lost: [] }
  expect(judge({ ...dark, availability: shut })).toMatchObject({ advice: 'fix' })
})

test('spend is told per visit with a sale, as everywhere', () => {
  const [found] = assessSites([site('x', { sales: 800, spend_minor: 400_000 })], new Set())
  expect(found?.evidence[1]).toMatchObject({ measure: 'spend_per_visit', value: 500 })
})

test('money is compared within a currency', () => {
  const yen = site('x', { currency: 'JPY', spend_minor: 9_000_000 })
  expect(judge(yen)?.evidence).toMatchObject([{}, { standing: 'no-data', peers: null }])
})

test('a fault ends within the dates that a clock can show', () => {
  const store_id = '00000000-0000-7000-8000-000000000001'
  const told = { store_id, from: 0, to: Number.MAX_SAFE_INTEGER, reason: 'power' }
  expect(v.is(Downtime, told)).toBe(false)
  expect(v.is(Downtime, { ...told, to: at(0, 0) })).toBe(true)
})

test('a promise that is not kept comes before everything else', () => {
  const availability = { promised: 1000, available: 940, lost: [{ reason: 'net', minutes: 60 }] }
  expect(judge(site('x', { availability }))).toMatchObject({ advice: 'fix', why: 'availability' })
})

test('too little known is said, and not advised upon', () => {
  expect(judge(site('x', { visits: 10 }))).toMatchObject({ advice: null, why: 'few-visits' })
  const alone = assessSites([site('x'), site('y')], new Set())
  expect(alone[0]).toMatchObject({ advice: null, why: 'few-peers', peers: 2 })
  expect(measureOf(site('x', { visits_before: null }), 'visits_change')).toBeNull()
  expect(measureOf(site('x', { visitors: 0 }), 'new_share')).toBeNull()
})
