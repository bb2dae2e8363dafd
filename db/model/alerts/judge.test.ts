// Each test finds what it is for, on the side it is asked for, and keeps still without enough data.
import { expect, test } from 'vitest'
import type { AlertRule } from '../alert-rule.ts'
import { funnelOf } from '../stats/funnel.ts'
import { ALERT_METRIC, ALERT_METRICS, ALERT_TESTS, sideOf } from './alert-metric.ts'
import { judgeWeek, stayedBeyond, weeksRead } from './judge.ts'
import { stableChain, storeId, testRule, withBreak } from './test-chain.ts'
import { groupsOf, StoreSeries, type WeekFigures } from './week-figures.ts'

const VISITS = stableChain({ metric: 'visits', stores: 30, weeks: 100, seed: 5 })
const RATES = stableChain({ metric: 'identified_rate', stores: 30, weeks: 60, seed: 6 })

function judge(rule: AlertRule, figures: WeekFigures, week: number, at: number, drawn = true) {
  const side = sideOf(rule.metric, rule.direction)
  const all = judgeWeek(groupsOf(figures), rule, week, side, drawn)
  return all.find(({ store_id }) => store_id === storeId(at))
}

test('a slide of a tenth, which no single week shows, is found by the weighted mean', () => {
  const slid = withBreak(VISITS, 3, { from: 80, share: 0.88 })
  const weeks = Array.from({ length: 14 }, (_, at) => 80 + at)
  const found = (test: 'ewma' | 'xmr') =>
    weeks.filter(
      (week) => judge(testRule({ metric: 'visits', test }), slid, week, 3)?.side === 'below',
    ).length
  expect(found('ewma')).toBeGreaterThan(5)
  expect(found('xmr')).toBeLessThan(found('ewma'))
})

test('a jump is told in the units of the week, limits and all', () => {
  const broken = withBreak(VISITS, 3, { from: 90, share: 0.4 })
  const judged = judge(testRule({ metric: 'visits', test: 'xmr' }), broken, 90, 3)
  expect(judged?.side).toBe('below')
  expect(judged?.tested).toBeCloseTo(judged?.value ?? 0, 9)
  expect(judged?.low).toBeGreaterThan(judged?.value ?? 0)
  expect(judged?.high).toBeGreaterThan(judged?.centre ?? 0)
})

test('beside its peers a store is judged as the funnel does, with or without drawn limits', () => {
  const low = withBreak(RATES, 3, { from: 40, share: 0.7 })
  const rule = testRule({ metric: 'identified_rate', test: 'funnel-95', window_weeks: 4 })
  const counted = low.stores.map(({ store_id: id, x, n }) => {
    const sum = (values: readonly number[]) => values.slice(47, 51).reduce((a, b) => a + b, 0)
    return { id, x: sum(x), n: sum(n) }
  })
  const funnel = funnelOf(counted)
  for (const drawn of [true, false])
    for (const [at, point] of (funnel?.points ?? []).entries()) {
      const judged = judge(rule, low, 50, at, drawn)
      expect(judged?.side).toBe(point.direction)
      if (drawn) expect(judged).toMatchObject(point.limits.alert)
    }
  expect(judge(rule, low, 50, 3)?.side).toBe('below')
  const alarm = testRule({ ...rule, test: 'funnel-99.9' })
  expect(judge(alarm, low, 50, 3)?.low).toBeLessThan(judge(rule, low, 50, 3)?.low ?? 0)
})

test('a threshold speaks on its own side alone', () => {
  const rule = testRule({ metric: 'identified_rate', test: 'threshold', limit: 0.45 })
  const low = withBreak(RATES, 3, { from: 40, share: 0.5 })
  expect(judge(rule, low, 45, 3)?.side).toBe('below')
  expect(judge({ ...rule, direction: 'good' }, low, 45, 3)?.side).toBeNull()
  const groups = groupsOf(low)
  expect(stayedBeyond(groups, rule, 45, 'below', storeId(3))).toBe(true)
  expect(stayedBeyond(groups, rule, 58, 'below', storeId(3))).toBeNull()
})

test('too few cases, too short a past and too few peers give no judgement', () => {
  const rule = testRule({ metric: 'visits', test: 'xmr' })
  expect(judge({ ...rule, min_n: 1_000_000 }, VISITS, 90, 3)).toBeUndefined()
  expect(judge(rule, VISITS, 11, 3)).toBeUndefined()
  expect(judge(rule, VISITS, 12, 3)).toBeDefined()
  const few = { ...RATES, stores: RATES.stores.slice(0, 4) }
  const beside = testRule({ metric: 'identified_rate', test: 'funnel-95' })
  expect(judge(beside, few, 50, 3)).toBeUndefined()
  expect(weeksRead({ test: 'ewma', window_weeks: 2 })).toBe(78)
})

test('a week without data is no zero: a count with a hole is unknown, a rate leaves it out', () => {
  const series = (metric: 'visits' | 'identified_rate' | 'tag_coverage') =>
    new StoreSeries(
      {
        ...{ store_id: storeId(0), region_id: null, format: null },
        ...{ x: [10, 0, 30], n: [20, 0, 40], whole: 3 },
      },
      metric,
    )
  expect(series('visits').at({ end: 2, weeks: 2 })).toBeNull()
  expect(series('visits').at({ end: 2, weeks: 1 })?.value).toBe(30)
  expect(series('identified_rate').at({ end: 2, weeks: 3 })?.value).toBeCloseTo(40 / 60, 12)
  expect(series('tag_coverage').at({ end: 2, weeks: 3 })?.value).toBe(0.75) // A level: the last.
  expect(series('visits').at({ end: 3, weeks: 1 })).toBeNull()
})

test('every metric has a test over time or beside peers, and a good side', () => {
  for (const metric of ALERT_METRICS) {
    const { tests, kind } = ALERT_METRIC[metric]
    expect(tests.every((name) => ALERT_TESTS.includes(name))).toBe(true)
    expect(tests.some((name) => name.startsWith('funnel'))).toBe(kind === 'rate')
    expect(sideOf(metric, 'good')).not.toBe(sideOf(metric, 'bad'))
  }
  expect(sideOf('lost_rate', 'bad')).toBe('above')
  expect(sideOf('visits', 'bad')).toBe('below')
})

test('the metrics of a week are those of the definitions', () => {
  const week = {
    ...{ identified: 60, anonymous: 40, identified_tallied: 50, new: 7, lost: 6 },
    ...{ new60: 8, second60: 3, spend: 5000, sales: 25 },
    ...{ active_open: 120, active: 121, tagged: 66 },
  }
  const pairs = ALERT_METRICS.map((metric) => ALERT_METRIC[metric].of(week))
  expect(pairs).toEqual([
    ...[
      [100, 100],
      [50, 90],
      [7, 100],
      [3, 8],
    ],
    ...[
      [6, 120],
      [66, 121],
      [5000, 25],
    ],
  ])
  const untallied = { ...week, anonymous: 0, identified_tallied: 0 }
  expect(ALERT_METRIC.identified_rate.of(untallied)).toEqual([0, 0])
})
