// What the simulation knows and nobody in it does: every op that was ever saved, who holds it, and
// which were destroyed by a fault that no protocol can mend.
import type { OpRow } from '#web/local/tables.ts'
import { opsOnDisk } from './disk.ts'
import type { StepKind } from './schedule.ts'
import type { Tablet } from './tablet.ts'
import type { World } from './world.ts'

/** Steps that may destroy the only copy of an op. */
const LOSSY: ReadonlySet<StepKind> = new Set(['evict', 'restore-device', 'restore-server'])

/** A row of the server's op log, without the op. */
export interface Logged {
  store_id: string
  device_id: string
  n: number
  op_id: string
  status: 'applied' | 'quarantined' | 'dup'
  reason: string | null
  received_at: number
}

export interface ServerView {
  ops: Logged[]
  byId: Map<string, Logged[]>
  quarantine: Map<string, string>
  devices: Map<string, { epoch: string; last_n: number; last_op_id: string | null }>
  heads: Map<string, { seq: number; floor: number; epoch: string }>
  /** Seqs of the rows of each feed. */
  seqs: Map<string, number[]>
}

export async function viewServer(world: World): Promise<ServerView> {
  const { t, db } = world.server.ledger
  const { op, quarantine, deviceState, feedHead, feedRow } = t
  const ops: Logged[] = await db
    .select({
      store_id: op.store_id,
      device_id: op.device_id,
      n: op.n,
      op_id: op.op_id,
      status: op.status,
      reason: op.reason,
      received_at: op.received_at,
    })
    .from(op)
    .orderBy(op.store_id, op.device_id, op.n)
  const refused = await db
    .select({ op_id: quarantine.op_id, state: quarantine.state })
    .from(quarantine)
  const devices = await db.select().from(deviceState)
  const heads = await db.select().from(feedHead)
  const rows = await db.select({ feed: feedRow.store_id, seq: feedRow.seq }).from(feedRow)
  const seqs = new Map<string, number[]>()
  for (const { feed, seq } of rows) seqs.set(feed, [...(seqs.get(feed) ?? []), seq])
  return {
    ops,
    byId: Map.groupBy(ops, (one) => one.op_id),
    quarantine: new Map(refused.map((row) => [row.op_id, row.state])),
    devices: new Map(devices.map((row) => [row.device_id, row])),
    heads: new Map(heads.map((row) => [row.store_id, row])),
    seqs,
  }
}

export class Truth {
  /** Every op that was ever on a disk, as it was first seen. */
  readonly ops = new Map<string, OpRow>()
  readonly excused = new Set<string>()
  /** Ops per tablet as its disk last had them. */
  readonly disks = new Map<Tablet, Map<string, OpRow>>()
  server!: ServerView

  /** Reads what changed since the last look. */
  async look(world: World): Promise<void> {
    for (const tablet of world.touched) {
      const rows = opsOnDisk(tablet.database)
      for (const row of rows) if (!this.ops.has(row.op.op_id)) this.ops.set(row.op.op_id, row)
      this.disks.set(tablet, new Map(rows.map((row) => [row.op.op_id, row])))
    }
    if (world.server.handled === 0) return
    this.server = await viewServer(world)
    world.server.handled = 0
  }

  isHeld(opId: string): boolean {
    if (this.server.byId.has(opId)) return true
    for (const disk of this.disks.values()) if (disk.has(opId)) return true
    return false
  }

  /** Ops that nobody holds any more. What a fault destroyed is excused, once and for all. */
  lost(step: StepKind | null): string[] {
    const lost = [...this.ops.keys()].filter((id) => !this.excused.has(id) && !this.isHeld(id))
    if (step === null || !LOSSY.has(step)) return lost
    for (const id of lost) this.excused.add(id)
    return []
  }
}
