import { HOME } from '#model/figures.ts'
import { CHAIN } from '#model/id.ts'
import type { Ledger } from './ledger.ts'
import type { Db } from './engine.ts'

// Which scopes a book's figure counts for.

/** The region of each store. */
export type Regions = ReadonlyMap<string, string | null>

export interface Amount {
  store_id: string
  scope: string
  metric: string
  value: number
}

export type AddTo = (scope: string, metric: string, value: number) => void

export async function readRegions(ledger: Ledger, db: Db): Promise<Regions> {
  const { store } = ledger.t
  const rows = await db.select({ id: store.id, region: store.region_id }).from(store)
  return new Map(rows.map((row) => [row.id, row.region]))
}

const MOVE = /^((?:value_)?transfer_(?:in|out)):(.+)$/

/**
 * Adds a book's figure to the scopes that it counts for. Figures of the home add up over stores,
 * regions and the chain; a move is none within a region or the chain. Visitors have a row per
 * scope, which never add up.
 */
export function spread({ store_id, scope, metric, value }: Amount, regions: Regions, add: AddTo) {
  const region = regions.get(store_id) ?? null
  const move = MOVE.exec(metric)
  if (move) {
    const [, flow = '', other = ''] = move
    add(store_id, flow, value)
    if (region !== null && regions.get(other) !== region) add(region, flow, value)
    return
  }
  if (scope === HOME) {
    add(store_id, metric, value)
    if (region !== null) add(region, metric, value)
    add(CHAIN, metric, value)
    return
  }
  add(scope, metric, value)
}

interface Figure {
  scope: string
  metric: string
  value: number
  rolled: number
}

/**
 * Identified visits of a store's day count for the rate only where there was a tally that day.
 * Gives how many by what the rows say now (`value`) or said to the rollups (`rolled`).
 */
export function tallied(dayOfStore: readonly Figure[], which: 'value' | 'rolled'): number {
  const amountOf = (metric: string) =>
    dayOfStore.find((row) => row.scope === HOME && row.metric === metric)?.[which] ?? 0
  return amountOf('anonymous') > 0 ? amountOf('identified') : 0
}
