import type { AlertRule } from '../alert-rule.ts'

// Rules that are offered to every chain, switched off. Names and tasks are words of the product.

export const STARTER_IDS = [
  'visits-slide',
  'visits-drop',
  'identified-low',
  'lost-high',
  'second-visit-low',
  'new-slide',
  'spend-slide',
  'tags-low',
  'identified-high',
  'second-visit-high',
] as const
export type StarterId = (typeof STARTER_IDS)[number]

export type StarterRule = Omit<AlertRule, 'name' | 'task'>

const OFF = {
  scope_kind: 'all',
  scope_ids: [],
  limit: null,
  may_automate: false,
  state: 'off',
  since: null,
} satisfies Partial<AlertRule>

/** A store against itself, week by week. */
const WEEKLY = { ...OFF, window_weeks: 1, min_n: 30, cool_down_days: 28 } as const
/** A store against its peers; windows overlap, so it must be quiet for longer. */
const BESIDE = { ...OFF, test: 'funnel-99.9', min_n: 50, cool_down_days: 56 } as const

export const STARTERS: Readonly<Record<StarterId, StarterRule>> = {
  'visits-slide': {
    ...WEEKLY,
    ...{ metric: 'visits', test: 'ewma', direction: 'bad', severity: 'act', owner: 'regional' },
  },
  'visits-drop': {
    ...WEEKLY,
    ...{ metric: 'visits', test: 'xmr', direction: 'bad', severity: 'urgent' },
    owner: 'store-manager',
  },
  'identified-low': {
    ...BESIDE,
    ...{ metric: 'identified_rate', direction: 'bad', severity: 'act', owner: 'store-manager' },
    window_weeks: 4,
  },
  'lost-high': {
    ...BESIDE,
    ...{ metric: 'lost_rate', direction: 'bad', severity: 'act', owner: 'store-manager' },
    window_weeks: 4,
  },
  'second-visit-low': {
    ...BESIDE,
    ...{ metric: 'second_visit_rate', direction: 'bad', severity: 'act', owner: 'regional' },
    window_weeks: 13,
  },
  'new-slide': {
    ...WEEKLY,
    ...{ metric: 'new', test: 'ewma', direction: 'bad', severity: 'watch', owner: 'regional' },
  },
  'spend-slide': {
    ...WEEKLY,
    ...{ metric: 'spend_per_visit', test: 'ewma', direction: 'bad', severity: 'watch' },
    owner: 'regional',
  },
  'tags-low': {
    ...BESIDE,
    ...{ metric: 'tag_coverage', direction: 'bad', severity: 'watch', owner: 'store-manager' },
    window_weeks: 1,
  },
  'identified-high': {
    ...BESIDE,
    ...{ metric: 'identified_rate', direction: 'good', severity: 'watch', owner: 'hq' },
    window_weeks: 8,
  },
  'second-visit-high': {
    ...BESIDE,
    ...{ metric: 'second_visit_rate', direction: 'good', severity: 'watch', owner: 'hq' },
    window_weeks: 13,
  },
}
