import { ascending, quantileOfSorted } from '../stats/quantile.ts'
import type { Block, StoreSeries } from './week-figures.ts'

// A holiday empties every store, and is no alert in any. So a store's figures are divided by what
// the same weeks were to its peers: the median of each one's figure over its own mean of the weeks
// before. Only weeks up to the judged one have a part in it, so no alert changes afterwards.

/** With fewer peers the median is noisier than the season that it takes out. */
export const SEASON_PEERS_MIN = 5
/** So many tell the season as well as thousands do. */
const SEASON_PEERS_MAX = 200
/** Below so many members a store's own break would show in the median. */
const APART_BELOW = 24

type Values = readonly (number | null)[]

/** Each value over the mean of the first `base` ones; null with less than half of those. */
function relative(values: Values, base: number): Values | null {
  const known = values.slice(0, base).filter((value) => value !== null)
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  if (known.length * 2 < base || !(mean > 0)) return null
  return values.map((value) => (value === null ? null : value / mean))
}

function medians(rows: readonly Values[], places: number): Values {
  return Array.from({ length: places }, (_, place) => {
    const known = rows.map((row) => row[place] ?? null).filter((value) => value !== null)
    if (known.length < SEASON_PEERS_MIN) return null
    return quantileOfSorted(ascending(known), 0.5)
  })
}

/** What blocks of weeks were to the members of a group; `base` of them, the first, are its 1. */
export class Season {
  readonly #rows: { store_id: string; row: Values }[]
  readonly #places: number
  readonly #shared: Values | null

  constructor(members: readonly StoreSeries[], blocks: readonly Block[], base: number) {
    const step = Math.max(1, Math.ceil(members.length / SEASON_PEERS_MAX))
    this.#places = blocks.length
    this.#rows = members
      .filter((_, at) => at % step === 0)
      .flatMap((one) => {
        const values = blocks.map(({ end, weeks }) => one.value(end, weeks))
        const row = relative(values, base)
        return row ? [{ store_id: one.store.store_id, row }] : []
      })
    const isLarge = this.#rows.length >= APART_BELOW
    this.#shared = isLarge ? this.#medians(this.#rows.map(({ row }) => row)) : null
  }

  /** The factor of each block for a store, of whom it is told by the others; 1 with too few. */
  factorsFor(storeId: string): Values {
    if (this.#shared) return this.#shared
    const others = this.#rows.filter(({ store_id }) => store_id !== storeId)
    return this.#medians(others.map(({ row }) => row))
  }

  #medians(rows: readonly Values[]): Values {
    if (rows.length < SEASON_PEERS_MIN) return Array.from({ length: this.#places }, () => 1)
    return medians(rows, this.#places)
  }
}
