// From the sums that the ledger keeps of a store to the facts of its score. What is absent here is
// no data: a store is never scored by a nought that nobody counted.
import { growthOf, ratioOfSums, type WeekSums } from '../stats/measured.ts'
import type { Counted } from '../stats/shrink.ts'
import type { ScoreFacts } from './estimate.ts'

/** What became of a store's active customers in the last activity window of the period. */
export interface Kept {
  /** Active as the window began. */
  opening: number
  /** Who came to and left this home meanwhile for another reason than staying away. */
  arrived: number
  departed: number
  /** Who stayed away for the whole activity window. */
  lost: number
}

/** Sums of one store; spans of spend are in the order of time. */
export interface StoreSums {
  kept: Kept
  /** Customers whose 60 days ended in the period, and those of them who had come again. */
  new60: number
  second60: number
  /** Identified visits of days with an anonymous tally, and the tallied ones. */
  identified_tallied: number
  anonymous: number
  /** Spend in minor units (x) and visits with a sale (n), by week or month. */
  spend: readonly WeekSums[]
  spend_before: readonly WeekSums[]
}

export const NO_STORE_SUMS: StoreSums = {
  kept: { opening: 0, arrived: 0, departed: 0, lost: 0 },
  new60: 0,
  second60: 0,
  identified_tallied: 0,
  anonymous: 0,
  spend: [],
  spend_before: [],
}

/** x of n, or nothing without an n. Late corrections may leave a sum a little out of step. */
function shareOf(x: number, n: number): Counted | null {
  return n > 0 ? { x: Math.min(n, Math.max(0, x)), n } : null
}

/**
 * Of those who were active as the window began, or whose home the store became, all but the lost
 * came again within it: the window is as long as the time after which a customer counts as lost.
 */
export function retainedFact({ opening, arrived, departed, lost }: Kept): Counted | null {
  const n = opening + arrived - departed
  return opening > 0 ? shareOf(n - lost, n) : null
}

/** Facts by component; those that the sums say nothing of are left out. */
export function factsOf(sums: StoreSums): ScoreFacts {
  const { anonymous, identified_tallied, new60, second60 } = sums
  const retained_rate = retainedFact(sums.kept)
  const second_visit_rate = shareOf(second60, new60)
  // Without a tally nobody knows how many came unrecognised.
  const tallied = anonymous > 0 ? identified_tallied + anonymous : 0
  const identified_rate = shareOf(identified_tallied, tallied)
  const now = ratioOfSums(sums.spend)
  const before = ratioOfSums(sums.spend_before)
  const growth = now && before ? growthOf(now, before) : null
  const sales = sums.spend.reduce((all, { n }) => all + n, 0)
  return {
    ...(retained_rate ? { retained_rate } : {}),
    ...(second_visit_rate ? { second_visit_rate } : {}),
    ...(identified_rate ? { identified_rate } : {}),
    ...(growth ? { spend_growth: { ...growth, n: sales } } : {}),
  }
}
