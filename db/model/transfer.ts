import * as v from 'valibot'
import { id } from './id.ts'

/** Payload of kind `transfer`: the customer's home is `to_store_id` from the op's day on. */
export const Transfer = v.object({ home_store_id: id, to_store_id: id })
export type Transfer = v.InferOutput<typeof Transfer>
