import type { AlertRule } from '../alert-rule.ts'
import { ALERT_METRIC } from './alert-metric.ts'
import { judgeBesidePeers, stayedBesidePeers } from './beside-peers.ts'
import { type Judgement, judgementOf, type TestedRule, weeksAfter } from './judgement.ts'
import { figuresRead, judgeOverTime, stayedOverTime } from './over-time.ts'
import type { Group } from './week-figures.ts'

// Is a store's figure of the window that ends with a week beyond its limits? Each test answers from
// weeks up to that one, so a replay of the past gives what would have been said at the time.

/** How many weeks up to and including the judged one a rule reads. */
export function weeksRead({ test, window_weeks }: Pick<TestedRule, 'test' | 'window_weeks'>) {
  return (test === 'xmr' || test === 'ewma' ? figuresRead(test) : 1) * window_weeks
}

type Rates = Readonly<Record<TestedRule['test'], number | null>>

/**
 * False alarms per store and year on one side, at most, as measured on drawn chains in which
 * nothing changes; what a threshold does depends on where somebody puts it.
 */
const FALSE_ALARMS_AT_MOST: Rates = {
  'funnel-95': 0.5,
  'funnel-99.9': 0.2,
  ewma: 0.3,
  xmr: 0.4,
  threshold: null,
}
/** A level does not add up over a window: each of its weeks is a chance of its own. */
const OF_LEVELS: Rates = { ...FALSE_ALARMS_AT_MOST, 'funnel-95': 1 }

/** What the rates were measured with: windows, fewest cases, and least days of quiet. */
const TRIED = {
  'funnel-95': { windows: [4, 8, 13], n: 30, quietDays: 56 },
  'funnel-99.9': { windows: [1, 4, 8, 13], n: 30, quietDays: 56 },
  ewma: { windows: [1], n: 30, quietDays: 28 },
  xmr: { windows: [1], n: 30, quietDays: 28 },
  threshold: { windows: [], n: 0, quietDays: 0 },
} as const satisfies Record<TestedRule['test'], object>

interface Tried extends Pick<AlertRule, 'metric' | 'test' | 'min_n' | 'cool_down_days'> {
  window_weeks: number
}

/** The rate that holds for a rule as it is set; null where nobody measured such a rule. */
export function falseAlarmsOf(rule: Tried): number | null {
  const { metric, test, window_weeks, min_n, cool_down_days } = rule
  const { windows, n, quietDays } = TRIED[test]
  const isTried = windows.some((weeks) => weeks === window_weeks)
  if (!isTried || min_n < n || cool_down_days < quietDays) return null
  return (ALERT_METRIC[metric].isLevel ? OF_LEVELS : FALSE_ALARMS_AT_MOST)[test]
}

/** Which side of a threshold a rule speaks of is the rule's own: the other one is open. */
function judgeThreshold(
  { subjects }: Group,
  rule: TestedRule,
  week: number,
  side: 'above' | 'below',
): Judgement[] {
  const { limit, window_weeks: weeks, min_n } = rule
  if (limit === null) return []
  return subjects.flatMap((one) => {
    const figure = one.at({ end: week, weeks })
    if (!figure || figure.n < min_n) return []
    const low = side === 'below' ? limit : -Infinity
    const high = side === 'above' ? limit : Infinity
    const by = { tested: figure.value, centre: limit, low, high }
    return [judgementOf(one, week, figure, by, 0)]
  })
}

/**
 * What the rule's test says of each subject with enough data. `side` is the one that the rule
 * speaks of; `drawn` asks for limits that can be shown, also of stores well within them.
 */
export function judgeWeek(
  groups: readonly Group[],
  rule: TestedRule,
  week: number,
  side: 'above' | 'below',
  drawn = false,
): Judgement[] {
  return groups.flatMap((group) => {
    switch (rule.test) {
      case 'funnel-95':
      case 'funnel-99.9':
        return judgeBesidePeers(group, { ...rule, test: rule.test }, week, drawn)
      case 'ewma':
      case 'xmr':
        return judgeOverTime(group, rule, week)
      case 'threshold':
        return judgeThreshold(group, rule, week, side)
    }
  })
}

/**
 * Whether a store that was beyond the limits in a week stayed there: the figure of the window
 * behind it (of 4 weeks at least) did not come back. Null while that is not over.
 */
export function stayedBeyond(
  groups: readonly Group[],
  rule: TestedRule,
  week: number,
  side: 'above' | 'below',
  storeId: string,
): boolean | null {
  const has = ({ store }: Group['subjects'][number]) => store.store_id === storeId
  const group = groups.find(({ subjects }) => subjects.some(has))
  const one = group?.subjects.find(has)
  if (!group || !one) return null
  const alone = { members: group.members, subjects: [one] }
  switch (rule.test) {
    case 'funnel-95':
    case 'funnel-99.9':
      return stayedBesidePeers(alone, rule, week, side).get(storeId) ?? null
    case 'ewma':
    case 'xmr':
      return stayedOverTime(alone, { ...rule, test: rule.test }, week, side).get(storeId) ?? null
    case 'threshold': {
      const after = one.at(weeksAfter(rule, week))
      if (!after || rule.limit === null) return null
      return side === 'above' ? after.value > rule.limit : after.value < rule.limit
    }
  }
}
