import type { Period } from '#model/period.ts'
import type { EntriesReport } from '#model/report-entries.ts'
import type {
  CompareReport,
  CompareWith,
  FunnelReport,
  StaffReport,
  TagMixReport,
} from '#model/report-compare.ts'
import type { FunnelView } from './compare-address.ts'
import {
  CompareReportShape,
  EntriesShape,
  FunnelReportShape,
  StaffShape,
  TagMixShape,
} from './compare-shapes.ts'
import { type Fetch, read } from './request.ts'

// What stores are compared by. Every function throws DeskError.

export interface ComparisonAsked {
  period: Period
  vs: CompareWith
  /** Two to eight places; absent: all that the reader may see. */
  picked?: readonly string[]
}

/** Thirteen periods of the places, the last one of them asked for. */
export function getComparison(get: Fetch, asked: ComparisonAsked): Promise<CompareReport> {
  const stores = (asked.picked ?? []).map((id): [string, string] => ['s', id])
  const parts: [string, string][] = [['period', asked.period.text], ['vs', asked.vs], ...stores]
  return read(get, `/api/desk/compare?${new URLSearchParams(parts)}`, CompareReportShape)
}

export function getFunnel(get: Fetch, { period, rate, format }: FunnelView): Promise<FunnelReport> {
  const parts = { period: period.text, rate, ...(format === '' ? {} : { format }) }
  return read(get, `/api/desk/funnel?${new URLSearchParams(parts)}`, FunnelReportShape)
}

export function getTagMix(get: Fetch, store: string): Promise<TagMixReport> {
  return read(get, `/api/desk/stores/${encodeURIComponent(store)}/tags`, TagMixShape)
}

export function getStaff(get: Fetch, store: string, period: Period): Promise<StaffReport> {
  const asked = new URLSearchParams({ period: period.text })
  return read(get, `/api/desk/stores/${encodeURIComponent(store)}/staff?${asked}`, StaffShape)
}

export function getEntries(get: Fetch, store: string, period: Period): Promise<EntriesReport> {
  const asked = new URLSearchParams({ period: period.text })
  return read(get, `/api/desk/stores/${encodeURIComponent(store)}/entries?${asked}`, EntriesShape)
}
