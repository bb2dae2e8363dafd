import { type BgNbdFit, fitBgNbd, type NoFit } from './bgnbd-fit.ts'
import { countSummaries } from './bgnbd-fit.ts'
import type { CountedSummary } from './bgnbd.ts'
import type { VisitSummary } from './visit-summary.ts'

// BG/NBD of one store. A store of fifty customers cannot tell four parameters, so customers of the
// whole chain join its own as if they were so many more (a power prior: Ibrahim and Chen, Power
// Prior Distributions for Regression Models, Statistical Science 15, 2000). What the chain says
// weighs as much as 200 customers: all in a new store, next to nothing in one of thousands.

/** Customers that the whole chain counts for in a store's fit. */
export const PRIOR_CUSTOMERS = 200

/**
 * A fit reads at most so many of a store's customers, and of those lent by the chain: more change
 * the parameters by less than their error, and what a fit costs grows with them.
 */
export const SAMPLE_MAX = 1000
export const LENT_SAMPLE_MAX = 400

/** In ln L: parameters that differ by so little are all as likely. */
const PRECISION = 1e-4

export interface StoreFit extends BgNbdFit {
  /** Customers of the store, and those lent by the chain. */
  own: number
  lent: number
}

/** At most `max` of the items, evenly spaced, the first one always. */
export function evenSample<T>(items: readonly T[], max: number): T[] {
  if (items.length <= max) return [...items]
  return Array.from({ length: max }, (_, at) => Math.floor((at * items.length) / max)).flatMap(
    (at) => items.slice(at, at + 1),
  )
}

/** The chain's customers, as many as they are lent for. */
export function lendOf(chain: readonly VisitSummary[]): CountedSummary[] {
  const scale = Math.min(1, PRIOR_CUSTOMERS / chain.length)
  return countSummaries(chain).map((one) => ({ ...one, count: one.count * scale }))
}

/**
 * The fit of a store's customers, in the order of their ids, with those of `lent`; in days. Refused
 * where both together are too few, nobody came again, or the search finds no end.
 */
export function fitOfStore(
  own: readonly VisitSummary[],
  lent: readonly CountedSummary[],
): StoreFit | NoFit {
  const sample = evenSample(own, SAMPLE_MAX)
  const weight = own.length / Math.max(1, sample.length)
  const counted = countSummaries(sample).map((one) => ({ ...one, count: one.count * weight }))
  const result = fitBgNbd([...counted, ...lent], PRECISION)
  if (!('params' in result)) return result
  const borrowed = lent.reduce((sum, { count }) => sum + count, 0)
  return { ...result, own: own.length, lent: Math.round(borrowed) }
}
