import type { CustomerRow } from './customer.ts'
import { PURPOSES, type HistoryRow, type Purpose } from './visit.ts'

// What a clerk sees at a glance, from one customer's own facts. Tablet and server run the same
// function, so the portrait is the same with and without a network.

export const YEAR_DAYS = 365
/** Gaps needed before a customer's own rhythm says anything. */
export const RHYTHM_MIN_GAPS = 3
/** Days for which somebody with a single visit day in all their history is new. */
export const NEW_DAYS = 30
export const AMBER_RATIO = 1.5
export const RED_RATIO = 2.5

/** Upper bounds of the spend bands, in major units of trailing-year spend. */
export const SPEND_BANDS_MAJOR = [500, 2000, 5000] as const

export type RhythmLight = 'unknown' | 'new' | 'green' | 'amber' | 'red'

export interface Portrait {
  lastDay: number | null
  daysSince: number | null
  visitsInYear: number
  /** Median days between visit days of the trailing year, or null with fewer than 3 gaps. */
  medianGapDays: number | null
  light: RhythmLight
  spendInYearMinor: number
  /** 0 none, then 1 to 4 by `SPEND_BANDS_MAJOR`. */
  spendBand: 0 | 1 | 2 | 3 | 4
  usualPurpose: Purpose | null
  storesInYear: number
}

export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[middle - 1], sorted[middle]]
  if (high === undefined) return null
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2
}

function lightOf(isOnce: boolean, daysSince: number | null, gap: number | null): RhythmLight {
  if (daysSince === null) return 'unknown'
  if (isOnce && daysSince <= NEW_DAYS) return 'new'
  if (gap === null || gap === 0) return 'unknown'
  const ratio = daysSince / gap
  return ratio < AMBER_RATIO ? 'green' : ratio < RED_RATIO ? 'amber' : 'red'
}

function bandOf(minor: number): Portrait['spendBand'] {
  if (minor <= 0) return 0
  const band = SPEND_BANDS_MAJOR.findIndex((limit) => minor < limit * 100)
  return band === 0 ? 1 : band === 1 ? 2 : band === 2 ? 3 : 4
}

function usualOf(year: readonly HistoryRow[]): Purpose | null {
  const counts = PURPOSES.map((_, bit) => year.filter((row) => row.purposes & (1 << bit)).length)
  const most = Math.max(0, ...counts)
  return most === 0 ? null : (PURPOSES[counts.indexOf(most)] ?? null)
}

/** The portrait on business day `today`; `history` in any order, one row per day and store. */
export function portraitOf(history: readonly HistoryRow[], today: number): Portrait {
  const year = history.filter((row) => row.day > today - YEAR_DAYS && row.day <= today)
  const days = [...new Set(year.map((row) => row.day))].sort((a, b) => a - b)
  const gaps = days.slice(1).map((day, index) => day - (days[index] ?? day))
  const lastDay = history.reduce<number | null>(
    (last, row) => (last === null || row.day > last ? row.day : last),
    null,
  )
  const gap = gaps.length >= RHYTHM_MIN_GAPS ? median(gaps) : null
  const daysSince = lastDay === null ? null : Math.max(0, today - lastDay)
  const isOnce = history.every((row) => row.day === lastDay)
  const spend = year.reduce((sum, row) => sum + row.spend_minor, 0)
  return {
    lastDay,
    daysSince,
    visitsInYear: year.reduce((sum, row) => sum + row.visits, 0),
    medianGapDays: gap,
    light: lightOf(isOnce, daysSince, gap),
    spendInYearMinor: spend,
    spendBand: bandOf(spend),
    usualPurpose: usualOf(year),
    storesInYear: new Set(year.map((row) => row.store_id)).size,
  }
}

export type ContactRule = 'allowed' | 'not-asked' | 'do-not-contact'

/** Whether the customer may be contacted for marketing; a refusal on any channel is shown. */
export function contactRule(customer: Pick<CustomerRow, 'consents'>): ContactRule {
  const marketing = customer.consents.filter((consent) => consent.purpose === 'marketing')
  if (marketing.some((consent) => consent.state !== 'granted')) return 'do-not-contact'
  return marketing.length > 0 ? 'allowed' : 'not-asked'
}
