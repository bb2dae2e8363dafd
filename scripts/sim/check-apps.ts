import { SCHEMA } from '#model/op.ts'
import { PERHAPS_LATER } from '#model/versions.ts'
import type { Memory } from './memory.ts'
import type { World } from './world.ts'

const NOT_READ: ReadonlySet<string> = new Set([...PERHAPS_LATER, 'malformed', 'damaged'])

/** After each step: what an older app wrote is refused by no version for how it says it. */
export function checkOldOps(world: World, { truth }: Memory): void {
  const { server, ops, excused } = truth
  for (const { op_id, reason } of server.ops) {
    if (reason === null || !NOT_READ.has(reason) || !world.saved.has(op_id)) continue
    // What was emptied, because the person was erased, does not fit its hash any more.
    if (excused.has(op_id)) continue
    const schema = ops.get(op_id)?.op.schema ?? SCHEMA
    if (schema < SCHEMA)
      world.fail(`version op ${op_id} of schema ${schema} was refused as ${reason}`)
  }
}
