// What the simulation knows and nobody in it does: every op that was ever saved, who holds it, and
// which were destroyed by a fault that no protocol can mend.
import type { MergeSpan } from '#model/customer.ts'
import { KEEP_ACKED_MS } from '#web/local/skip.ts'
import type { OpRow } from '#web/local/tables.ts'
import { metaOnDisk, opsOnDisk } from './disk.ts'
import type { StepKind } from './schedule.ts'
import type { Tablet } from './tablet.ts'
import type { World } from './world.ts'

/** Steps that destroy what is on a tablet's disk. */
const DISK_LOSSY: ReadonlySet<StepKind> = new Set(['evict', 'restore-device'])

/**
 * A tablet keeps what was acknowledged for so long at least, to offer it to a server that was set
 * back: its clock may jump from 3 days slow to 3 days fast meanwhile.
 */
const SURELY_KEPT_MS = KEEP_ACKED_MS - 6 * 86_400_000

/** A row of the server's op log, without the op. */
export interface Logged {
  store_id: string
  device_id: string
  n: number
  op_id: string
  status: 'applied' | 'quarantined' | 'dup'
  reason: string | null
  received_at: number
  /** When it happened, as the server sees it. */
  effective_at: number
}

export interface ServerView {
  ops: Logged[]
  byId: Map<string, Logged[]>
  quarantine: Map<string, Refused>
  devices: Map<string, DeviceRow>
  heads: Map<string, HeadRow>
  /** Numbers of the rows of each feed, by record. */
  rows: Map<string, Map<string, number>>
  /** Numbers of the records that stand in each feed, by `feed id`. */
  puts: Map<string, number>
  /** Records that each feed says went, by `feed id`, until such words end. */
  went: Set<string>
  /** Records that are part of another, of which, and from when on. */
  merged: Map<string, { into: string; at: number }>
}

/** A row of the server's op log that stands in the quarantine. */
export interface Refused {
  store_id: string
  op_id: string
  device_id: string
  state: string
}

interface HeadRow {
  store_id: string
  seq: number
  floor: number
  epoch: string
}

interface DeviceRow {
  device_id: string
  epoch: string
  last_n: number
  last_op_id: string | null
  max_n: number | null
}

/** Safe because each statement names the columns of the shape it is read as. */
async function read<T>(world: World, statement: string): Promise<T[]> {
  const rows = await world.server.storage.rows(statement)
  for (const row of rows)
    for (const key of NUMBERS) if (typeof row[key] === 'string') row[key] = Number(row[key])
  return rows as T[]
}

/** PostgreSQL gives large whole numbers as text. */
const NUMBERS = [
  'n',
  'received_at',
  'effective_at',
  'seq',
  'floor',
  'last_n',
  'max_n',
  'from_n',
  'to_n',
] as const

const OPS = `select store_id, device_id, n, op_id, status, reason, received_at, effective_at
  from op order by store_id, device_id, n`
const REFUSED = `select store_id, op_id, device_id, state from quarantine order by op_id`
const DEVICES = `select device_id, epoch, last_n, last_op_id, max_n from device_state`
const LOSSES = `select device_id, from_n, to_n from loss`
const REPLACED = `select replaces from device where replaces is not null`
const HEADS = `select store_id, seq, floor, epoch from feed_head`
const ROWS = `select store_id, id, seq, state from feed_row`
const MERGED = `select id, merged_into, merges from customer where merged_into is not null`

interface PlacedRow {
  store_id: string
  id: string
  seq: number
  state: string
}

interface MergedRow {
  id: string
  merged_into: string
  /** PostgreSQL gives it read already. */
  merges: string | MergeSpan[]
}

function mergeOf({ merged_into: into, merges }: MergedRow): { into: string; at: number } {
  const spans = typeof merges === 'string' ? (JSON.parse(merges) as MergeSpan[]) : merges
  return { into, at: spans.at(-1)?.at ?? Infinity }
}

export async function viewServer(world: World): Promise<ServerView> {
  const ops = await read<Logged>(world, OPS)
  const refused = await read<Refused>(world, REFUSED)
  const devices = await read<DeviceRow>(world, DEVICES)
  const merged = await read<MergedRow>(world, MERGED)
  const heads = await read<HeadRow>(world, HEADS)
  const rows = new Map<string, Map<string, number>>()
  const puts = new Map<string, number>()
  const went = new Set<string>()
  for (const { store_id, id, seq, state } of await read<PlacedRow>(world, ROWS)) {
    if (state === 'put') puts.set(`${store_id} ${id}`, seq)
    else went.add(`${store_id} ${id}`)
    const known = rows.get(store_id)
    if (known) known.set(id, seq)
    else rows.set(store_id, new Map([[id, seq]]))
  }
  return {
    ops,
    byId: Map.groupBy(ops, (one) => one.op_id),
    quarantine: new Map(refused.map((row) => [row.op_id, row])),
    devices: new Map(devices.map((row) => [row.device_id, row])),
    heads: new Map(heads.map((row) => [row.store_id, row])),
    rows,
    puts,
    went,
    merged: new Map(merged.map((row) => [row.id, mergeOf(row)])),
  }
}

export class Truth {
  /** Every op that was ever on a disk, as it was first seen. */
  readonly ops = new Map<string, OpRow>()
  readonly excused = new Set<string>()
  /** Ops that stood in the quarantine once, even where a restored server forgot it. */
  readonly refused = new Set<string>()
  /** Under which device and number each op was last held by a tablet. */
  readonly names = new Map<string, { device_id: string; n: number }>()
  /** Which op first went by a name, and names that another one went by as well. */
  readonly #bearers = new Map<string, string>()
  readonly shared = new Set<string>()
  /** Work that was destroyed with a tablet's disk. */
  readonly destroyed = new Set<string>()
  /** Ops per tablet as its disk last had them. */
  readonly disks = new Map<Tablet, Map<string, OpRow>>()
  /** Ops that each disk took on, and whether they were acknowledged; without those it lost. */
  readonly #duties = new Map<Tablet, Map<string, OpRow['state']>>()
  /** When ops were acknowledged for the first time. */
  readonly #acked = new Map<string, number>()
  server!: ServerView
  /** What the same server held at the look before; null when it was set back since. */
  before: ServerView | null = null
  #serverNo = 0

  /** Reads what changed since the last look. */
  async look(world: World, step: StepKind | null): Promise<void> {
    for (const id of world.dismissed) this.excused.add(id)
    for (const tablet of world.touched) {
      const rows = opsOnDisk(tablet.database)
      for (const row of rows) this.#note(world, tablet, row)
      const isDiskLost = step !== null && DISK_LOSSY.has(step)
      // What was emptied because the server had it all is owed no longer.
      const isEmptied = metaOnDisk(tablet.database, 'emptied') !== undefined
      this.#takeOn(world, tablet, rows, isDiskLost || isEmptied)
      this.disks.set(tablet, new Map(rows.map((row) => [row.op.op_id, row])))
    }
    if (world.server.handled === 0) return
    this.before = this.#serverNo === world.serverNo ? this.server : null
    this.#serverNo = world.serverNo
    this.server = await viewServer(world)
    for (const id of this.server.quarantine.keys()) this.refused.add(id)
    world.server.handled = 0
  }

  #note(world: World, tablet: Tablet, row: OpRow): void {
    const { op_id, type } = row.op
    const isNew = !this.ops.has(op_id)
    if (type === 'skip') {
      // It stands for work that is gone, and is none itself.
      if (isNew) world.count('skipped a gap')
      this.excused.add(op_id)
    }
    // What was said about a person who is forgotten now need not be kept by anybody.
    if (row.redacted) this.excused.add(op_id)
    if (isNew) this.ops.set(op_id, row)
    const device_id = tablet.device?.device_id
    if (!device_id) return
    this.names.set(op_id, { device_id, n: row.n })
    const name = `${device_id} ${row.n}`
    const first = this.#bearers.get(name)
    if (first === undefined) this.#bearers.set(name, op_id)
    else if (first !== op_id) this.shared.add(name)
  }

  isHeld(opId: string): boolean {
    if (this.server.byId.has(opId)) return true
    for (const disk of this.disks.values()) if (disk.has(opId)) return true
    return false
  }

  #takeOn({ now }: World, tablet: Tablet, rows: readonly OpRow[], isReleased: boolean): void {
    const before = isReleased ? undefined : this.#duties.get(tablet)
    const duties = before ?? new Map<string, OpRow['state']>()
    for (const { op, state } of rows) {
      duties.set(op.op_id, state)
      if (state === 'acked' && !this.#acked.has(op.op_id)) this.#acked.set(op.op_id, now)
    }
    this.#duties.set(tablet, duties)
  }

  /** Whether a tablet whose disk is whole must still have an op, as far as its time is not over. */
  #isOwed(id: string, now: number): boolean {
    const isOver = now - (this.#acked.get(id) ?? now) >= SURELY_KEPT_MS
    const states = [...this.#duties.values()].flatMap((duties) => duties.get(id) ?? [])
    return states.some((state) => state !== 'acked' || !isOver)
  }

  /**
   * Ops that nobody holds any more. What a fault destroyed is excused, once and for all: what went
   * with a disk, and what a server that was set back had and no tablet had to keep any longer.
   */
  lost(step: StepKind | null, now: number): string[] {
    const lost = [...this.ops.keys()].filter((id) => !this.excused.has(id) && !this.isHeld(id))
    const isDiskLost = step !== null && DISK_LOSSY.has(step)
    if (!isDiskLost && step !== 'restore-server') return lost
    const owed = isDiskLost ? [] : lost.filter((id) => this.#isOwed(id, now))
    for (const id of lost) {
      if (owed.includes(id)) continue
      this.excused.add(id)
      if (isDiskLost) this.destroyed.add(id)
    }
    return owed
  }
}

/** Numbers that the loss ledger tells of, and the devices that were replaced by others. */
export async function viewLosses(world: World) {
  const losses = await read<{ device_id: string; from_n: number; to_n: number }>(world, LOSSES)
  const replaced = await read<{ replaces: string }>(world, REPLACED)
  return { losses, replaced: new Set(replaced.map((row) => row.replaces)) }
}
