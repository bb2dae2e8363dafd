// What an alert can watch: the figures of a store and an ISO week, as x of n cases.

/** Kept figures that the metrics below are made of; `active` and `tagged` are levels. */
export const WEEK_FLOWS = [
  'identified',
  'anonymous',
  'identified_tallied',
  'new',
  'lost',
  'new60',
  'second60',
  'spend',
  'sales',
] as const
export type WeekFlow = (typeof WEEK_FLOWS)[number]

/** What a store's ledger says of one week. */
export interface WeekSums extends Record<WeekFlow, number> {
  /** Customers that count as the week opens, and after its last day. */
  active_open: number
  active: number
  /** Of those at the end, whoever has a tag of the required group. */
  tagged: number
}

export const ALERT_METRICS = [
  'visits',
  'identified_rate',
  'new',
  'second_visit_rate',
  'lost_rate',
  'tag_coverage',
  'spend_per_visit',
] as const
export type AlertMetric = (typeof ALERT_METRICS)[number]

/**
 * funnel: x of n against the peers, beyond what chance explains, at 95 % or 99.9 %; ewma: a slow
 * slide of the store against itself; xmr: a jump of the store against itself; threshold: a limit
 * that somebody set.
 */
export const ALERT_TESTS = ['funnel-95', 'funnel-99.9', 'ewma', 'xmr', 'threshold'] as const
export type AlertTest = (typeof ALERT_TESTS)[number]

export interface AlertMetricDefinition {
  /** rate: x of n, a share of 1; mean: x per n; count: x, resting on n visits. */
  kind: 'rate' | 'mean' | 'count'
  good: 'up' | 'down'
  /** Whether weeks are told by the last of them, since a level does not add up. */
  isLevel: boolean
  tests: readonly AlertTest[]
  /** The kept figures that a week is computed from. */
  reads: readonly (WeekFlow | 'active' | 'tagged')[]
  /** The metric in a week: 0 of 0 is no data. */
  of(week: WeekSums): readonly [x: number, n: number]
}

const OVER_TIME: readonly AlertTest[] = ['ewma', 'xmr', 'threshold']
const BESIDE_PEERS: readonly AlertTest[] = ['funnel-95', 'funnel-99.9', 'threshold']

const visitsOf = ({ identified, anonymous }: WeekSums) => identified + anonymous

/** Formulas are those of the definitions page; a week without a visit has no data of any count. */
export const ALERT_METRIC: Readonly<Record<AlertMetric, AlertMetricDefinition>> = {
  visits: {
    kind: 'count',
    good: 'up',
    isLevel: false,
    tests: OVER_TIME,
    reads: ['identified', 'anonymous'],
    of: (week) => [visitsOf(week), visitsOf(week)],
  },
  /** Of days with an anonymous tally alone: without one the rate is unknown, not 100 %. */
  identified_rate: {
    kind: 'rate',
    good: 'up',
    isLevel: false,
    tests: [...BESIDE_PEERS, 'ewma', 'xmr'],
    reads: ['identified_tallied', 'anonymous'],
    of: ({ identified_tallied: x, anonymous }) => (anonymous === 0 ? [0, 0] : [x, x + anonymous]),
  },
  new: {
    kind: 'count',
    good: 'up',
    isLevel: false,
    tests: OVER_TIME,
    reads: ['new', 'identified', 'anonymous'],
    of: (week) => [week.new, visitsOf(week)],
  },
  /** Of new customers whose 60 days have passed; both are dated on the sixtieth day. */
  second_visit_rate: {
    kind: 'rate',
    good: 'up',
    isLevel: false,
    tests: [...BESIDE_PEERS, 'ewma', 'xmr'],
    reads: ['second60', 'new60'],
    of: ({ second60, new60 }) => [second60, new60],
  },
  /** Of the customers who counted as the week opened. Whoever moved in and left counts, too. */
  lost_rate: {
    kind: 'rate',
    good: 'down',
    isLevel: false,
    tests: [...BESIDE_PEERS, 'ewma', 'xmr'],
    reads: ['lost', 'active'],
    of: ({ lost, active_open }) => [lost, Math.max(lost, active_open)],
  },
  /** A level moves slowly, so that limits drawn from its own weeks would be far too narrow. */
  tag_coverage: {
    kind: 'rate',
    good: 'up',
    isLevel: true,
    tests: BESIDE_PEERS,
    reads: ['tagged', 'active'],
    of: ({ tagged, active }) => [tagged, active],
  },
  spend_per_visit: {
    kind: 'mean',
    good: 'up',
    isLevel: false,
    tests: OVER_TIME,
    reads: ['spend', 'sales'],
    of: ({ spend, sales }) => [spend, sales],
  },
}

/** The side of the limits on which a metric is bad, or good. */
export function sideOf(metric: AlertMetric, direction: 'bad' | 'good'): 'above' | 'below' {
  return (ALERT_METRIC[metric].good === 'up') === (direction === 'good') ? 'above' : 'below'
}
