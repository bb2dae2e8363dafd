import { BATCH_MAX_BYTES, BATCH_MAX_OPS } from '#model/limits.ts'
import type { Op } from '#model/op.ts'

/** Room left in a push for everything that is not an op. */
const ENVELOPE_BYTES = 4096

const encoder = new TextEncoder()

/** The longest run of the oldest ops that one push may hold; at least one op when there is one. */
export function batchOf(ops: readonly Op[], maxOps = BATCH_MAX_OPS): Op[] {
  let bytes = ENVELOPE_BYTES
  const batch: Op[] = []
  for (const op of ops.slice(0, Math.min(maxOps, BATCH_MAX_OPS))) {
    bytes += encoder.encode(JSON.stringify(op)).length + 1
    if (bytes > BATCH_MAX_BYTES && batch.length > 0) break
    batch.push(op)
  }
  return batch
}
