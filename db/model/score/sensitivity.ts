// Weights are a judgement. How much hangs on it: every weight is moved by up to a quarter, many
// times over, and the ranks are looked at again.
import { middleOf } from '../stats/quantile.ts'
import type { Random } from '../stats/random.ts'
import type { Interval } from '../stats/wilson.ts'
import { drawRanks } from './ranks.ts'

/** Weights are moved by at most this share of themselves, either way. */
export const WEIGHT_SHIFT = 0.25

export interface WeightRank {
  /** The ranks held in the middle `level` of the draws. */
  rank: Interval
  /** Share of the draws, 0 to 1, in which the store stays within its own rank range. */
  kept: number
}

/**
 * What moved weights do to the ranks. `parts` has one row per store and one column per weight: the
 * part score, or NaN where there are no facts. A store's weights are scaled to those of its parts
 * that have facts. `ranges` are the rank ranges that the facts alone leave open, store by store.
 */
export function weightRanks(
  parts: readonly Float64Array[],
  weights: Float64Array,
  ranges: readonly Interval[],
  draws: number,
  level: number,
  random: Random,
): WeightRank[] {
  const moved = new Float64Array(weights.length)
  const held = drawRanks(parts.length, draws, (_, scores) => {
    weights.forEach((weight, index) => {
      moved[index] = weight * (1 + WEIGHT_SHIFT * (2 * random() - 1))
    })
    for (let store = 0; store < scores.length; store += 1) {
      scores[store] = weightedMean(parts[store] ?? moved, moved)
    }
  })
  return parts.map((_, store) => {
    const ranks = held.subarray(store * draws, (store + 1) * draws)
    return { kept: shareWithin(ranks, ranges[store]), rank: middleOf(ranks, level) }
  })
}

function shareWithin(ranks: Int32Array, range: Interval | undefined): number {
  if (!range) return 0
  let within = 0
  for (const rank of ranks) if (rank >= range.low && rank <= range.high) within += 1
  return within / ranks.length
}

/** Mean of the values that are not NaN, by their weights. */
export function weightedMean(values: Float64Array, weights: Float64Array): number {
  let sum = 0
  let total = 0
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? NaN
    if (Number.isNaN(value)) continue
    const weight = weights[index] ?? NaN
    sum += weight * value
    total += weight
  }
  return sum / total
}
