import type { AlertRule } from '../alert-rule.ts'
import { sideOf } from './alert-metric.ts'
import { firingsOf, ruledGroups } from './derive.ts'
import { episodesOf } from './episodes.ts'
import { stayedBeyond, weeksRead } from './judge.ts'
import { WEEK_DAYS, type WeekFigures } from './week-figures.ts'

// How often a rule would have spoken, and how often rightly, before it is switched on.

export const REPLAY_WEEKS = 52

export function weeksToReplay(rule: Pick<AlertRule, 'test' | 'window_weeks'>): number {
  return REPLAY_WEEKS + weeksRead(rule)
}

/** `right`: it stayed beyond its limits; `wrong`: it came back; `pending`: that is not over. */
export type ReplayVerdict = 'right' | 'wrong' | 'pending'

export interface ReplayedAlert {
  store_id: string
  first_day: number
  last_day: number
  weeks: number
  value: number
  low: number
  high: number
  n: number
  verdict: ReplayVerdict
}

export interface Replay {
  /** Mondays of the first and the last week that were judged. */
  from: number
  to: number
  /** Stores that the rule is for. */
  stores: number
  /** In the order of time. */
  alerts: ReplayedAlert[]
}

/** A rule over the last 52 whole weeks, whether it is switched on or not. */
export function replayRule(rule: AlertRule, figures: WeekFigures): Replay {
  const groups = ruledGroups(rule, figures)
  const side = sideOf(rule.metric, rule.direction)
  const from = Math.max(0, figures.count - REPLAY_WEEKS)
  const dayOf = (week: number) => figures.first + week * WEEK_DAYS
  const firings = firingsOf(rule, groups, from, figures.count - 1)
  const episodes = episodesOf(firings, rule.cool_down_days)
  // Week by week, so that what is the same for all stores of a week is computed once.
  episodes.sort((a, b) => a.fired[0].week - b.fired[0].week)
  const alerts = episodes.map(({ store_id, fired }): ReplayedAlert => {
    const [first] = fired
    const stayed = stayedBeyond(groups, rule, first.week, side, store_id)
    return {
      store_id,
      first_day: dayOf(first.week),
      last_day: dayOf(fired.at(-1)?.week ?? first.week),
      weeks: fired.length,
      value: first.value,
      low: first.low,
      high: first.high,
      n: first.n,
      verdict: stayed === null ? 'pending' : stayed ? 'right' : 'wrong',
    }
  })
  alerts.sort((a, b) => a.first_day - b.first_day || (a.store_id < b.store_id ? -1 : 1))
  const stores = groups.reduce((sum, { subjects }) => sum + subjects.length, 0)
  return { from: dayOf(from), to: dayOf(figures.count - 1), stores, alerts }
}
