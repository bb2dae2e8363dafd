import type { GapCount } from '../stats/kaplan-meier.ts'
import { medianGapDays } from '../stats/kaplan-meier.ts'
import type { HistoryRow } from '../visit.ts'
import { type BgNbd, expectedVisits, probabilityAlive } from './bgnbd.ts'
import { countGaps, gapsWithOpen, ownGapDays, suggestActivityWindowDays } from './repeat.ts'
import { RFM_GROUPS, type RfmGroup, rfmGroup } from './rfm-group.ts'
import { type RfmBreaks, type RfmFacts, rfmFacts, rfmScores } from './rfm.ts'
import { summariseVisits } from './visit-summary.ts'

// The rhythm of a book: RFM groups, repeat interval and what BG/NBD expects, from the histories of
// its customers. What is kept of a book adds up, so that a region is the sum of its stores, and
// medians are told from counts and never from other medians.

/** Days ahead for which visits are expected. */
export const EXPECTED_DAYS = 90

type Visited = Pick<HistoryRow, 'day' | 'sales' | 'spend_minor'>

/** What everybody is judged by on one day. */
export interface RhythmRules {
  today: number
  breaks: RfmBreaks
  /** In days; null where too little is known for a fit. */
  model: BgNbd | null
}

export interface CustomerRhythm {
  facts: RfmFacts
  group: RfmGroup
  /** Null without a model, and for somebody who never came. */
  alive: number | null
  /** Visits expected within `EXPECTED_DAYS`; null as `alive` is. */
  expected: number | null
  /** Whether they came on two days or more, ever. */
  isRepeater: boolean
}

/** One customer; `history` in any order, one row per day and store. */
export function rhythmOfCustomer(
  history: readonly Visited[],
  { today, breaks, model }: RhythmRules,
): CustomerRhythm {
  const facts = rfmFacts(history, today)
  const days = history.map(({ day }) => day)
  const summary = summariseVisits(days, today)
  const isKnown = summary !== null && model !== null
  return {
    facts,
    group: rfmGroup(rfmScores(facts, breaks)),
    alive: isKnown ? probabilityAlive(model, summary) : null,
    expected: isKnown ? expectedVisits(model, summary, EXPECTED_DAYS) : null,
    isRepeater: (summary?.x ?? 0) > 0,
  }
}

export interface GroupSum {
  customers: number
  /** Spend within 365 days, in minor units. */
  spend_minor: number
}

/** What customers come to together; sums of several books add up. */
export interface RhythmSums {
  groups: Record<RfmGroup, GroupSum>
  /** Customers with a visit, and those of them who came on two days or more. */
  customers: number
  repeaters: number
  /** Of whom a model told something; the sum of P(alive) over the repeaters among them. */
  modelled: number
  modelled_repeaters: number
  alive: number
  /** Visits expected of all of them within `EXPECTED_DAYS`. */
  expected: number
  /** Customers by the median of their own gaps, in days; each with two visit days in the year. */
  own_gaps: Map<number, number>
  gaps: GapCount[]
}

/** A sum of nobody. */
export function emptySums(): RhythmSums {
  const groups = Object.fromEntries(
    RFM_GROUPS.map((group) => [group, { customers: 0, spend_minor: 0 }]),
  )
  return {
    // Object.fromEntries forgets the names; every one of RFM_GROUPS was given an entry above.
    groups: groups as Record<RfmGroup, GroupSum>,
    customers: 0,
    repeaters: 0,
    modelled: 0,
    modelled_repeaters: 0,
    alive: 0,
    expected: 0,
    own_gaps: new Map(),
    gaps: [],
  }
}

function count(counts: Map<number, number>, value: number, more = 1): void {
  counts.set(value, (counts.get(value) ?? 0) + more)
}

function addCustomer(sums: RhythmSums, one: CustomerRhythm): void {
  const group = sums.groups[one.group]
  group.customers += 1
  group.spend_minor += one.facts.spendMinor ?? 0
  if (one.facts.daysSince === null) return
  sums.customers += 1
  if (one.isRepeater) sums.repeaters += 1
  if (one.alive === null) return
  sums.modelled += 1
  sums.expected += one.expected ?? 0
  if (!one.isRepeater) return
  sums.modelled_repeaters += 1
  sums.alive += one.alive
}

/** The sums of a book: one history for each of its customers. */
export function sumRhythms(
  histories: Iterable<readonly Visited[]>,
  rules: RhythmRules,
): RhythmSums {
  const sums = emptySums()
  const gaps = []
  for (const history of histories) {
    addCustomer(sums, rhythmOfCustomer(history, rules))
    const days = history.map(({ day }) => day)
    const own = ownGapDays(days, rules.today)
    if (own !== null) count(sums.own_gaps, own)
    gaps.push(...gapsWithOpen(days, rules.today))
  }
  return { ...sums, gaps: countGaps(gaps) }
}

/** The sums of several books together. */
export function addRhythms(parts: Iterable<RhythmSums>): RhythmSums {
  const sums = emptySums()
  const gaps = new Map<number, GapCount>()
  for (const part of parts) {
    for (const group of RFM_GROUPS) {
      sums.groups[group].customers += part.groups[group].customers
      sums.groups[group].spend_minor += part.groups[group].spend_minor
    }
    for (const name of SUMMED) sums[name] += part[name]
    for (const [days, customers] of part.own_gaps) count(sums.own_gaps, days, customers)
    for (const { days, closed, open } of part.gaps) {
      const known = gaps.get(days) ?? { days, closed: 0, open: 0 }
      gaps.set(days, { days, closed: known.closed + closed, open: known.open + open })
    }
  }
  return { ...sums, gaps: [...gaps.values()].sort((a, b) => a.days - b.days) }
}

const SUMMED = [
  'customers',
  'repeaters',
  'modelled',
  'modelled_repeaters',
  'alive',
  'expected',
] as const

/** The middle value of counted ones, or the mean of the two; null without any. */
export function medianOfCounts(counts: ReadonlyMap<number, number>): number | null {
  const sorted = [...counts].filter(([, n]) => n > 0).sort(([a], [b]) => a - b)
  const total = sorted.reduce((sum, [, n]) => sum + n, 0)
  const at = (place: number) => {
    let passed = 0
    return sorted.find(([, n]) => (passed += n) > place)?.[0] ?? NaN
  }
  if (total === 0) return null
  return (at(Math.floor((total - 1) / 2)) + at(Math.floor(total / 2))) / 2
}

/** How long customers stay away before they come again, in days. */
export interface RepeatFigures {
  /** Customers with two visit days or more in the year: what `median_days` rests on. */
  customers: number
  /** Median over these customers of the median of their gaps. */
  median_days: number | null
  /** Gaps that a visit ended, and those that are open. */
  closed: number
  open: number
  /** The length that half of all gaps do not exceed, open ones counted as censored. */
  kaplan_meier_days: number | null
  suggested_window_days: number | null
}

export function repeatFigures({ own_gaps, gaps }: RhythmSums): RepeatFigures {
  return {
    customers: [...own_gaps.values()].reduce((sum, n) => sum + n, 0),
    median_days: medianOfCounts(own_gaps),
    closed: gaps.reduce((sum, { closed }) => sum + closed, 0),
    open: gaps.reduce((sum, { open }) => sum + open, 0),
    kaplan_meier_days: medianGapDays(gaps),
    suggested_window_days: suggestActivityWindowDays(gaps),
  }
}
