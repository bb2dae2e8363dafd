// Weights are a judgement. How much hangs on it: every weight is moved by up to a quarter, many
// times over, and the ranks are looked at again.
import type { Random } from '../stats/random.ts'
import type { Interval } from '../stats/wilson.ts'
import { rankRanges } from './ranks.ts'

/** Weights are moved by at most this share of themselves, either way. */
export const WEIGHT_SHIFT = 0.25

/**
 * The ranks that each store holds in the middle `level` of the draws. `parts` has one row per store
 * and one column per weight: the part score, or NaN where there are no facts. A store's weights are
 * scaled to those of its parts that have facts.
 */
export function weightRanks(
  parts: readonly Float64Array[],
  weights: Float64Array,
  draws: number,
  level: number,
  random: Random,
): Interval[] {
  const moved = new Float64Array(weights.length)
  return rankRanges(parts.length, draws, level, (_, scores) => {
    weights.forEach((weight, index) => {
      moved[index] = weight * (1 + WEIGHT_SHIFT * (2 * random() - 1))
    })
    for (let store = 0; store < scores.length; store += 1) {
      scores[store] = weightedMean(parts[store] ?? moved, moved)
    }
  })
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
