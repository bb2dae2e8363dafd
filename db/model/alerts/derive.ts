import { type AlertRule, isRuled, type KnownRule } from '../alert-rule.ts'
import { civilFromDay, dayFromCivil } from '../calendar.ts'
import type { Sha256 } from '../op.ts'
import { weekOf } from '../period.ts'
import { sideOf } from './alert-metric.ts'
import { alertId } from './alert-id.ts'
import { type Episode, episodesOf } from './episodes.ts'
import { judgeWeek, weeksRead } from './judge.ts'
import type { Judgement } from './judgement.ts'
import { type Group, groupsOf, WEEK_DAYS, type WeekFigures } from './week-figures.ts'

// Alerts are nowhere written: they follow from a rule, the figures of whole weeks and today, with
// ids that everybody finds alike. Only what people do about one is stored.

/** Weeks before a rule was switched on of which it tells what still goes on. */
const WEEKS_BEFORE = 13

/** The Monday of the last week that is over on business day `today`. */
export function lastWeek(today: number): number {
  return weekOf(today).from - WEEK_DAYS
}

/**
 * The Monday from which on a rule is judged. It does not wander with today but jumps from half-year
 * to half-year, so that an episode keeps its first day and its alert its id; one that has lasted
 * through a whole half-year is said again.
 */
export function firstJudged(since: number, today: number): number {
  const { year, month } = civilFromDay(today)
  const halfBefore = month <= 6 ? dayFromCivil(year - 1, 7, 1) : dayFromCivil(year, 1, 1)
  return Math.max(weekOf(since).from - WEEKS_BEFORE * WEEK_DAYS, weekOf(halfBefore).from)
}

/** Weeks up to the last one that deriving a rule's alerts reads. */
export function weeksToDerive(
  rule: Pick<AlertRule, 'test' | 'window_weeks' | 'since'>,
  today: number,
): number {
  const first = firstJudged(rule.since ?? today, today)
  return (lastWeek(today) - first) / WEEK_DAYS + weeksRead(rule)
}

/** The stores of a rule as subjects; their peers stay whole. */
export function ruledGroups(rule: AlertRule, figures: WeekFigures): Group[] {
  return groupsOf(figures).map(({ members, subjects }) => ({
    members,
    subjects: subjects.filter(({ store }) => isRuled(rule, store)),
  }))
}

/** Judgements of weeks `from` to `to` that lie beyond the limits on the rule's side. */
export function firingsOf(
  rule: AlertRule,
  groups: readonly Group[],
  from: number,
  to: number,
): Judgement[] {
  const side = sideOf(rule.metric, rule.direction)
  const fired: Judgement[] = []
  for (let week = Math.max(0, from); week <= to; week += 1)
    for (const one of judgeWeek(groups, rule, week, side)) if (one.side === side) fired.push(one)
  return fired
}

export interface DerivedAlert {
  id: string
  rule_id: string
  store_id: string
  /** Mondays of the first and of the last week in which it fired. */
  first_day: number
  last_day: number
  /** Weeks in which it fired. */
  weeks: number
  /** Whether the last week that could be judged was within the limits. */
  is_back: boolean
  /** As it last was beyond its limits. */
  last: Judgement
}

function alertOf(
  rule: KnownRule,
  { store_id, fired }: Episode,
  figures: WeekFigures,
  sha256: Sha256,
): DerivedAlert {
  const dayOf = ({ week }: Judgement) => figures.first + week * WEEK_DAYS
  const [first] = fired
  const last = fired.at(-1) ?? first
  const first_day = dayOf(first)
  const whole = figures.stores.find((store) => store.store_id === store_id)?.whole ?? 0
  return {
    id: alertId(rule.id, store_id, first_day, sha256),
    rule_id: rule.id,
    store_id,
    first_day,
    last_day: dayOf(last),
    weeks: fired.length,
    is_back: last.week < Math.min(whole, figures.count) - 1,
    last,
  }
}

/**
 * The alerts of a rule that is switched on, as of business day `today`: episodes that still went on
 * when it was switched on, or began since. `figures` end with the last whole week.
 */
export function deriveAlerts(
  rule: KnownRule,
  figures: WeekFigures,
  today: number,
  sha256: Sha256,
): DerivedAlert[] {
  if (rule.state === 'off' || rule.since === null) return []
  const from = (firstJudged(rule.since, today) - figures.first) / WEEK_DAYS
  const firings = firingsOf(rule, ruledGroups(rule, figures), from, figures.count - 1)
  const known = weekOf(rule.since).from - WEEK_DAYS
  return episodesOf(firings, rule.cool_down_days)
    .map((episode) => alertOf(rule, episode, figures, sha256))
    .filter(({ last_day }) => last_day >= known)
}
