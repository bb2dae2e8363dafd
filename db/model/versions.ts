import { type Op, SCHEMA } from './op.ts'
import type { Kind } from './kinds.ts'
import { textFault } from './text.ts'

// Ops are accepted for ever: one that an old tablet wrote years ago still means what it meant.
// The stored op and its hash stay as they came; only what is judged is brought up to date.

/** How an op of a schema becomes one of the next; the index is the older schema. */
const STEPS: Readonly<Record<number, (op: Op) => Op>> = {
  // 2 added kinds, types and optional fields; whatever 1 could say reads the same.
  1: (op) => op,
}

/** The op in the words of today's schema. One of a later schema is left as it is. */
export function upgradeOp(op: Op): Op {
  let upgraded = op
  for (let schema = op.schema; schema < SCHEMA; schema += 1)
    upgraded = STEPS[schema]?.(upgraded) ?? upgraded
  return upgraded.schema < SCHEMA ? { ...upgraded, schema: SCHEMA } : upgraded
}

type PayloadSchema = NonNullable<Kind['takes'][keyof Kind['takes']]>

function fieldsOf(schema: PayloadSchema): string[] | null {
  if (!('entries' in schema) || schema.entries === null) return null
  return typeof schema.entries === 'object' ? Object.keys(schema.entries) : null
}

const FIELD_MAX_CHARS = 80

/**
 * The first field of a later version's op that this one does not know ('' when its name is no text
 * of ours), or null. Reading the payload would drop its value in silence.
 */
export function laterField(op: Op, schema: PayloadSchema): string | null {
  if (op.schema <= SCHEMA) return null
  const known = fieldsOf(schema)
  const later = known && Object.keys(op.payload).find((field) => !known.includes(field))
  if (later === null || later === undefined) return null
  return later.length <= FIELD_MAX_CHARS && textFault(later) === null ? later : ''
}

/** Whether a refusal may be due to this version's age: a newer one may know what was meant. */
export const PERHAPS_LATER = ['unknown-kind', 'unknown-field', 'not-supported'] as const
