// A rule that cries wolf is switched off and takes the others with it. So the alerts of each test
// are counted where nothing happens: drawn chains whose stores never change, with a season and a
// holiday that all share. What this cannot show is how often a real change is missed.
import { expect, test } from 'vitest'
import type { AlertRule } from '../alert-rule.ts'
import { FALSE_ALARMS_AT_MOST } from './judge.ts'
import { replayRule, weeksToReplay } from './replay.ts'
import { stableChain, testRule } from './test-chain.ts'

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

const CASES: { name: string; rule: AlertRule; size?: number }[] = [
  { name: 'a jump of visits', rule: testRule({ metric: 'visits', test: 'xmr' }) },
  { name: 'a slide of visits', rule: testRule({ metric: 'visits', test: 'ewma' }) },
  {
    name: 'a slide of visits at small stores',
    rule: testRule({ metric: 'visits', test: 'ewma' }),
    size: 80,
  },
  { name: 'a slide of spend', rule: testRule({ metric: 'spend_per_visit', test: 'ewma' }) },
  { name: 'a jump of a rate', rule: testRule({ metric: 'identified_rate', test: 'xmr' }) },
  ...(['funnel-99.9', 'funnel-95'] as const).map((name) => ({
    name: `${name} of four weeks`,
    rule: testRule({
      metric: 'identified_rate',
      test: name,
      window_weeks: 4,
      cool_down_days: 56,
    }),
  })),
]

test.each(CASES)('$name: false alarms stay under the stated rate', ({ name, rule, size }) => {
  const { perStoreYear, calledRight } = falseAlarms(rule, size)
  const share = (100 * calledRight).toFixed(0)
  console.log(`${name}: ${perStoreYear.toFixed(3)} per store and year, ${share} % called right`)
  expect(perStoreYear).toBeGreaterThan(0) // Else the test would measure a rule that is asleep.
  expect(perStoreYear).toBeLessThan(FALSE_ALARMS_AT_MOST[rule.test] ?? 0)
})

test('a false alarm over time is not called right afterwards', () => {
  for (const test of ['xmr', 'ewma'] as const)
    expect(falseAlarms(testRule({ metric: 'visits', test })).calledRight).toBeLessThan(0.2)
})
