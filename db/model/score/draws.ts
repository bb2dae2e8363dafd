// How sure a score is: the true figures are drawn from what is believed of them, many times over,
// and each draw is scored and ranked as the figures are. Peers' middle and scale stay as they are.
import { fillDraws } from '../stats/posterior.ts'
import type { Random } from '../stats/random.ts'
import { middleOf } from '../stats/quantile.ts'
import type { Interval } from '../stats/wilson.ts'
import { Z_MAX } from './normalise.ts'
import type { Estimate } from './estimate.ts'
import { rankRanges } from './ranks.ts'

/** One part of a store's score: its estimate, and the share of the score that it has. */
export interface WeightedEstimate {
  estimate: Estimate
  better: 'higher' | 'lower'
  /** 0 to 1; those of a store add up to 1. */
  share: number
}

export interface Drawn {
  /** Interval of the score. */
  score: Interval
  /** Interval of the rank. */
  rank: Interval
}

/** Adds one part's drawn scores, times its share, to those of the store. */
function addPart(part: WeightedEstimate, draws: Float64Array, random: Random, out: Float64Array) {
  const { estimate, better, share } = part
  const { median, sigma } = estimate.scale
  if (sigma === 0) {
    for (let draw = 0; draw < out.length; draw += 1) out[draw] = (out[draw] ?? NaN) + 50 * share
    return
  }
  fillDraws(estimate.posterior, random, draws)
  const slope = (better === 'higher' ? 50 : -50) / (Z_MAX * sigma)
  for (let draw = 0; draw < out.length; draw += 1) {
    const score = 50 + ((draws[draw] ?? NaN) - median) * slope
    out[draw] = (out[draw] ?? NaN) + share * (score > 100 ? 100 : score < 0 ? 0 : score)
  }
}

/** Interval of the score and of the rank of each store, in the middle `level` of the draws. */
export function drawScores(
  stores: readonly (readonly WeightedEstimate[])[],
  draws: number,
  level: number,
  random: Random,
): Drawn[] {
  const scores = new Float64Array(stores.length * draws)
  const drawn = new Float64Array(draws)
  const intervals = stores.map((parts, store): Interval => {
    const row = scores.subarray(store * draws, (store + 1) * draws)
    for (const part of parts) addPart(part, drawn, random, row)
    return middleOf(row.slice(), level)
  })
  const ranks = rankRanges(stores.length, draws, level, (draw, out) => {
    for (let store = 0; store < out.length; store += 1) {
      out[store] = scores[store * draws + draw] ?? NaN
    }
  })
  return intervals.map((score, store) => ({ score, rank: ranks[store] ?? { low: NaN, high: NaN } }))
}
