import { drawBinomial, drawNormal, type Random, seededRandom } from '../stats/random.ts'
import type { AlertRule } from '../alert-rule.ts'
import type { AlertMetric } from './alert-metric.ts'
import type { StoreWeeks, WeekFigures } from './week-figures.ts'

// Chains drawn from a seed, for tests: stable ones, in which nothing happens but chance and the
// season, and breaks to plant in them.

/** Monday 2024-01-01. */
export const FIRST_MONDAY = 19_723

export interface ChainPlan {
  metric: AlertMetric
  stores: number
  weeks: number
  seed: number
  /** Visits per week of an average store. */
  size?: number
  /** How much stores differ in their true rate, as a standard deviation. */
  spread?: number
}

/** What a week is to everybody: a year's wave and a holiday. */
function seasonOf(week: number): number {
  const wave = 1 + 0.2 * Math.sin((2 * Math.PI * week) / 52)
  return week % 52 === 5 ? wave * 0.6 : wave
}

function weekOfStore(random: Random, metric: AlertMetric, visits: number, rate: number) {
  if (metric === 'visits') return [visits, visits] as const
  if (metric === 'spend_per_visit') {
    const noise = (drawNormal(random) * 60_00) / Math.sqrt(visits)
    return [Math.round(visits * (120_00 + noise)), visits] as const
  }
  return [drawBinomial(random, visits, rate), visits] as const
}

/** Every store with a level and a rate of its own that never change; visits scatter by 6 %. */
export function stableChain(plan: ChainPlan): WeekFigures {
  const { metric, stores, weeks, seed, size = 300, spread = 0.03 } = plan
  const random = seededRandom(seed)
  const drawn = Array.from({ length: stores }, (_, at): StoreWeeks => {
    const level = size * Math.exp(0.5 * drawNormal(random))
    const rate = Math.min(0.95, Math.max(0.05, 0.5 + spread * drawNormal(random)))
    const pairs = Array.from({ length: weeks }, (_unused, week) => {
      const expected = level * seasonOf(week) * Math.exp(0.06 * drawNormal(random))
      const scatter = Math.sqrt(expected) * drawNormal(random)
      const visits = Math.max(1, Math.round(expected + scatter))
      return weekOfStore(random, metric, visits, rate)
    })
    return {
      store_id: storeId(at),
      region_id: `region-${at % 3}`,
      format: 'standard',
      x: pairs.map(([x]) => x),
      n: pairs.map(([, n]) => n),
      whole: weeks,
    }
  })
  return { metric, first: FIRST_MONDAY, count: weeks, stores: drawn }
}

export function storeId(at: number): string {
  return `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`
}

/** The same chain, in which one store's x is another share of what it was in some weeks. */
export function withBreak(
  figures: WeekFigures,
  at: number,
  { from, to = Infinity, share }: { from: number; to?: number; share: number },
): WeekFigures {
  const { metric } = figures
  const stores = figures.stores.map((store, index) => {
    if (index !== at) return store
    const isIn = (week: number) => week >= from && week < to
    const x = store.x.map((value, week) => (isIn(week) ? Math.round(value * share) : value))
    return { ...store, x, ...(metric === 'visits' ? { n: x } : {}) }
  })
  return { ...figures, stores }
}

/** A rule of the whole chain that is switched off. */
export function testRule(more: Partial<AlertRule> & Pick<AlertRule, 'metric' | 'test'>): AlertRule {
  return {
    name: 'A rule',
    scope_kind: 'all',
    scope_ids: [],
    limit: null,
    window_weeks: 1,
    min_n: 30,
    severity: 'act',
    owner: 'regional',
    cool_down_days: 28,
    direction: 'bad',
    task: '',
    may_automate: false,
    state: 'off',
    since: null,
    ...more,
  }
}
