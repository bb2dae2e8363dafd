import * as v from 'valibot'
import { id } from './id.ts'
import { line } from './text.ts'

export const DECISION_REASON_MAX_CHARS = 200

/**
 * What a manager or headquarters decided about a refused op (`reapply` it in their own name, or
 * `dismiss` it), or about a loss (`accept` it: nothing more will come). Payload of kind `decision`.
 */
export const DecisionMade = v.object({
  subject: v.picklist(['op', 'loss']),
  subject_id: id,
  verdict: v.picklist(['reapply', 'dismiss', 'accept']),
  reason: line(DECISION_REASON_MAX_CHARS),
})
export type DecisionMade = v.InferOutput<typeof DecisionMade>

/** A decision as it travels to the devices of the store. */
export interface Decision extends DecisionMade {
  id: string
  /** Whose op it was, so that the device finds it in its outbox; null for a loss. */
  device_id: string | null
  by: string
  at: number
}
