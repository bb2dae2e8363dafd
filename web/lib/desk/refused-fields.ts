import type { RefusedOp } from '#model/report.ts'

/** One field of a refused op: what stands there and what it wanted to write, as text. */
export interface FieldRow {
  field: string
  before: string
  after: string
}

const HIDDEN = new Set(['home_store_id', 'customer_id'])

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  return JSON.stringify(value)
}

/** The fields that the op speaks of, in its own order, without ids that say nothing to people. */
export function fieldsOf({ after, before }: Pick<RefusedOp, 'after' | 'before'>): FieldRow[] {
  return Object.keys(after)
    .filter((field) => !HIDDEN.has(field))
    .map((field) => ({ field, before: textOf(before?.[field]), after: textOf(after[field]) }))
}
