import * as v from 'valibot'
import type { Visit } from '#model/visit.ts'
import { parseItems, parseSpend, spendText } from './spend.ts'

const text = v.optional(v.string(), '')
const Draft = v.object({ visitId: v.string(), spend: text, items: text, need: text, note: text })

/** What is being added to a visit, as typed. */
export type VisitDraft = v.InferOutput<typeof Draft>

/** The visit's details as they would be typed. */
export function draftOf(visit: Visit, currency: string): VisitDraft {
  return {
    visitId: visit.id,
    spend: spendText(visit.spend_minor, currency),
    items: visit.items === null ? '' : `${visit.items}`,
    need: visit.need ?? '',
    note: visit.note ?? '',
  }
}

/** The draft as it was kept, or null when there is none or it is of another version. */
export function readVisitDraft(kept: unknown): VisitDraft | null {
  const read = v.safeParse(Draft, kept)
  return read.success ? read.output : null
}

export interface ChangedDetails {
  spend_minor?: number | null
  items?: number | null
  need?: string | null
  note?: string | null
}

/**
 * Only what differs from the visit, so that a colleague's note is not overwritten by an old one;
 * null when an amount or a count is none.
 */
export function changedDetails(
  draft: VisitDraft,
  visit: Visit,
  currency: string,
): ChangedDetails | null {
  const spend_minor = parseSpend(draft.spend, currency)
  const items = parseItems(draft.items)
  if (spend_minor === undefined || items === undefined) return null
  const [need, note] = [draft.need.trim() || null, draft.note.trim() || null]
  return {
    ...(spend_minor !== visit.spend_minor ? { spend_minor } : {}),
    ...(items !== visit.items ? { items } : {}),
    ...(need !== visit.need ? { need } : {}),
    ...(note !== visit.note ? { note } : {}),
  }
}
