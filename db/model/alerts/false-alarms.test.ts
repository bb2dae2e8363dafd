// A rule that cries wolf is switched off and takes the others with it. So the alerts of each test
// are counted where nothing happens: drawn chains whose stores never change, with a season and a
// holiday that all share. What this cannot show is how often a real change is missed.
import { expect, test } from 'vitest'
import type { AlertRule } from '../alert-rule.ts'
import { must } from '../assert.ts'
import { ALERT_METRIC, ALERT_METRICS } from './alert-metric.ts'
import { falseAlarmsOf } from './judge.ts'
import { replayRule, weeksToReplay } from './replay.ts'
import { STARTER_IDS, STARTERS } from './starters.ts'
import { stableChain, testRule } from './test-chain.ts'

const WINDOWS_OF = {
  ewma: [1],
  xmr: [1],
  'funnel-95': [4, 8, 13],
  'funnel-99.9': [1, 4, 8, 13],
} as const

const STORES = 80
const SEEDS = [1, 2, 3]

/** Alerts per store and year, and how many of those the replay would have called right. */
function falseAlarms(rule: AlertRule, size = 300): { perStoreYear: number; calledRight: number } {
  const replays = SEEDS.map((seed) => {
    const { metric } = rule
    const plan = { metric, stores: STORES, weeks: weeksToReplay(rule) + 8, seed, size }
    return replayRule(rule, stableChain(plan))
  })
  const alerts = replays.flatMap((replay) => replay.alerts)
  const right = alerts.filter((alert) => alert.verdict === 'right').length
  const perStoreYear = alerts.length / (STORES * SEEDS.length)
  return { perStoreYear, calledRight: alerts.length === 0 ? 0 : right / alerts.length }
}

/** Every metric by every test that it may have, with the least quiet that a rate is stated for. */
const CASES: { rule: AlertRule; size?: number }[] = [
  { rule: testRule({ metric: 'visits', test: 'ewma' }), size: 80 },
  ...ALERT_METRICS.flatMap((metric) =>
    ALERT_METRIC[metric].tests
      .filter((test) => test !== 'threshold')
      .flatMap((test) =>
        WINDOWS_OF[test].map((window_weeks) => {
          const cool_down_days = test === 'ewma' || test === 'xmr' ? 28 : 56
          return { rule: testRule({ metric, test, window_weeks, cool_down_days }) }
        }),
      ),
  ),
]

test.each(CASES)(
  '$rule.metric by $rule.test over $rule.window_weeks weeks: under the stated rate',
  ({ rule, size }) => {
    const stated = must(falseAlarmsOf(rule), 'a stated rate')
    const { perStoreYear, calledRight } = falseAlarms(rule, size)
    const share = (100 * calledRight).toFixed(0)
    const name = `${rule.metric} ${rule.test} ${rule.window_weeks}`
    console.log(`${name}: ${perStoreYear.toFixed(3)} per store and year, ${share} % called right`)
    // Else the test would measure a rule that is asleep; the strictest one sleeps well.
    if (rule.test !== 'funnel-99.9') expect(perStoreYear).toBeGreaterThan(0)
    expect(perStoreYear).toBeLessThan(stated)
  },
)

test.each(STARTER_IDS)('%s, which every chain is offered, has a stated rate', (id) => {
  const { scope_kind, ...starter } = STARTERS[id]
  expect(falseAlarmsOf(starter)).not.toBeNull()
  const { perStoreYear } = falseAlarms({ ...starter, scope_kind, name: id, task: '' })
  expect(perStoreYear).toBeLessThan(falseAlarmsOf(starter) ?? 0)
})

test('nothing is stated of rules that nobody measured', () => {
  const funnel = testRule({ metric: 'lost_rate', test: 'funnel-95', window_weeks: 4 })
  expect(falseAlarmsOf({ ...funnel, cool_down_days: 56 })).toBe(0.5)
  expect(falseAlarmsOf({ ...funnel, cool_down_days: 7 })).toBeNull()
  expect(falseAlarmsOf({ ...funnel, cool_down_days: 56, min_n: 5 })).toBeNull()
  expect(falseAlarmsOf({ ...funnel, cool_down_days: 56, window_weeks: 1 })).toBeNull()
  const limit = testRule({ metric: 'lost_rate', test: 'threshold', limit: 0.1 })
  expect(falseAlarmsOf(limit)).toBeNull()
})

test('a false alarm over time is not called right afterwards', () => {
  for (const test of ['xmr', 'ewma'] as const)
    expect(falseAlarms(testRule({ metric: 'visits', test })).calledRight).toBeLessThan(0.2)
})
