import * as v from 'valibot'
import { id } from './id.ts'
import { line } from './text.ts'

const order = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(9999))
const label = line(30)

/** A question that tags answer ("skin type"). Coverage counts the first required group. */
export const TagGroup = v.object({
  label,
  label_en: v.optional(label),
  order: v.optional(order, 0),
  required: v.optional(v.boolean(), false),
})
export type TagGroup = v.InferOutput<typeof TagGroup>

/** One answer. Its group never changes: figures per group rest on it. */
export const Tag = v.object({
  group_id: id,
  label,
  label_en: v.optional(label),
  order: v.optional(order, 0),
  retired: v.optional(v.boolean(), false),
})
export type Tag = v.InferOutput<typeof Tag>

export const TAG_SOURCES = ['staff', 'customer', 'rule', 'import'] as const
export type TagSource = (typeof TAG_SOURCES)[number]

/** Payload of `tag+`: the op's own id is the dot by which it can be taken off again. */
export const TagOn = v.object({
  tag_id: id,
  source: v.picklist(TAG_SOURCES),
  home_store_id: id,
})

/** Payload of `tag-`: takes off the dots its author saw; a dot put on elsewhere meanwhile stays. */
export const TagOff = v.object({
  tag_id: id,
  observed: v.pipe(v.array(id), v.maxLength(100)),
  home_store_id: id,
})
