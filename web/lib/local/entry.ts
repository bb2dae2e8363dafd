import { type CustomerRow, rowOfCustomer } from '#model/customer.ts'
import { type LookupEntry, searchText } from '#model/search-text.ts'
import type { ViewRow } from './tables.ts'

/**
 * An entry of the look-up list with the texts by which it is found. `digits` is what a query of
 * digits is held against: half as long, and half as wide in memory without the name.
 */
export interface PackedEntry {
  entry: LookupEntry
  text: string
  digits: string
}

const DIGIT = /\p{N}/u

export type TakeEntries = (slice: readonly PackedEntry[]) => void

/** Where the look-up index gets its entries from, slice by slice. */
export interface EntrySource {
  all(take: TakeEntries): Promise<void>
  /** Those of some parts that were just stored. */
  ofParts(nos: readonly number[], take: TakeEntries): Promise<void>
}

export function entryOf(row: CustomerRow, lastAt: number | null): LookupEntry {
  return {
    id: row.id,
    home_store_id: row.home_store_id,
    name: row.name,
    pinyin: row.pinyin,
    initials: row.initials,
    phone: row.phone,
    phone_alt: row.phone_alt,
    card: row.card,
    tier: row.tier,
    last_at: lastAt,
    ...(row.merged_into === undefined ? {} : { merged_into: row.merged_into }),
  }
}

export function packEntry(row: CustomerRow, lastAt: number | null): PackedEntry {
  const entry = entryOf(row, lastAt)
  const text = searchText(entry)
  const isDigitName = DIGIT.test(entry.name)
  const digits = isDigitName ? text : searchText({ ...entry, name: '', pinyin: '', initials: '' })
  return { entry, text, digits }
}

/** The customer of a view as a row; null for a view of anything else. */
export function rowOfView(view: ViewRow | undefined): CustomerRow | null {
  return view?.kind === 'customer' ? rowOfCustomer(view.body, view.key) : null
}
