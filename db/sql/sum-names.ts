import type { Period, PeriodKind } from '#model/period.ts'
import { TRAILING_DAYS } from '#model/seen.ts'

// Under which names the sums of a period are kept.

/** Plain sums of days. */
export const FLOWS = [
  'identified',
  'anonymous',
  'identified_tallied',
  'spend',
  'sales',
  'new',
  'first_seen',
] as const

type People = 'visitors' | 'returning' | 'visitors_first'

/** Which kept figure counts distinct people of a period of this kind. */
const COUNTED_BY: Partial<Record<PeriodKind, string>> = { month: 'm', quarter: 'q', year: 'y' }

export interface PeopleKept {
  /** Names of the figures, and whose sum each is. */
  names: ReadonlyMap<string, People>
  /** A trailing window is a stock at its end; a calendar period a sum of its days. */
  isStock: boolean
}

export function isOfMonths({ kind }: Pick<Period, 'kind'>): boolean {
  return COUNTED_BY[kind] !== undefined
}

/** Where people of a period are kept; null: they are counted from the history. */
export function peopleKept({ kind, from, to }: Period): PeopleKept | null {
  const letter = COUNTED_BY[kind]
  const days = to - from
  const isTrailing = kind === 'trailing' && TRAILING_DAYS.some((known) => known === days)
  if (letter === undefined && !isTrailing) return null
  const suffix = letter ?? `${days}d`
  return {
    names: new Map([
      [`visitors_${suffix}`, 'visitors'],
      [`returning_${suffix}`, 'returning'],
      [letter === undefined ? `first_seen_${suffix}` : 'first_seen', 'visitors_first'],
    ]),
    isStock: letter === undefined,
  }
}
