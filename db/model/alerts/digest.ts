import { ALERT_METRIC, ALERT_METRICS, type AlertMetric, sideOf } from './alert-metric.ts'
import { judgeBesidePeers } from './beside-peers.ts'
import type { Judgement, TestedRule } from './judgement.ts'
import { judgeOverTime } from './over-time.ts'
import { type Group, groupsOf, type WeekFigures } from './week-figures.ts'

// The Monday page of a store: what got better, what slips, and what a peer does well. The same
// figures give the same page, whoever reads it and whenever.

export const DIGEST_LINES = 3
/** Weeks that a practice must have held for. */
const PRACTICE_WEEKS = 13
const PRACTICE_MIN_N = 50
/** Weeks that the digest reads: what limits are drawn from, and half a year of settling before. */
export const DIGEST_WEEKS = 65
/** A share or mean of fewer cases is no news. */
const CHANGE_MIN_N = 10
/** A third of the way to the limits is one standard deviation: what lies nearer is no change. */
const LEAST_STRENGTH = 1 / 3

export interface DigestChange {
  metric: AlertMetric
  /** The week's own figure and what it rests on. */
  value: number
  n: number
  /** The weighted mean that was judged, what it is usually in such a week, and its limits. */
  smoothed: number
  usual: number
  low: number
  high: number
  /** Way from the usual to the limit, signed by which side is good; beyond 1 it is no chance. */
  strength: number
}

export interface DigestPractice {
  store_id: string
  metric: AlertMetric
  test: 'funnel-99.9' | 'ewma'
  value: number
  n: number
  /** Of the peers together, or what is usual at that store. */
  usual: number
  limit: number
  /** The reader's own store in the same weeks; null without data. */
  own: number | null
  strength: number
}

export interface StoreDigest {
  improved: DigestChange[]
  slipping: DigestChange[]
  practice: DigestPractice | null
}

const rule = (metric: AlertMetric, test: TestedRule['test'], weeks: 1 | 13, min_n: number) =>
  ({
    metric,
    test,
    limit: null,
    window_weeks: weeks,
    min_n,
    direction: 'good',
  }) satisfies TestedRule

/** How far beyond its limit on the good side: 1 is at the limit, below 0 the bad side. */
function strengthOf(metric: AlertMetric, { tested, centre, low, high }: Judgement): number {
  const sign = ALERT_METRIC[metric].good === 'up' ? 1 : -1
  const room = tested >= centre ? high - centre : centre - low
  return room > 0 && Number.isFinite(room) ? (sign * (tested - centre)) / room : 0
}

function withSubject(groups: readonly Group[], storeId: string): Group | null {
  for (const { members, subjects } of groups) {
    const own = subjects.filter(({ store }) => store.store_id === storeId)
    if (own.length > 0) return { members, subjects: own }
  }
  return null
}

function changeOf(metric: AlertMetric, group: Group, week: number): DigestChange | null {
  if (!ALERT_METRIC[metric].tests.includes('ewma')) return null
  const [judged] = judgeOverTime(group, rule(metric, 'ewma', 1, CHANGE_MIN_N), week)
  if (!judged) return null
  const { value, n, tested: smoothed, centre: usual, low, high } = judged
  const strength = strengthOf(metric, judged)
  return { metric, value, n, smoothed, usual, low, high, strength }
}

/** A store that has just opened grows whatever it does: only a whole past can be beaten. */
function settled({ members, subjects }: Group, week: number): Group {
  const past = { end: week, weeks: DIGEST_WEEKS }
  return { members, subjects: subjects.filter((one) => one.at(past) !== null) }
}

/** The peers of a store that stand out for good in a metric: beyond the limits of chance. */
function practicesOf(
  metric: AlertMetric,
  group: Group,
  storeId: string,
  week: number,
): DigestPractice[] {
  const { kind, tests } = ALERT_METRIC[metric]
  const others = group.members.filter(({ store }) => store.store_id !== storeId)
  const peers = { members: group.members, subjects: others }
  const test = kind === 'rate' ? 'funnel-99.9' : 'ewma'
  if (!tests.includes(test)) return []
  const weeks = test === 'ewma' ? 1 : PRACTICE_WEEKS
  const judged =
    test === 'ewma'
      ? judgeOverTime(settled(peers, week), rule(metric, test, 1, CHANGE_MIN_N), week)
      : judgeBesidePeers(
          peers,
          { ...rule(metric, test, PRACTICE_WEEKS, PRACTICE_MIN_N), test },
          week,
          true,
        )
  const good = sideOf(metric, 'good')
  const [subject] = group.subjects
  const own = subject?.at({ end: week, weeks })?.value ?? null
  return judged
    .filter(({ side }) => side === good)
    .map((one) => ({
      store_id: one.store_id,
      ...{ metric, test, value: one.value, n: one.n, usual: one.centre, own },
      limit: good === 'above' ? one.high : one.low,
      strength: strengthOf(metric, one),
    }))
}

/**
 * The digest of a store for one week of the figures. `figures` hold one entry per metric, of the
 * same weeks. Equal strengths go by the order of `ALERT_METRICS`, then by store id.
 */
export function digestOf(
  figures: readonly WeekFigures[],
  storeId: string,
  week: number,
): StoreDigest {
  const changes: DigestChange[] = []
  const practices: DigestPractice[] = []
  for (const metric of ALERT_METRICS) {
    const own = figures.find((one) => one.metric === metric)
    const group = own ? withSubject(groupsOf(own), storeId) : null
    if (!group) continue
    const change = changeOf(metric, group, week)
    if (change && Math.abs(change.strength) >= LEAST_STRENGTH) changes.push(change)
    practices.push(...practicesOf(metric, group, storeId, week))
  }
  const byStrength = (a: { strength: number }, b: { strength: number }) => b.strength - a.strength
  const [practice = null] = practices.sort(
    (a, b) => byStrength(a, b) || (a.store_id < b.store_id ? -1 : 1),
  )
  return {
    improved: changes
      .filter((one) => one.strength > 0)
      .sort(byStrength)
      .slice(0, DIGEST_LINES),
    slipping: changes
      .filter((one) => one.strength < 0)
      .sort((a, b) => byStrength(b, a))
      .slice(0, DIGEST_LINES),
    practice,
  }
}
