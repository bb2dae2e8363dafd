import type { Consent } from '#model/consent.ts'
import type { MovementKind } from '#model/movements.ts'
import type { Absorbed, CustomerField, FormerHome, MergeSpan } from '#model/customer.ts'
import type { Stamp } from '#model/op.ts'
import type { PartFormat } from '#model/part.ts'
import type { TagSource } from '#model/tag.ts'
import type { Purpose } from '#model/visit.ts'
import type { Dialect } from './dialect-sqlite.ts'

/** Tables of the books: `store_id` comes first in every key and stands in every statement. */
export const bookTables = (dialect: Dialect) => ({
  ...feedTables(dialect),
  ...customerTables(dialect),
  ...customerSideTables(dialect),
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
    /** The head right after somebody was last erased from the feed; 0: never. */
    erased_seq: int('erased_seq').notNull().default(0),
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
      format: text('format').$type<PartFormat>().notNull(),
      epoch: text('epoch').notNull(),
      rows: int('rows').notNull(),
      customers: int('customers').notNull(),
      sha256: text('sha256').notNull(),
      size: int('size').notNull(),
      data: bytes('data').notNull(),
    },
    (t) => [primaryKey({ columns: [t.store_id, t.format, t.seq, t.no] })],
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
      /** The record that this one is part of now, and when it was part of which. */
      merged_into: text('merged_into'),
      merges: json<MergeSpan[]>('merges'),
      /** Records that are, or once were, part of this one. */
      absorbed: json<Absorbed[]>('absorbed'),
      /** The day on which the person was forgotten; the row is then a surrogate without a name. */
      erased_on: int('erased_on'),
    },
    (t) => [primaryKey({ columns: [t.store_id, t.id] })],
  ),
})

/** What stands beside a customer, in the same book. */
const customerSideTables = ({ table, text, int, index, primaryKey }: Dialect) => ({
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
    (t) => [
      primaryKey({ columns: [t.store_id, t.customer_id] }),
      index('customer_forward_customer').on(t.customer_id),
    ],
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

/**
 * A figure of a book, whether it is kept by day or at the opening of a month. `rolled` is how much
 * of it the rollups tell: what they lack is the difference, whatever else happened meanwhile.
 */
const figureColumns = ({ text, int }: Dialect) => ({
  store_id: text('store_id').notNull(),
  scope: text('scope').notNull(),
  day: int('day').notNull(),
  metric: text('metric').notNull(),
  value: int('value').notNull(),
  rolled: int('rolled').notNull().default(0),
})

const figureTables = (dialect: Dialect) => ({
  ...keptFigures(dialect),
  ...movements(dialect),
  ...dirtyMarks(dialect),
})

const keptFigures = (dialect: Dialect) => {
  const { table, index, primaryKey } = dialect
  return {
    /** Figures by difference; see db/model/fold.ts for scopes and metrics. */
    metricDay: table('metric_day', figureColumns(dialect), (t) => [
      primaryKey({ columns: [t.store_id, t.scope, t.day, t.metric] }),
      index('metric_day_day').on(t.day, t.store_id),
    ]),
    /** Levels of stocks at the opening of a month, by difference. */
    metricMonth: table('metric_month', figureColumns(dialect), (t) => [
      primaryKey({ columns: [t.store_id, t.scope, t.day, t.metric] }),
      index('metric_month_day').on(t.day, t.store_id),
    ]),
  }
}

const movements = ({ table, text, int, index, primaryKey }: Dialect) => ({
  /** Who came, went and moved, in the book of the home concerned; see db/model/movements.ts. */
  movement: table(
    'movement',
    {
      store_id: text('store_id').notNull(),
      customer_id: text('customer_id').notNull(),
      kind: text('kind').$type<MovementKind>().notNull(),
      no: int('no').notNull(),
      day: int('day').notNull(),
      counterparty: text('counterparty'),
      value_minor: int('value_minor').notNull(),
      /** When the server heard what it follows from: after a close it is a late fact. */
      written_at: int('written_at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.store_id, t.customer_id, t.kind, t.no] }),
      index('movement_kind_day').on(t.store_id, t.kind, t.day),
    ],
  ),
})

const dirtyMarks = ({ table, text, int, primaryKey }: Dialect) => ({
  /** Days (`d`) and months (`m`) of books that the rollups do not tell in full. */
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
