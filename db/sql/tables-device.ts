import type { DeviceEvent } from '#model/fleet.ts'
import type { Loss, LossCause } from '#model/loss.ts'
import type { Op } from '#model/op.ts'
import type { Pull } from '#model/protocol.ts'
import type { Dialect } from './dialect-sqlite.ts'

/** Tables of what devices send: ops, those that were refused or lost, and how each device is. */
export const deviceTables = (dialect: Dialect) => ({
  ...stateTables(dialect),
  ...opTables(dialect),
  ...quarantineTables(dialect),
  ...telemetryTables(dialect),
})

const stateTables = ({ table, text, int, bool, json, primaryKey }: Dialect) => ({
  /** Where each device stands, and how it last said it was. */
  deviceState: table(
    'device_state',
    {
      store_id: text('store_id').notNull(),
      device_id: text('device_id').notNull(),
      epoch: text('epoch').notNull(),
      last_n: int('last_n').notNull(),
      last_op_id: text('last_op_id'),
      last_hash: text('last_hash').notNull(),
      last_push_at: int('last_push_at'),
      last_pull_at: int('last_pull_at'),
      max_n: int('max_n'),
      unsent: int('unsent'),
      oldest_unsent_at: int('oldest_unsent_at'),
      app_version: text('app_version'),
      persisted: bool('persisted'),
      usage_bytes: int('usage_bytes'),
      quota_bytes: int('quota_bytes'),
      clock_offset_ms: int('clock_offset_ms'),
      lag_ms: int('lag_ms'),
      newest_unsent_at: int('newest_unsent_at'),
      unsent_by: json<string[]>('unsent_by'),
      installed: bool('installed'),
      download: json<{ done: number; total: number }>('download'),
      reopens: int('reopens'),
      trouble: text('trouble'),
      /** Where it stood in each feed when it last asked for news. */
      feeds: json<Pull['feeds']>('feeds'),
      /** Erased people whose traces on it are not all gone yet. */
      erasing: int('erasing'),
      /** What its first download took. */
      downloaded: json<{ ms: number; bytes: number }>('downloaded'),
      /** When it said that it is empty, after it was revoked. */
      emptied_at: int('emptied_at'),
    },
    (t) => [primaryKey({ columns: [t.store_id, t.device_id] })],
  ),
})

const opTables = ({ table, text, int, json, primaryKey }: Dialect) => ({
  /** Every op as it came, with what became of it. `store_id` is the device's book. */
  op: table(
    'op',
    {
      store_id: text('store_id').notNull(),
      device_id: text('device_id').notNull(),
      n: int('n').notNull(),
      op_id: text('op_id').notNull(),
      op: json<Op>('op').notNull(),
      effective_at: int('effective_at').notNull(),
      received_at: int('received_at').notNull(),
      status: text('status').$type<'applied' | 'quarantined' | 'dup'>().notNull(),
      reason: text('reason'),
      detail: text('detail'),
      /** Set when the payload was erased: the hash of what is left, as `hashOp` makes it. */
      erased_hash: text('erased_hash'),
    },
    (t) => [primaryKey({ columns: [t.store_id, t.device_id, t.n] })],
  ),
  /** Which op took effect, by the op's own store: a re-offered op meets itself here. */
  opSeen: table(
    'op_seen',
    {
      store_id: text('store_id').notNull(),
      op_id: text('op_id').notNull(),
      status: text('status').$type<'applied' | 'quarantined'>().notNull(),
      reason: text('reason'),
    },
    (t) => [primaryKey({ columns: [t.store_id, t.op_id] })],
  ),
})

const quarantineTables = ({ table, text, int, json, index, primaryKey }: Dialect) => ({
  /** Refused ops, whole, until a person decides. */
  quarantine: table(
    'quarantine',
    {
      store_id: text('store_id').notNull(),
      op_id: text('op_id').notNull(),
      device_id: text('device_id').notNull(),
      n: int('n').notNull(),
      op: json<Op>('op').notNull(),
      reason: text('reason').notNull(),
      detail: text('detail'),
      received_at: int('received_at').notNull(),
      state: text('state').$type<'open' | 'reapplied' | 'dismissed'>().notNull(),
      decision_id: text('decision_id'),
      decision_reason: text('decision_reason'),
      decided_by: text('decided_by'),
      decided_at: int('decided_at'),
    },
    (t) => [
      primaryKey({ columns: [t.store_id, t.op_id] }),
      index('quarantine_device').on(t.store_id, t.device_id),
      index('quarantine_state').on(t.state, t.received_at),
    ],
  ),
  /** Ops that never arrived; see `Loss` in db/model/loss.ts. */
  loss: table(
    'loss',
    {
      store_id: text('store_id').notNull(),
      id: text('id').notNull(),
      device_id: text('device_id').notNull(),
      cause: text('cause').$type<LossCause>().notNull(),
      from_n: int('from_n').notNull(),
      to_n: int('to_n').notNull(),
      from_at: int('from_at'),
      to_at: int('to_at'),
      staff_ids: json<string[]>('staff_ids').notNull(),
      found_at: int('found_at').notNull(),
      state: text('state').$type<Loss['state']>().notNull(),
      closed_at: int('closed_at'),
    },
    (t) => [primaryKey({ columns: [t.store_id, t.id] }), index('loss_state').on(t.state)],
  ),
})

const telemetryTables = ({ table, text, int, json, index, primaryKey }: Dialect) => ({
  /** What happened to a device; the row's id keeps two events of one millisecond apart. */
  deviceEvent: table(
    'device_event',
    {
      store_id: text('store_id').notNull(),
      device_id: text('device_id').notNull(),
      at: int('at').notNull(),
      id: text('id').notNull(),
      kind: text('kind').$type<DeviceEvent['kind']>().notNull(),
      detail: json<DeviceEvent['detail']>('detail').notNull(),
    },
    (t) => [primaryKey({ columns: [t.store_id, t.device_id, t.at, t.id] })],
  ),
  /** A device's hour (since 1970): counts add up, `unsent_max` is the highest report. */
  deviceHour: table(
    'device_hour',
    {
      store_id: text('store_id').notNull(),
      device_id: text('device_id').notNull(),
      hour: int('hour').notNull(),
      contacts: int('contacts').notNull(),
      ops: int('ops').notNull(),
      refused: int('refused').notNull(),
      unsent_max: int('unsent_max').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.store_id, t.device_id, t.hour] }),
      index('device_hour_hour').on(t.hour),
    ],
  ),
  /** Sensing lag of a store's hour of receipt: ops per bucket of `lagBucket`. */
  lagHour: table(
    'lag_hour',
    {
      store_id: text('store_id').notNull(),
      hour: int('hour').notNull(),
      bucket: int('bucket').notNull(),
      ops: int('ops').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.store_id, t.hour, t.bucket] }),
      index('lag_hour_hour').on(t.hour, t.bucket),
    ],
  ),
})
