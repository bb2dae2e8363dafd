// Records that may be of one person, as headquarters and managers see them.

/** One of several records that have a phone number in common. */
export interface DuplicateRecord {
  customer_id: string
  home_store_id: string
  name: string
  /** The last four digits of its first phone. */
  phone_end: string | null
  /** Instant of enrolment. */
  created_at: number
  /** Days with a visit, and the last of them. */
  visit_days: number
  last_day: number | null
}

/** A record that was made part of another, which can still be undone. */
export interface MergedRecord {
  customer_id: string
  home_store_id: string
  name: string
  into_id: string
  into_name: string
  /** The business day from which they are one. */
  day: number
}

export interface DuplicatesReport {
  /** Each of two or more records, the latest seen first. */
  groups: DuplicateRecord[][]
  /** Groups that there are; more than are listed where there are many. */
  total: number
  merged: MergedRecord[]
  stores: { id: string; name: string; name_en: string | null }[]
}
