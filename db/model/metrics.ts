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
  /** Of these, who had not been seen in this scope before it. */
  visitors_first: number
  /** First days of customers in this scope, also of those who were forgotten since. */
  first_seen: number
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
  visitors_first: 0,
  first_seen: 0,
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

/** Told beside the others of one place, with their change; they are neither ranked nor judged. */
export const BESIDE_METRICS = ['returning_here', 'repeat_visits', 'spend_per_identified'] as const
export type BesideMetric = (typeof BESIDE_METRICS)[number]

export type AnyMetric = Metric | BesideMetric
export const ALL_METRICS: readonly AnyMetric[] = [...METRICS, ...BESIDE_METRICS]

export function isBeside(metric: AnyMetric): metric is BesideMetric {
  return BESIDE_METRICS.some((one) => one === metric)
}

/** Unit of each metric: a count, a share of 1, or minor units of the currency. */
export const METRIC_UNIT: Record<AnyMetric, 'count' | 'share' | 'money'> = {
  visits: 'count',
  identified_rate: 'share',
  visitors: 'count',
  new: 'count',
  returning: 'count',
  active: 'count',
  tag_coverage: 'share',
  spend_per_visit: 'money',
  returning_here: 'count',
  repeat_visits: 'count',
  spend_per_identified: 'money',
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
  /** Visits of people who are known. */
  identified: number | null
}

export type MetricValues = Record<AnyMetric, number | null> & Cases

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
    returning_here: sums.visitors - sums.visitors_first,
    repeat_visits: sums.identified - sums.first_seen,
    spend_per_identified: ratio(sums.spend, sums.identified),
    tallied: sums.identified_tallied + sums.anonymous,
    sales: sums.sales,
    identified: sums.identified,
  }
}
