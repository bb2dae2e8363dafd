// The figures of a scope (store, region, chain) in a period, from the sums that the ledger keeps.
// Each has one definition, shown behind its column header. Null means "no data", never zero.

/** Sums of one scope over one period; stocks are levels at the end of its last day. */
export interface ScopeSums {
  identified: number
  anonymous: number
  /** Identified visits of days that have an anonymous tally: the rate's honest numerator. */
  identified_tallied: number
  spend: number
  sales: number
  /** Distinct customers seen in this scope in the period. */
  visitors: number
  new: number
  /** Distinct customers seen in the period and before it, at the home of their first day in it. */
  returning: number
  active: number
  tagged: number
}

export const NO_SUMS: ScopeSums = {
  identified: 0,
  anonymous: 0,
  identified_tallied: 0,
  spend: 0,
  sales: 0,
  visitors: 0,
  new: 0,
  returning: 0,
  active: 0,
  tagged: 0,
}

export const METRICS = [
  'visits',
  'identified_rate',
  'visitors',
  'new',
  'returning',
  'active',
  'tag_coverage',
  'spend_per_visit',
] as const
export type Metric = (typeof METRICS)[number]

/** Unit of each metric: a count, a share of 1, or minor units of the currency. */
export const METRIC_UNIT: Record<Metric, 'count' | 'share' | 'money'> = {
  visits: 'count',
  identified_rate: 'share',
  visitors: 'count',
  new: 'count',
  returning: 'count',
  active: 'count',
  tag_coverage: 'share',
  spend_per_visit: 'money',
}

/** Metrics that add up over stores. Visitors never do: each scope has a count of its own. */
export const ADDITIVE: readonly Metric[] = ['visits', 'new', 'returning', 'active']

/** How things stand at the end of a period; all others tell what happened in it. */
export const LEVELS: readonly Metric[] = ['active', 'tag_coverage']

/** What the rates of a period rest on; null: no data. */
export interface Cases {
  /** Visits of days that have an anonymous tally, of people known or not. */
  tallied: number | null
  /** Visits with a sale. */
  sales: number | null
}

export type MetricValues = Record<Metric, number | null> & Cases

function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator
}

/** Source of every formula: the definitions page of the product (metric dictionary). */
export function metricsOf(sums: ScopeSums): MetricValues {
  return {
    visits: sums.identified + sums.anonymous,
    identified_rate:
      sums.anonymous === 0
        ? null
        : ratio(sums.identified_tallied, sums.identified_tallied + sums.anonymous),
    visitors: sums.visitors,
    new: sums.new,
    returning: sums.returning,
    active: sums.active,
    tag_coverage: ratio(sums.tagged, sums.active),
    spend_per_visit: ratio(sums.spend, sums.sales),
    tallied: sums.identified_tallied + sums.anonymous,
    sales: sums.sales,
  }
}
