import type { Period } from '#model/period.ts'
import type { CompareWith } from '#model/report-compare.ts'
import { DEFAULT_SORT, query, readPeriod, readSort, type Sort, writeSort } from './address.ts'
import { type Peers, readPeers, readPicked, readWith, sharedParts } from './compare-address.ts'

// The state of the table of stores; see address.ts.

export interface StoresView {
  period: Period
  sort: Sort
  q: string
  region: string
  format: string
  grouped: boolean
  /** Regions whose stores are folded away. */
  closed: readonly string[]
  /** What the period is compared with, and whom stores are measured by. */
  vs: CompareWith
  peers: Peers
  /** Stores that were ticked to be compared. */
  picked: readonly string[]
}

export function readStoresView(params: URLSearchParams, fallback: Period): StoresView {
  return {
    period: readPeriod(params) ?? fallback,
    sort: readSort(params.get('sort')),
    q: params.get('q') ?? '',
    region: params.get('region') ?? '',
    format: params.get('format') ?? '',
    grouped: params.get('group') !== 'none',
    closed: (params.get('closed') ?? '').split(',').filter((part) => part !== ''),
    vs: readWith(params),
    peers: readPeers(params),
    picked: readPicked(params),
  }
}

/** The period is always written: a link must mean the same next month. */
export function writeStoresView(view: StoresView): string {
  const sort = writeSort(view.sort)
  const parts = {
    period: view.period.text,
    sort: sort === writeSort(DEFAULT_SORT) ? '' : sort,
    ...sharedParts(view),
    q: view.q,
    region: view.region,
    format: view.format,
    group: view.grouped ? '' : 'none',
    closed: view.closed.join(','),
  }
  return query(parts, view.picked)
}
