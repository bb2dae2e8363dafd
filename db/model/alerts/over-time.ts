import { ewma, type NaturalLimits, naturalLimits } from '../stats/control.ts'
import {
  type Judgement,
  judgementOf,
  type Tested,
  type TestedRule,
  weeksAfter,
} from './judgement.ts'
import { Season } from './season.ts'
import type { Block, Figure, Group, StoreSeries } from './week-figures.ts'

// A store against itself: limits come from its figures of the weeks before, without the season.

/** Figures that limits are drawn from, and how many of them must be known. */
export const BASELINE_FIGURES = 26
export const BASELINE_MIN = 12
/** Figures that the weighted mean runs over; of older ones it keeps less than a twentieth. */
export const EWMA_FIGURES = 13

interface Run {
  figure: Figure
  limits: NaturalLimits
  /** The figures behind the baseline up to the judged one, without the season. */
  newest: (number | null)[]
  /** The season of the judged window and of the weeks after it; null where it is not known. */
  factor: number
  factorAfter: number | null
}

/** Blocks of one length, one after another, of which the last ends with the week. */
function blocksUntil(week: number, weeks: number, count: number): Block[] {
  return Array.from({ length: count }, (_, at) => ({ end: week - (count - 1 - at) * weeks, weeks }))
}

export function figuresRead(test: TestedRule['test']): number {
  return BASELINE_FIGURES + (test === 'ewma' ? EWMA_FIGURES : 1)
}

function runOf(
  one: StoreSeries,
  figure: Figure,
  blocks: readonly Block[],
  factors: readonly (number | null)[],
): Run | null {
  const plain = blocks.slice(0, -1).map((block, at) => {
    const factor = factors[at] ?? null
    const value = one.value(block.end, block.weeks)
    return value === null || factor === null || factor <= 0 ? null : value / factor
  })
  const base = plain.slice(0, BASELINE_FIGURES)
  const limits = naturalLimits(base)
  const isKnown = base.filter((value) => value !== null).length >= BASELINE_MIN
  const factor = factors[blocks.length - 2] ?? null
  if (!limits || !isKnown || limits.sigma === 0 || factor === null) return null
  const newest = plain.slice(BASELINE_FIGURES)
  return { figure, limits, newest, factor, factorAfter: factors[blocks.length - 1] ?? null }
}

/** The season that was asked for last: a whole chain is judged by one, and then asked again. */
const latest = new WeakMap<readonly StoreSeries[], { key: string; season: Season }>()

function seasonOf(members: readonly StoreSeries[], blocks: readonly Block[]): Season {
  const [first] = blocks
  const key = `${blocks.length} ${first?.end} ${first?.weeks}`
  const known = latest.get(members)
  if (known?.key === key) return known.season
  const season = new Season(members, blocks, BASELINE_FIGURES)
  latest.set(members, { key, season })
  return season
}

function runsOf(group: Group, rule: TestedRule, week: number): Map<StoreSeries, Run> {
  const { window_weeks: weeks, test, min_n } = rule
  const own = blocksUntil(week, weeks, figuresRead(test))
  const blocks = [...own, weeksAfter(rule, week)]
  const season = seasonOf(group.members, blocks)
  const runs = new Map<StoreSeries, Run>()
  for (const one of group.subjects) {
    const figure = one.at({ end: week, weeks })
    if (!figure || figure.n < min_n) continue
    const run = runOf(one, figure, blocks, season.factorsFor(one.store.store_id))
    if (run) runs.set(one, run)
  }
  return runs
}

/** A jump: the figure itself against natural limits. */
function jump({ limits, newest, factor }: Run): Tested | null {
  const value = newest.at(-1) ?? null
  if (value === null) return null
  const { centre, low, high } = limits
  // No figure lies beneath nothing, so a limit there is none.
  const floor = low > 0 ? low * factor : -Infinity
  return { tested: value * factor, centre: centre * factor, low: floor, high: high * factor }
}

/** A slide: the weighted mean of weekly z against its own limits (lambda 0.2, 3 sigma). */
function slide({ limits: { centre, sigma }, newest, factor }: Run): Tested | null {
  const z = newest.map((value) => (value === null ? null : (value - centre) / sigma))
  const last = ewma(z, { centre: 0, sigma: 1 }).at(-1)
  if (!last || (z.at(-1) ?? null) === null) return null
  const inUnits = (score: number) => (centre + sigma * score) * factor
  return {
    tested: inUnits(last.mean),
    centre: inUnits(0),
    low: inUnits(last.low),
    high: inUnits(last.high),
  }
}

export function judgeOverTime(group: Group, rule: TestedRule, week: number): Judgement[] {
  return [...runsOf(group, rule, week)].flatMap(([one, run]) => {
    const by = rule.test === 'xmr' ? jump(run) : slide(run)
    return by ? [judgementOf(one, week, run.figure, by, run.limits.sigma * run.factor)] : []
  })
}

/** Of how much of the way to its limit a figure must come back to have come back. */
const BACK_SHARE = { xmr: 0.5, ewma: 1 } as const

/**
 * Whether what was beyond its limit on a side in a week stayed away in the weeks behind: their mean
 * lies further from the centre than half-way to the limit of a jump, or than the limit of a slide.
 * Chance alone does that in 0.1 % and 2 % of stable weeks. Null while they are not over.
 */
export function stayedOverTime(
  group: Group,
  rule: TestedRule & { test: 'xmr' | 'ewma' },
  week: number,
  side: 'above' | 'below',
): Map<string, boolean | null> {
  const share = BACK_SHARE[rule.test]
  return new Map(
    [...runsOf(group, rule, week)].map(([one, run]) => {
      const after = one.at(weeksAfter(rule, week))
      const by = rule.test === 'xmr' ? jump(run) : slide(run)
      const { centre, sigma } = run.limits
      if (!after || !by || run.factorAfter === null || run.factorAfter <= 0)
        return [one.store.store_id, null]
      const width = rule.test === 'xmr' ? 3 : (by.high - by.centre) / (sigma * run.factor)
      const z = (after.value / run.factorAfter - centre) / sigma
      const bound = share * width
      return [one.store.store_id, side === 'above' ? z > bound : z < -bound]
    }),
  )
}
