import type { CustomerRow } from './customer.ts'
import { YEAR_DAYS } from './calendar.ts'
import { type CustomerHealth, customerHealth, NEW_DAYS } from './rhythm/health.ts'
import { PURPOSES, type HistoryRow, type Purpose } from './visit.ts'

// What a clerk sees at a glance, from one customer's own facts. Tablet and server run the same
// function, so the portrait is the same with and without a network.

/** Upper bounds of the spend bands, in major units of trailing-year spend. */
export const SPEND_BANDS_MAJOR = [500, 2000, 5000] as const

export type RhythmLight = 'unknown' | 'new' | 'green' | 'amber' | 'red'

export interface Portrait {
  lastDay: number | null
  daysSince: number | null
  visitsInYear: number
  /** Median days between visit days of the year up to the last; null with fewer than 3 gaps. */
  medianGapDays: number | null
  light: RhythmLight
  spendInYearMinor: number
  /** 0 none, then 1 to 4 by `SPEND_BANDS_MAJOR`. */
  spendBand: 0 | 1 | 2 | 3 | 4
  usualPurpose: Purpose | null
  storesInYear: number
}

/** A tablet knows no rhythm of a segment, so whoever has none of their own has no colour. */
function lightOf({ light, daysSince }: CustomerHealth, isOnce: boolean): RhythmLight {
  if (light !== 'grey') return light
  return isOnce && daysSince !== null && daysSince <= NEW_DAYS ? 'new' : 'unknown'
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
  const lastDay = history.reduce<number | null>(
    (last, row) => (last === null || row.day > last ? row.day : last),
    null,
  )
  // A day ahead is that of a wrong clock.
  const days = history.map((row) => Math.min(row.day, today))
  const health = customerHealth(days, today, null)
  const isOnce = history.every((row) => row.day === lastDay)
  const spend = year.reduce((sum, row) => sum + row.spend_minor, 0)
  return {
    lastDay,
    daysSince: health.daysSince,
    visitsInYear: year.reduce((sum, row) => sum + row.visits, 0),
    medianGapDays: health.gapDays,
    light: lightOf(health, isOnce),
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
