import type { Consent } from '#model/consent.ts'
import type { CustomerField, FormerHome } from '#model/customer.ts'
import type { Loss, LossCause } from '#model/loss.ts'
import type { Op, Stamp } from '#model/op.ts'
import type { DeviceEvent } from '#model/protocol.ts'
import type { TagSource } from '#model/tag.ts'
import type { Purpose } from '#model/visit.ts'
import type { Dialect } from './dialect-sqlite.ts'

/** Tables of the books: `store_id` comes first in every key and stands in every statement. */
export const bookTables = (dialect: Dialect) => ({
  ...feedTables(dialect),
  ...opTables(dialect),
  ...quarantineTables(dialect),
  ...telemetryTables(dialect),
  ...customerTables(dialect),
  ...visitTables(dialect),
  ...figureTables(dialect),
})

const feedTables = ({ table, text, int, json, bytes, index, primaryKey }: Dialect) => ({
  /** The feed's counter, bumped once per batch as the last step of the transaction. */
  feedHead: table('feed_head', {
    store_id: text('store_id').primaryKey(),
    seq: int('seq').notNull(),
    epoch: text('epoch').notNull(),
    floor: int('floor').notNull(),
  }),
  /** The newest state of each record in each feed, so the feed is compact by construction. */
  feedRow: table(
    'feed_row',
    {
      store_id: text('store_id').notNull(),
      id: text('id').notNull(),
      seq: int('seq').notNull(),
      kind: text('kind').notNull(),
      state: text('state').$type<'put' | 'leave' | 'gone'>().notNull(),
      body: json<Record<string, unknown>>('body'),
      /** When it was written, by the server's clock: tombstones end after a time. */
      at: int('at').notNull().default(0),
    },
    (t) => [
      primaryKey({ columns: [t.store_id, t.id] }),
      index('feed_row_seq').on(t.store_id, t.seq),
    ],
  ),
  /** Parts of a feed's first download, packed as of `seq` and kept as they are. */
  part: table(
    'part',
    {
      store_id: text('store_id').notNull(),
      seq: int('seq').notNull(),
      no: int('no').notNull(),
      epoch: text('epoch').notNull(),
      rows: int('rows').notNull(),
      customers: int('customers').notNull(),
      sha256: text('sha256').notNull(),
      size: int('size').notNull(),
      data: bytes('data').notNull(),
    },
    (t) => [primaryKey({ columns: [t.store_id, t.seq, t.no] })],
  ),
})

const opTables = ({ table, text, int, bool, json, primaryKey }: Dialect) => ({
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
    },
    (t) => [primaryKey({ columns: [t.store_id, t.device_id] })],
  ),
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
  /** A device's hour (whole hours since 1970): counts add up, `unsent_max` is the highest report. */
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

const customerTables = ({ table, text, int, json, primaryKey }: Dialect) => ({
  /** In the home store's book. `search` is the packed text of the chain-wide look-up. */
  customer: table(
    'customer',
    {
      store_id: text('store_id').notNull(),
      id: text('id').notNull(),
      created_at: int('created_at').notNull(),
      created_by: text('created_by').notNull(),
      name: text('name').notNull(),
      pinyin: text('pinyin').notNull(),
      initials: text('initials').notNull(),
      phone: text('phone'),
      phone_alt: text('phone_alt'),
      card: text('card'),
      email: text('email'),
      birthday: text('birthday'),
      gender: text('gender').$type<'f' | 'm' | 'x'>(),
      tier: text('tier'),
      note: text('note'),
      attributes: json<Record<string, string>>('attributes'),
      consents: json<Consent[]>('consents').notNull(),
      stamps: json<Partial<Record<CustomerField, Stamp>>>('stamps').notNull(),
      search: text('search').notNull(),
      /** Homes before this one, with the day on which each ended; null when there was none. */
      homes: json<FormerHome[]>('homes'),
      /** The day on which the person was forgotten; the row is then a surrogate without a name. */
      erased_on: int('erased_on'),
    },
    (t) => [primaryKey({ columns: [t.store_id, t.id] })],
  ),
  /** Where a customer of this book went, for ever: late ops follow. Erased: nowhere. */
  customerForward: table(
    'customer_forward',
    {
      store_id: text('store_id').notNull(),
      customer_id: text('customer_id').notNull(),
      to_store_id: text('to_store_id'),
      state: text('state').$type<'moved' | 'erased'>().notNull(),
      day: int('day').notNull(),
    },
    (t) => [primaryKey({ columns: [t.store_id, t.customer_id] })],
  ),
  tagging: table(
    'tagging',
    {
      store_id: text('store_id').notNull(),
      customer_id: text('customer_id').notNull(),
      dot: text('dot').notNull(),
      tag_id: text('tag_id').notNull(),
      at: int('at').notNull(),
      source: text('source').$type<TagSource>().notNull(),
      by: text('by').notNull(),
      off_at: int('off_at'),
    },
    (t) => [primaryKey({ columns: [t.store_id, t.customer_id, t.dot] })],
  ),
  /** Stores that hold a linked copy of a customer of this home. */
  customerLink: table(
    'customer_link',
    {
      store_id: text('store_id').notNull(),
      customer_id: text('customer_id').notNull(),
      linked_store_id: text('linked_store_id').notNull(),
      last_day: int('last_day').notNull(),
    },
    (t) => [primaryKey({ columns: [t.store_id, t.customer_id, t.linked_store_id] })],
  ),
})

const visitTables = ({ table, text, int, bool, json, index, primaryKey }: Dialect) => ({
  /** In the book of the store where it happened. */
  visit: table(
    'visit',
    {
      store_id: text('store_id').notNull(),
      id: text('id').notNull(),
      customer_id: text('customer_id'),
      home_store_id: text('home_store_id'),
      count: int('count').notNull(),
      purpose: text('purpose').$type<Purpose>().notNull(),
      need: text('need'),
      spend_minor: int('spend_minor'),
      items: int('items'),
      note: text('note'),
      receipt: text('receipt'),
      at: int('at').notNull(),
      day: int('day').notNull(),
      actor_id: text('actor_id').notNull(),
      void: bool('void').notNull(),
      stamps: json<Record<string, Stamp>>('stamps').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.store_id, t.id] }),
      index('visit_customer_day').on(t.store_id, t.customer_id, t.day),
    ],
  ),
  /** In the home store's book: one row per customer, business day and store. */
  history: table(
    'history',
    {
      store_id: text('store_id').notNull(),
      customer_id: text('customer_id').notNull(),
      day: int('day').notNull(),
      at_store_id: text('at_store_id').notNull(),
      region_id: text('region_id'),
      visits: int('visits').notNull(),
      sales: int('sales').notNull(),
      spend_minor: int('spend_minor').notNull(),
      purposes: int('purposes').notNull(),
      first_at: int('first_at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.store_id, t.customer_id, t.day, t.at_store_id] }),
      index('history_day').on(t.day),
    ],
  ),
})

/** A figure of a book, whether it is kept by day or at the opening of a month. */
const figureColumns = ({ text, int }: Dialect) => ({
  store_id: text('store_id').notNull(),
  scope: text('scope').notNull(),
  day: int('day').notNull(),
  metric: text('metric').notNull(),
  value: int('value').notNull(),
})

const figureTables = (dialect: Dialect) => ({
  ...keptFigures(dialect),
  ...dirtyMarks(dialect),
})

const keptFigures = (dialect: Dialect) => {
  const { table, index, primaryKey } = dialect
  return {
    /** Figures by difference; see db/model/fold.ts for scopes and metrics. */
    metricDay: table('metric_day', figureColumns(dialect), (t) => [
      primaryKey({ columns: [t.store_id, t.scope, t.day, t.metric] }),
      index('metric_day_day').on(t.day),
    ]),
    /** Levels of stocks at the opening of a month, by difference. */
    metricMonth: table('metric_month', figureColumns(dialect), (t) => [
      primaryKey({ columns: [t.store_id, t.scope, t.day, t.metric] }),
      index('metric_month_day').on(t.day),
    ]),
  }
}

const dirtyMarks = ({ table, text, int, primaryKey }: Dialect) => ({
  /** Days (`d`) and months (`m`) whose rollups no longer tell what the books say. */
  dirtyDay: table(
    'dirty_day',
    {
      store_id: text('store_id').notNull(),
      table: text('table').$type<'d' | 'm'>().notNull(),
      day: int('day').notNull(),
    },
    (t) => [primaryKey({ columns: [t.store_id, t.table, t.day] })],
  ),
})
