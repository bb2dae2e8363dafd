import * as v from 'valibot'
import { id } from './id.ts'
import type { HistoryRow } from './visit.ts'

// The home is where a customer was met first; some move on. A rule proposes, a manager confirms:
// a home decides whose customer somebody is in every figure, so it never changes by itself.

/** Visits in a row elsewhere that make the rule speak; a day at one store counts once. */
export const VISITS_ELSEWHERE = 3

type Seen = Pick<HistoryRow, 'day' | 'store_id' | 'first_at'>

export interface HomeProposal {
  to_store_id: string
  /** The visits that it rests on, the latest first. */
  visits: { day: number; store_id: string }[]
}

/**
 * The store that somebody's last visits speak for: where most of them were, of equal ones the one
 * seen last. Null while any of them was at home, or there are too few.
 */
export function proposeHome(history: readonly Seen[], home: string): HomeProposal | null {
  const last = [...history]
    .sort((a, b) => b.day - a.day || b.first_at - a.first_at || (a.store_id < b.store_id ? -1 : 1))
    .slice(0, VISITS_ELSEWHERE)
  if (last.length < VISITS_ELSEWHERE || last.some((visit) => visit.store_id === home)) return null
  const counts = new Map<string, number>()
  for (const { store_id } of last) counts.set(store_id, (counts.get(store_id) ?? 0) + 1)
  const most = Math.max(...counts.values())
  const winner = last.find(({ store_id }) => counts.get(store_id) === most)
  if (!winner) return null
  const visits = last.map(({ day, store_id }) => ({ day, store_id }))
  return { to_store_id: winner.store_id, visits }
}

/** A manager's word that somebody stays at home, whatever was seen up to and on `day`. */
export const HomeKept = v.object({
  customer_id: id,
  home_store_id: id,
  day: v.pipe(v.number(), v.integer()),
  by: id,
})
export type HomeKept = v.InferOutput<typeof HomeKept>

/** Whether a manager has answered a proposal already: nothing was seen since. */
export function isAnswered(
  { visits }: HomeProposal,
  home: string,
  kept: Pick<HomeKept, 'home_store_id' | 'day'> | undefined,
): boolean {
  const latest = visits[0]?.day ?? -Infinity
  return kept?.home_store_id === home && latest <= kept.day
}
