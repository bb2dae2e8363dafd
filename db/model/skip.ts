import * as v from 'valibot'
import { type DeviceHead, headAfter, type Op } from './op.ts'
import { Skip } from './protocol.ts'

/** What a skip says, or null when the op is none or cannot be one. */
export function readSkip(op: Op): Skip | null {
  if (op.type !== 'skip' || op.kind !== 'device' || op.tx !== undefined) return null
  const read = v.safeParse(Skip, op.payload)
  return read.success && read.output.from_n <= op.n ? read.output : null
}

/**
 * Where a device stands after an op. Behind a skip the chain goes on from the last op that is
 * gone, so the next op is sealed over that one's hash and not over the skip's.
 */
export function headPast(op: Op): DeviceHead {
  const skip = readSkip(op)
  return skip ? { n: op.n, op_id: skip.last_op_id, hash: skip.last_hash } : headAfter(op)
}
