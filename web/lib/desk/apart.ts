import { commonCurrency, isMoney } from '#model/currency.ts'
import type { Metric } from '#model/metrics.ts'
import type { ComparePlace } from '#model/report-compare.ts'

// Places that are shown beside each other, and whether their money can be. A place of several
// currencies has no money to show.

type Counted = Pick<ComparePlace, 'currency'>

/** What the places with money count in; null: they share no currency. */
export function currencyOf(places: readonly Counted[]): string | null {
  return commonCurrency(places.flatMap(({ currency }) => (currency === null ? [] : [currency])))
}

/** Whether it is money of places that share no currency: it has no common scale and no order. */
export function isApart(metric: Metric, places: readonly Counted[]): boolean {
  return isMoney(metric) && new Set(places.flatMap((place) => place.currency ?? [])).size > 1
}
