import type { Consent } from '#model/consent.ts'
import type { CustomerRow } from '#model/customer.ts'
import type { HistoryRow, Visit } from '#model/visit.ts'

export type TimelineEntry =
  | { kind: 'visit'; key: string; at: number; visit: Visit; unsent: boolean }
  | { kind: 'elsewhere'; key: string; at: number; row: HistoryRow }
  | {
      kind: 'tag'
      key: string
      at: number
      tagging: CustomerRow['taggings'][number]
      unsent: boolean
    }
  | { kind: 'consent'; key: string; at: number; consent: Consent; unsent: boolean }
  | { kind: 'created'; key: string; at: number; by: string; unsent: boolean }

export interface TimelineFacts {
  row: CustomerRow
  visits: readonly (Visit & { unsent: boolean })[]
  history: readonly HistoryRow[]
  /** Ids of ops that the server has not answered for yet. */
  unsentOps: ReadonlySet<string>
  /** The op that made the customer is one of them. */
  createUnsent: boolean
}

/**
 * Everything that is known to have happened with a customer, the newest first. A day of this store
 * is told by its visits; a history row stands in only where the visits themselves are not here.
 */
export function timelineOf(facts: TimelineFacts): TimelineEntry[] {
  const { row, unsentOps } = facts
  const taggings = row.taggings.map((tagging): TimelineEntry => {
    const unsent = unsentOps.has(tagging.dot)
    return { kind: 'tag', key: tagging.dot, at: tagging.at, tagging, unsent }
  })
  const consents = row.consents.map((consent): TimelineEntry => {
    const unsent = unsentOps.has(consent.op)
    return { kind: 'consent', key: consent.op, at: consent.at, consent, unsent }
  })
  const created: TimelineEntry = {
    kind: 'created',
    key: row.id,
    at: row.created_at,
    by: row.created_by,
    unsent: facts.createUnsent,
  }
  const entries = [...visitsOf(facts), ...taggings, ...consents, created]
  // A visit that was logged while the customer was being added comes after the adding.
  return entries.sort((a, b) => b.at - a.at || rank(a) - rank(b) || (a.key < b.key ? 1 : -1))
}

function visitsOf({ visits, history }: TimelineFacts): TimelineEntry[] {
  const told = new Set(visits.map((visit) => `${visit.store_id} ${visit.day}`))
  return [
    ...visits.map(({ unsent, ...visit }): TimelineEntry => {
      return { kind: 'visit', key: visit.id, at: visit.at, visit, unsent }
    }),
    ...history
      .filter((row) => !told.has(`${row.store_id} ${row.day}`))
      .map((row): TimelineEntry => {
        return { kind: 'elsewhere', key: `${row.store_id} ${row.day}`, at: row.first_at, row }
      }),
  ]
}

function rank(entry: TimelineEntry): number {
  return entry.kind === 'created' ? 1 : 0
}
