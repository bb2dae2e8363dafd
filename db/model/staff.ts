import * as v from 'valibot'
import { id } from './id.ts'
import { NAME_MAX_CHARS } from './limits.ts'
import { line } from './text.ts'

export const ROLES = ['clerk', 'store-manager', 'regional', 'hq', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** A person who works for the chain: where, as what, and whether still. No secret is kept here. */
export const Staff = v.object({
  name: line(NAME_MAX_CHARS),
  role: v.picklist(ROLES),
  store_ids: v.pipe(v.array(id), v.maxLength(50)),
  region_id: v.optional(v.nullable(id)),
  state: v.optional(v.picklist(['active', 'left']), 'active'),
})
export type Staff = v.InferOutput<typeof Staff>
