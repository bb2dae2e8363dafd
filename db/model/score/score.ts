// The super-store score 超级门店: what a store does for its customers beside stores like it, fair to
// small ones, with its uncertainty and every step from the facts to the points.
import { assert, must } from '../assert.ts'
import type { Random } from '../stats/random.ts'
import type { Interval } from '../stats/wilson.ts'
import { COMPONENT_IDS, COMPONENTS, weightsInForce } from './components.ts'
import type { ComponentId, Weights } from './components.ts'
import { drawScores, type WeightedEstimate } from './draws.ts'
import { estimatesOf, factOf, type Estimate, type Subject } from './estimate.ts'
import { countTies, ranksOf } from './ranks.ts'
import { weightedMean, weightRanks } from './sensitivity.ts'

/** A store needs facts for this share of the weight in force to be scored. */
export const AVAILABLE_MIN = 0.7
/** Intervals of score and rank hold this share of the draws. */
export const SCORE_LEVEL = 0.9
const SCORE_DRAWS = 400
const WEIGHT_DRAWS = 1000

export interface ScoreStore extends Subject {
  /** Why its facts cannot be trusted to be whole, such as a silent device; null when they can. */
  stale: string | null
}

/** One line of the printed trace: from the facts to the points. */
export interface ScorePart extends Estimate {
  id: ComponentId
  /** Points of 100 that this component carries for this store. */
  weight: number
  /** weight x part / 100: what it adds to the score. */
  points: number
}

export interface RankRange extends Interval {
  /** By the score itself; equal scores share the better rank. */
  rank: number
  /** With how many other stores the range overlaps, so that the order is not known. */
  tied_with: number
}

export type LeftOut =
  | { reason: 'stale'; detail: string }
  /** Share of the weight in force for which there are facts, below 0.7. */
  | { reason: 'few-facts'; available: number }

export interface StoreScore {
  id: string
  peer_group: string
  /** Why the store is not in the ranking, or null. Then the seven below are not null. */
  left_out: LeftOut | null
  /** 0 to 100; 50 is the middle of the peers. */
  score: number | null
  /** 90 % interval; it holds the score. */
  interval: Interval | null
  rank: RankRange | null
  /** Ranks in 90 % of the rankings with each weight moved by up to a quarter. */
  weight_rank: Interval | null
  /** Share of those rankings, 0 to 1, in which the store stays within its own rank range. */
  weight_kept: number | null
  /** Geometric mean of the part scores by weight: one broken link makes it 0. */
  geometric: number | null
  /** The component with the lowest part score. */
  weakest: ComponentId | null
  /** Components with facts, in the order of the registry; none of a stale store. */
  parts: ScorePart[]
  /** Components in force without facts. */
  missing: ComponentId[]
}

export interface ScoreRun {
  /** Weights in force, which add up to 100. */
  weights: Weights
  /** Those ranked in order of rank, then those left out; equals by id. */
  stores: StoreScore[]
}

export interface ScoreOptions {
  weights: Weights
  /** Which components' facts the product records; by default as the registry says. */
  recorded?: ReadonlySet<ComponentId>
  random: Random
  draws?: number
  weightDraws?: number
}

/** Parts of a store, with the weight in force shared out among the components that have facts. */
function partsOf(
  store: Subject,
  inForce: readonly ComponentId[],
  weights: Weights,
  estimates: ReadonlyMap<ComponentId, ReadonlyMap<string, Estimate>>,
): ScorePart[] {
  const found = inForce.flatMap((id) => {
    const estimate = estimates.get(id)?.get(store.id)
    return estimate ? [{ id, estimate }] : []
  })
  const available = found.reduce((sum, { id }) => sum + weights[id], 0)
  return found.map(({ id, estimate }) => {
    const weight = (weights[id] / available) * 100
    return { ...estimate, id, weight, points: (weight * estimate.part) / 100 }
  })
}

/** A store before any ranking: without score, and left out if it must be. */
function unranked(
  store: ScoreStore,
  parts: ScorePart[],
  inForce: readonly ComponentId[],
  weights: Weights,
): StoreScore {
  const missing = inForce.filter((id) => !factOf(store, id))
  const available = parts.reduce((sum, { id }) => sum + weights[id], 0) / 100
  // Weights in force are quotients: 70 % may come out a rounding below itself.
  const isThin = available < AVAILABLE_MIN - 1e-9
  const left_out: LeftOut | null =
    store.stale !== null
      ? { reason: 'stale', detail: store.stale }
      : isThin
        ? { reason: 'few-facts', available }
        : null
  const { id, peer_group } = store
  const nothing = { score: null, interval: null, rank: null, weight_rank: null, weight_kept: null }
  return { id, peer_group, left_out, ...nothing, geometric: null, weakest: null, parts, missing }
}

function geometricMean(parts: readonly ScorePart[]): number {
  return Math.exp(parts.reduce((sum, { part, weight }) => sum + (weight / 100) * Math.log(part), 0))
}

/** The part with the lowest score; of equals the one with more weight, then the earlier one. */
function weakestOf(parts: readonly ScorePart[]): ComponentId | null {
  const [first, ...others] = parts
  if (!first) return null
  return others.reduce((weakest, part) => {
    const isWeaker =
      part.part < weakest.part || (part.part === weakest.part && part.weight > weakest.weight)
    return isWeaker ? part : weakest
  }, first).id
}

/** Scores, intervals and ranks of the stores that are in the ranking. */
function ranked(
  stores: readonly StoreScore[],
  inForce: readonly ComponentId[],
  weights: Weights,
  options: ScoreOptions,
): StoreScore[] {
  const { random, draws = SCORE_DRAWS, weightDraws = WEIGHT_DRAWS } = options
  const weighed = Float64Array.from(inForce, (id) => weights[id])
  const matrix = stores.map(({ parts }) => {
    const partOf = new Map(parts.map(({ id, part }) => [id, part]))
    return Float64Array.from(inForce, (id) => partOf.get(id) ?? NaN)
  })
  const scores = Float64Array.from(matrix, (parts) => weightedMean(parts, weighed))
  const ranks = ranksOf(scores)
  const shares = stores.map(({ parts }) =>
    parts.map((part): WeightedEstimate => {
      return { estimate: part, better: COMPONENTS[part.id].better, share: part.weight / 100 }
    }),
  )
  const drawn = drawScores(shares, draws, SCORE_LEVEL, random)
  const ranges = drawn.map(({ rank }, index) => around(rank, ranks[index] ?? NaN))
  const moved = weightRanks(matrix, weighed, ranges, weightDraws, SCORE_LEVEL, random)
  const ties = countTies(ranges)
  return stores.map((store, index): StoreScore => {
    const [score, rank] = [must(scores[index], 'a score'), must(ranks[index], 'a rank')]
    return {
      ...store,
      score,
      interval: around(must(drawn[index], 'draws').score, score),
      rank: { ...must(ranges[index], 'a range'), rank, tied_with: must(ties[index], 'ties') },
      weight_rank: around(must(moved[index], 'ranks').rank, rank),
      weight_kept: must(moved[index], 'ranks').kept,
      geometric: geometricMean(store.parts),
      weakest: weakestOf(store.parts),
    }
  })
}

/** The interval with the point in it: where draws are cut at 0 and 100 it may lie outside them. */
function around({ low, high }: Interval, point: number): Interval {
  return { low: Math.min(low, point), high: Math.max(high, point) }
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/**
 * Scores all stores of a chain. The same facts, weights and seed give the same result, in whatever
 * order the stores come. Stale stores neither have a score nor move the reference of others.
 * Source of every step: the definitions page, S.
 */
export function scoreStores(stores: readonly ScoreStore[], options: ScoreOptions): ScoreRun {
  const sorted = stores.toSorted(byId)
  assert(new Set(sorted.map(({ id }) => id)).size === sorted.length, 'a store came twice')
  const weights = weightsInForce(options.weights, options.recorded)
  const inForce = COMPONENT_IDS.filter((id) => weights[id] > 0)
  const fresh = sorted.filter(({ stale }) => stale === null)
  const estimates = new Map(inForce.map((id) => [id, estimatesOf(id, fresh)]))
  const all = sorted.map((store) => {
    return unranked(store, partsOf(store, inForce, weights, estimates), inForce, weights)
  })
  const scored = ranked(
    all.filter(({ left_out }) => left_out === null),
    inForce,
    weights,
    options,
  ).sort((a, b) => (a.rank?.rank ?? NaN) - (b.rank?.rank ?? NaN) || byId(a, b))
  return { weights, stores: [...scored, ...all.filter(({ left_out }) => left_out !== null)] }
}
