// Ranks, and how far they can be trusted: where two ranges overlap, the order of two stores is not
// known, and a league table that shows one before the other says more than the facts do.
import { middleOf } from '../stats/quantile.ts'
import type { Interval } from '../stats/wilson.ts'

/** Scores that differ by less than this are equal: order of summing must not decide a rank. */
const STEPS_PER_POINT = 1e6
/** Digits by which scores are sorted: three of 512 hold every step from 0 to 100 points. */
const DIGIT_BITS = 9
const DIGITS = 2 ** DIGIT_BITS
const PASSES = 3

/**
 * Ranks the same stores again and again. It sorts by digits in arrays of its own, which for
 * thousands of stores takes a tenth of the time of a sort that compares.
 */
export class Ranking {
  readonly #behind: Int32Array
  readonly #starts = new Int32Array(DIGITS * PASSES)
  #order: Int32Array
  #spare: Int32Array

  constructor(stores: number) {
    this.#behind = new Int32Array(stores)
    this.#order = new Int32Array(stores)
    this.#spare = new Int32Array(stores)
  }

  /** Ranks from 1 for the highest of scores within 0 to 100; equal ones share the better rank. */
  rank(scores: Float64Array, ranks: Int32Array): void {
    const behind = this.#behind
    for (let store = 0; store < behind.length; store += 1) {
      behind[store] = Math.round((100 - (scores[store] ?? NaN)) * STEPS_PER_POINT)
    }
    this.#sort()
    const order = this.#order
    let last = -1
    let rank = 0
    for (let position = 0; position < order.length; position += 1) {
      const store = order[position] ?? 0
      const steps = behind[store] ?? 0
      if (steps !== last) rank = position + 1
      last = steps
      ranks[store] = rank
    }
  }

  /** Orders the stores by how far they are behind: a radix sort from the lowest digit up. */
  #sort(): void {
    const behind = this.#behind
    const starts = this.#starts.fill(0)
    for (let store = 0; store < behind.length; store += 1) {
      const steps = behind[store] ?? 0
      for (let pass = 0; pass < PASSES; pass += 1) {
        const slot = pass * DIGITS + ((steps >> (pass * DIGIT_BITS)) & (DIGITS - 1))
        starts[slot] = (starts[slot] ?? 0) + 1
      }
      this.#order[store] = store
    }
    for (let pass = 0; pass < PASSES; pass += 1) {
      let start = 0
      for (let slot = pass * DIGITS; slot < (pass + 1) * DIGITS; slot += 1) {
        const count = starts[slot] ?? 0
        starts[slot] = start
        start += count
      }
      const [from, to] = [this.#order, this.#spare]
      for (let position = 0; position < from.length; position += 1) {
        const store = from[position] ?? 0
        const digit = ((behind[store] ?? 0) >> (pass * DIGIT_BITS)) & (DIGITS - 1)
        const place = starts[pass * DIGITS + digit] ?? 0
        to[place] = store
        starts[pass * DIGITS + digit] = place + 1
      }
      this.#order = to
      this.#spare = from
    }
  }
}

/** The ranks of scores within 0 to 100, 1 for the highest; equal ones share the better rank. */
export function ranksOf(scores: Float64Array): Int32Array {
  const ranks = new Int32Array(scores.length)
  new Ranking(scores.length).rank(scores, ranks)
  return ranks
}

/**
 * The ranks of all stores in many drawn rankings, one row per store: its draws lie together when
 * their middle is sought. `fill` writes the scores of all stores in one draw.
 */
export function drawRanks(
  stores: number,
  draws: number,
  fill: (draw: number, scores: Float64Array) => void,
): Int32Array {
  const ranking = new Ranking(stores)
  const scores = new Float64Array(stores)
  const ranks = new Int32Array(stores)
  const held = new Int32Array(stores * draws)
  for (let draw = 0; draw < draws; draw += 1) {
    fill(draw, scores)
    ranking.rank(scores, ranks)
    for (let store = 0; store < stores; store += 1) held[store * draws + draw] = ranks[store] ?? 0
  }
  return held
}

/** The ranks that each store held in the middle `level` (such as 0.9) of drawn rankings. */
export function rankRanges(
  stores: number,
  draws: number,
  level: number,
  fill: (draw: number, scores: Float64Array) => void,
): Interval[] {
  const held = drawRanks(stores, draws, fill)
  return Array.from({ length: stores }, (_, store) => {
    return middleOf(held.subarray(store * draws, (store + 1) * draws), level)
  })
}

/** Whether the order of two stores is unknown: their rank ranges overlap. */
export function areTied(one: Interval, other: Interval): boolean {
  return one.low <= other.high && other.low <= one.high
}

/** How many values of an ascending array are below the limit. */
function countBelow(sorted: Float64Array, limit: number): number {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >> 1
    if ((sorted[middle] ?? NaN) < limit) from = middle + 1
    else to = middle
  }
  return from
}

/** For each range, with how many of the others it is tied. */
export function countTies(ranges: readonly Interval[]): number[] {
  const lows = Float64Array.from(ranges, ({ low }) => low).sort()
  const highs = Float64Array.from(ranges, ({ high }) => high).sort()
  return ranges.map(({ low, high }) => {
    const startsAfter = ranges.length - countBelow(lows, high + 1)
    const endsBefore = countBelow(highs, low)
    return ranges.length - startsAfter - endsBefore - 1
  })
}
