import { referencesOf } from '../score/peers.ts'
import { ALERT_METRIC, type AlertMetric } from './alert-metric.ts'

// The figures of all stores of a chain by ISO week, for one metric.

export interface StoreWeeks {
  store_id: string
  region_id: string | null
  format: string | null
  /** x and n of each week; n = 0 is no data. */
  x: readonly number[]
  n: readonly number[]
  /** How many weeks, from the first on, are whole; what tablets still hold belongs to the rest. */
  whole: number
}

export interface WeekFigures {
  metric: AlertMetric
  /** The Monday of week 0. */
  first: number
  /** How many weeks there are. */
  count: number
  stores: readonly StoreWeeks[]
}

export const WEEK_DAYS = 7

/** The weeks `end - weeks + 1` to `end`, told as one figure. */
export interface Block {
  end: number
  weeks: number
}

export interface Figure {
  x: number
  n: number
  /** A share of 1, a mean, or a count per week. */
  value: number
}

/** One store's weeks, of which any run is summed at once. */
export class StoreSeries {
  readonly store: StoreWeeks
  readonly peer_group: string
  readonly #isLevel: boolean
  readonly #isCount: boolean
  readonly #sumX: Float64Array
  readonly #sumN: Float64Array
  /** Weeks without data up to each. */
  readonly #holes: Int32Array

  constructor(store: StoreWeeks, metric: AlertMetric) {
    this.store = store
    this.peer_group = store.format ?? ''
    const { kind, isLevel } = ALERT_METRIC[metric]
    this.#isLevel = isLevel
    this.#isCount = kind === 'count'
    const { x, n } = store
    this.#sumX = new Float64Array(n.length + 1)
    this.#sumN = new Float64Array(n.length + 1)
    this.#holes = new Int32Array(n.length + 1)
    n.forEach((cases, week) => {
      this.#sumX[week + 1] = (this.#sumX[week] ?? 0) + (x[week] ?? 0)
      this.#sumN[week + 1] = (this.#sumN[week] ?? 0) + cases
      this.#holes[week + 1] = (this.#holes[week] ?? 0) + (cases > 0 ? 0 : 1)
    })
  }

  /** Null where there is no data, or not all of it yet. A count needs every week of the run. */
  at({ end, weeks }: Block): Figure | null {
    const value = this.value(end, weeks)
    if (value === null) return null
    const from = this.#isLevel ? end : end - weeks + 1
    const x = (this.#sumX[end + 1] ?? 0) - (this.#sumX[from] ?? 0)
    const n = (this.#sumN[end + 1] ?? 0) - (this.#sumN[from] ?? 0)
    return { x, n, value }
  }

  /** As `at`, the value alone: what limits over time ask for millions of times. */
  value(end: number, weeks: number): number | null {
    const from = this.#isLevel ? end : end - weeks + 1
    if (from < 0 || end >= this.store.whole) return null
    const n = (this.#sumN[end + 1] ?? 0) - (this.#sumN[from] ?? 0)
    if (n <= 0) return null
    const x = (this.#sumX[end + 1] ?? 0) - (this.#sumX[from] ?? 0)
    if (!this.#isCount) return x / n
    const hasHole = (this.#holes[end + 1] ?? 0) > (this.#holes[from] ?? 0)
    return hasHole ? null : x / (end - from + 1)
  }
}

/** A group of stores that are compared, and those of them that it is the measure for. */
export interface Group {
  members: readonly StoreSeries[]
  subjects: readonly StoreSeries[]
}

/** Stores are compared with those of their format, or where these are few with the chain. */
export function groupsOf({ metric, stores }: WeekFigures): Group[] {
  const series = stores.map((store) => new StoreSeries(store, metric))
  return referencesOf(series).map(({ reference, subjects }) => ({
    members: reference.stores,
    subjects,
  }))
}
