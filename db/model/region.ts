import * as v from 'valibot'
import { line } from './text.ts'
import { NAME_MAX_CHARS } from './limits.ts'

const order = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(9999))

/** A part of the chain that one regional manager answers for. */
export const Region = v.object({
  name: line(NAME_MAX_CHARS),
  name_en: v.optional(line(NAME_MAX_CHARS)),
  order: v.optional(order, 0),
})
export type Region = v.InferOutput<typeof Region>
