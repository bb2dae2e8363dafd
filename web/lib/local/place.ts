// Where a pulled row is found again: whose it is, on which day, what it is about. What is left out
// is not indexed, and every index costs a row per record.
import { LOSSES, type OverlayRow } from './tables.ts'

type Fields = Record<string, unknown>
export type Place = Pick<OverlayRow, 'customer_id' | 'day' | 'about'>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

/** The place of a row by its kind; one of a kind that is new to us is found by its customer. */
export function placeOf({ kind, state, body }: Pick<OverlayRow, 'kind' | 'state' | 'body'>): Place {
  if (state !== 'put' || !isFields(body)) return {}
  const { customer_id, day, subject_id } = body
  if (kind === 'loss') return { about: LOSSES }
  if (kind === 'decision') return typeof subject_id === 'string' ? { about: subject_id } : {}
  return {
    ...(typeof customer_id === 'string' ? { customer_id } : {}),
    ...(kind === 'visit' && typeof day === 'number' ? { day } : {}),
  }
}
