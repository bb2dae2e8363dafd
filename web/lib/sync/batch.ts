import { BATCH_MAX_BYTES, BATCH_MAX_OPS } from '#model/limits.ts'
import type { Op } from '#model/op.ts'

/** Room left in a push for everything that is not an op. */
const ENVELOPE_BYTES = 4096

const encoder = new TextEncoder()

function bytesOf(ops: readonly Op[]): number {
  return encoder.encode(JSON.stringify(ops)).length
}

/** Ops that apply all or none stay together; any other is a group of its own. */
function* groupsOf(ops: readonly Op[]): Generator<Op[]> {
  let group: Op[] = []
  for (const op of ops) {
    const [first] = group
    if (first && (op.tx === undefined || op.tx !== first.tx)) {
      yield group
      group = []
    }
    group.push(op)
  }
  if (group.length > 0) yield group
}

/**
 * The oldest ops that one push may hold, in whole groups; at least one group when there is one. The
 * last group of `ops` must be whole.
 */
export function batchOf(ops: readonly Op[], maxOps = BATCH_MAX_OPS): Op[] {
  const most = Math.min(maxOps, BATCH_MAX_OPS)
  let bytes = ENVELOPE_BYTES
  const batch: Op[] = []
  for (const group of groupsOf(ops)) {
    bytes += bytesOf(group)
    const isFull = bytes > BATCH_MAX_BYTES || batch.length + group.length > most
    if (isFull && batch.length > 0) break
    batch.push(...group)
    if (isFull) break
  }
  return batch
}
