import { type FunnelLimits, funnelLimits, overdispersion } from '../stats/funnel.ts'
import { type Judgement, judgementOf, type TestedRule, weeksAfter } from './judgement.ts'
import type { Block, Group, StoreSeries } from './week-figures.ts'

// A store against its peers: shares that lie further from the mean of all than chance explains,
// at a store of its size.

/** Stores with data that a funnel needs. */
export const FUNNEL_STORES_MIN = 5
/** Exact limits never lie closer to the mean than this, in standard deviations. */
const SURELY_WITHIN = { 'funnel-95': 1.6, 'funnel-99.9': 2.2 } as const

interface Peers {
  mean: number
  stretch: number
}

/** The peers that were asked for last: the alerts of one week ask for the same ones. */
const latest = new WeakMap<readonly StoreSeries[], { key: string; peers: Peers | null }>()

function peersOf({ members }: Group, block: Block): Peers | null {
  const key = `${block.end} ${block.weeks}`
  const known = latest.get(members)
  if (known?.key === key) return known.peers
  const peers = computePeers(members, block)
  latest.set(members, { key, peers })
  return peers
}

/** What the members of a group come to in some weeks; null where too few of them have data. */
function computePeers(members: readonly StoreSeries[], block: Block): Peers | null {
  const known = members.map((one) => one.at(block)).filter((figure) => figure !== null)
  if (known.length < FUNNEL_STORES_MIN) return null
  const trials = known.reduce((sum, { n }) => sum + n, 0)
  const mean = known.reduce((sum, { x }) => sum + x, 0) / trials
  return { mean, stretch: Math.max(1, overdispersion(known, mean)) }
}

const LIMIT = { 'funnel-95': 'alert', 'funnel-99.9': 'alarm' } as const satisfies Partial<
  Record<TestedRule['test'], keyof FunnelLimits>
>
export type FunnelTest = keyof typeof LIMIT

/**
 * Judges the subjects of a group. Without `drawn` the limits of a store that is surely within them
 * are left open, since computing them is what a funnel costs.
 */
export function judgeBesidePeers(
  { members, subjects }: Group,
  rule: TestedRule & { test: FunnelTest },
  week: number,
  drawn: boolean,
): Judgement[] {
  const block = { end: week, weeks: rule.window_weeks }
  const peers = peersOf({ members, subjects }, block)
  if (!peers) return []
  const { mean, stretch } = peers
  return subjects.flatMap((one) => {
    const figure = one.at(block)
    if (!figure || figure.n < Math.max(1, rule.min_n)) return []
    const { n, value } = figure
    const sigma = Math.sqrt((mean * (1 - mean) * stretch) / n)
    const isSure = !drawn && Math.abs(value - mean) < SURELY_WITHIN[rule.test] * sigma
    const { low, high } = isSure
      ? { low: 0, high: 1 }
      : funnelLimits(n, mean, stretch)[LIMIT[rule.test]]
    return [judgementOf(one, week, figure, { tested: value, centre: mean, low, high }, sigma)]
  })
}

/** Whether a store was still beyond the 95 % limits of the weeks behind; null while they run. */
export function stayedBesidePeers(
  group: Group,
  rule: TestedRule,
  week: number,
  side: 'above' | 'below',
): Map<string, boolean | null> {
  const after = weeksAfter(rule, week)
  const peers = peersOf(group, after)
  const verdictOf = (one: StoreSeries): boolean | null => {
    const figure = one.at(after)
    if (!figure || !peers) return null
    const { low, high } = funnelLimits(figure.n, peers.mean, peers.stretch).alert
    return side === 'above' ? figure.value > high : figure.value < low
  }
  return new Map(group.subjects.map((one) => [one.store.store_id, verdictOf(one)]))
}
