// Alerts are derived anew at every look, so what people did about one hangs on its id alone: these
// pin that it fires once, keeps its id while time goes on, and owes nothing to later weeks.
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { KnownRule } from '../alert-rule.ts'
import { deriveAlerts, firstJudged, lastWeek, weeksToDerive } from './derive.ts'
import { replayRule, weeksToReplay } from './replay.ts'
import { FIRST_MONDAY, stableChain, storeId, testRule, withBreak } from './test-chain.ts'
import { WEEK_DAYS, type WeekFigures } from './week-figures.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const RULE_ID = '00000000-0000-7000-8000-0000000000aa'
const WEEKS = 130
const CHAIN = stableChain({ metric: 'visits', stores: 30, weeks: WEEKS, seed: 11 })
const SINCE = FIRST_MONDAY + 80 * WEEK_DAYS
const rule = (more: Partial<KnownRule> = {}): KnownRule => ({
  ...testRule({ metric: 'visits', test: 'xmr' }),
  ...{ id: RULE_ID, state: 'on', since: SINCE },
  ...more,
})

/** What is known once `weeks` weeks are over, and the Monday on which that is. */
function knownAfter(figures: WeekFigures, weeks: number): [WeekFigures, number] {
  const stores = figures.stores.map((store) => ({
    ...store,
    x: store.x.slice(0, weeks),
    n: store.n.slice(0, weeks),
    whole: Math.min(store.whole, weeks),
  }))
  return [{ ...figures, count: weeks, stores }, figures.first + weeks * WEEK_DAYS]
}

const alertsAfter = (figures: WeekFigures, weeks: number, by = rule()) => {
  const [known, today] = knownAfter(figures, weeks)
  return deriveAlerts(by, known, today, sha256).filter(({ store_id }) => store_id === storeId(7))
}

test('a planted break fires once, in its first week, and keeps its id while it lasts', () => {
  const broken = withBreak(CHAIN, 7, { from: 90, to: 94, share: 0.4 })
  expect(alertsAfter(broken, 90)).toEqual([])
  const [first, ...others] = alertsAfter(broken, 91)
  expect(others).toEqual([])
  expect(first).toMatchObject({
    first_day: FIRST_MONDAY + 90 * WEEK_DAYS,
    weeks: 1,
    is_back: false,
  })
  expect(first?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  for (const weeks of [92, 93, 96, 100]) {
    const later = alertsAfter(broken, weeks)
    expect(later.map(({ id }) => id)).toEqual([first?.id])
  }
  expect(alertsAfter(broken, 96)[0]?.is_back).toBe(true)
})

test('what comes back within the cool-down is the same alert, after it a new one', () => {
  const twice = (again: number) =>
    withBreak(withBreak(CHAIN, 7, { from: 90, to: 91, share: 0.4 }), 7, {
      ...{ from: again, to: again + 1 },
      share: 0.4,
    })
  expect(alertsAfter(twice(94), 100)).toMatchObject([{ weeks: 2 }])
  const apart = alertsAfter(twice(95), 100)
  expect(apart.map(({ weeks }) => weeks)).toEqual([1, 1])
  expect(new Set(apart.map(({ id }) => id)).size).toBe(2)
  expect(alertsAfter(twice(95), 100, rule({ cool_down_days: 35 }))).toHaveLength(1)
})

test('later weeks change nothing about what was said', () => {
  const [known, today] = knownAfter(CHAIN, 100)
  const before = deriveAlerts(rule({ cool_down_days: 7 }), known, today, sha256)
  expect(before.length).toBeGreaterThan(0)
  const [more, later] = knownAfter(CHAIN, 101)
  const after = deriveAlerts(rule({ cool_down_days: 7 }), more, later, sha256)
  const was = after.filter(({ first_day }) => first_day < FIRST_MONDAY + 100 * WEEK_DAYS)
  expect(was.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
})

test('a rule that is off says nothing; switched on, only what still goes on or comes', () => {
  const broken = withBreak(CHAIN, 7, { from: 90, to: 93, share: 0.4 })
  expect(alertsAfter(broken, 100, rule({ state: 'off', since: null }))).toEqual([])
  const onDay = (week: number) => rule({ since: FIRST_MONDAY + week * WEEK_DAYS + 2 })
  expect(alertsAfter(broken, 100, onDay(99))).toEqual([])
  expect(alertsAfter(broken, 100, onDay(93))).toHaveLength(1)
})

test('a season that everybody shares is no alert, and a store that is silent is not low', () => {
  const spared = rule({ cool_down_days: 7, direction: 'bad' })
  const [known, today] = knownAfter(CHAIN, 115)
  const holidays = [5, 57, 109].map((week) => FIRST_MONDAY + week * WEEK_DAYS)
  const inHoliday = deriveAlerts(spared, known, today, sha256).filter(({ first_day }) =>
    holidays.includes(first_day),
  )
  expect(inHoliday.length).toBeLessThanOrEqual(1) // Of 30 stores; sales fell by 40 % in all.
  const silent = withBreak(CHAIN, 7, { from: 99, share: 0.1 })
  const stores = silent.stores.map((store, at) => (at === 7 ? { ...store, whole: 99 } : store))
  expect(alertsAfter({ ...silent, stores }, 104)).toEqual([])
})

test('a rule of a region leaves the others alone, but measures against all of them', () => {
  const broken = withBreak(CHAIN, 7, { from: 90, share: 0.4 })
  const inRegion = (region: string) => rule({ scope_kind: 'region', scope_ids: [region] })
  expect(alertsAfter(broken, 92, inRegion('region-1'))).toHaveLength(1)
  expect(alertsAfter(broken, 92, inRegion('region-2'))).toEqual([])
  expect(alertsAfter(broken, 92, rule({ scope_kind: 'format', scope_ids: ['kiosk'] }))).toEqual([])
})

test('what is read reaches back to the judged weeks, which jump from half-year to half-year', () => {
  const today = SINCE + 400
  expect(lastWeek(today)).toBeLessThanOrEqual(today - WEEK_DAYS)
  expect((lastWeek(today) - FIRST_MONDAY) % WEEK_DAYS).toBe(0)
  const days = Array.from({ length: 500 }, (_, at) => firstJudged(SINCE, SINCE + at))
  expect(new Set(days).size).toBeLessThanOrEqual(4)
  expect(weeksToDerive(rule(), today)).toBeGreaterThan(27)
})

test('a replay calls a break that lasts right, and one week of bad weather wrong', () => {
  const by = testRule({ metric: 'visits', test: 'xmr' })
  const [known] = knownAfter(CHAIN, weeksToReplay(by) + 20)
  const lasting = replayRule(by, withBreak(known, 7, { from: 70, share: 0.4 }))
  const short = replayRule(by, withBreak(known, 7, { from: 70, to: 71, share: 0.4 }))
  const late = replayRule(by, withBreak(known, 7, { from: known.count - 2, share: 0.4 }))
  const verdictOf = ({ alerts }: typeof late, week: number) =>
    alerts.find(
      ({ store_id, first_day }) =>
        store_id === storeId(7) && first_day === FIRST_MONDAY + week * WEEK_DAYS,
    )?.verdict
  expect(verdictOf(lasting, 70)).toBe('right')
  expect(verdictOf(short, 70)).toBe('wrong')
  expect(verdictOf(late, known.count - 2)).toBe('pending')
  expect(lasting.stores).toBe(30)
})
