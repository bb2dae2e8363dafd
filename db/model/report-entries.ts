import type { Burst } from './entries.ts'

/** One customer here and in another store within half an hour. */
export interface TwoPlaces {
  customer_id: string
  name: string
  at: number
  other_store_id: string
  /** Minutes between both. */
  minutes: number
}

/** GET /api/desk/stores/:scope/entries?period=: how the records of one store came to be. */
export interface EntriesReport {
  period: string
  /** Times are told by this clock. */
  zone: string
  /** Visits of customers that people recorded here by hand; not those of an import. */
  entries: number
  /** Records that came in within the period, and those of them that took over 24 h; null: none. */
  received: { records: number; late: number } | null
  /** Customers added in the period, and those of them that are part of another record by now. */
  enrolled: { customers: number; merged: number }
  bursts: (Burst & { name: string })[]
  two_places: TwoPlaces[]
  /** Entries outside the store's hours; null where these are not known. */
  after_hours: number | null
  same_notes: { note: string; visits: number }[]
  /** Names of the stores that are spoken of. */
  stores: { id: string; name: string; name_en: string | null }[]
}
