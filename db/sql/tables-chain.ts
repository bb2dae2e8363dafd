import type { Stamp } from '#model/op.ts'
import type { Amounts, RecountFault, Statement } from '#model/statement.ts'
import type { DeviceRole } from '#model/device.ts'
import type { Role } from '#model/staff.ts'
import type { Dialect } from './dialect-sqlite.ts'

/** Tables that every node holds whole: reference records, sign-in of devices, rollups. */
export const chainTables = (dialect: Dialect) => ({
  ...placeTables(dialect),
  ...tagTables(dialect),
  ...entranceTables(dialect),
  ...rollupTables(dialect),
  ...deskTables(dialect),
})

const placeTables = ({ table, text, int, json, index }: Dialect) => ({
  region: table('region', {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    name_en: text('name_en'),
    order: int('order').notNull(),
    stamps: json<Record<string, Stamp>>('stamps').notNull(),
  }),
  store: table('store', {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    name_en: text('name_en'),
    code: text('code'),
    type: text('type').notNull(),
    region_id: text('region_id'),
    format: text('format'),
    city: text('city'),
    city_tier: text('city_tier'),
    zone: text('zone').notNull(),
    cutoff_minutes: int('cutoff_minutes').notNull(),
    currency: text('currency').notNull(),
    country: text('country').notNull(),
    hours: json<([number, number] | null)[]>('hours'),
    opened_on: int('opened_on'),
    stamps: json<Record<string, Stamp>>('stamps').notNull(),
  }),
  staff: table('staff', {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    role: text('role').$type<Role>().notNull(),
    store_ids: json<string[]>('store_ids').notNull(),
    region_id: text('region_id'),
    state: text('state').notNull(),
    stamps: json<Record<string, Stamp>>('stamps').notNull(),
  }),
  device: table(
    'device',
    {
      id: text('id').primaryKey(),
      name: text('name').notNull(),
      at: text('at').notNull(),
      role: text('role').$type<DeviceRole>().notNull(),
      state: text('state').notNull(),
      replaces: text('replaces'),
      stamps: json<Record<string, Stamp>>('stamps').notNull(),
    },
    (t) => [index('device_at').on(t.at)],
  ),
})

const tagTables = ({ table, text, int, bool, json }: Dialect) => ({
  tagGroup: table('tag_group', {
    id: text('id').primaryKey(),
    label: text('label').notNull(),
    label_en: text('label_en'),
    order: int('order').notNull(),
    required: bool('required').notNull(),
    stamps: json<Record<string, Stamp>>('stamps').notNull(),
  }),
  tag: table('tag', {
    id: text('id').primaryKey(),
    group_id: text('group_id').notNull(),
    label: text('label').notNull(),
    label_en: text('label_en'),
    order: int('order').notNull(),
    retired: bool('retired').notNull(),
    stamps: json<Record<string, Stamp>>('stamps').notNull(),
  }),
})

const entranceTables = ({ table, text, int, index, primaryKey }: Dialect) => ({
  /** A PIN is never kept: `hash` is PBKDF2-SHA256 in hex. */
  staffPin: table('staff_pin', {
    staff_id: text('staff_id').primaryKey(),
    salt: text('salt').notNull(),
    iterations: int('iterations').notNull(),
    hash: text('hash').notNull(),
    set_at: int('set_at').notNull(),
  }),
  /** A code that lets `uses_left` more devices in until `until`; only its hash is kept. */
  enrolment: table('enrolment', {
    code_hash: text('code_hash').primaryKey(),
    at_store_id: text('at_store_id').notNull(),
    name: text('name').notNull(),
    uses_left: int('uses_left').notNull(),
    until: int('until').notNull(),
    created_by: text('created_by').notNull(),
    created_at: int('created_at').notNull(),
  }),
  deviceToken: table('device_token', {
    token_hash: text('token_hash').primaryKey(),
    device_id: text('device_id').notNull(),
    book: text('book').notNull(),
    created_at: int('created_at').notNull(),
  }),
  /** Who has a phone, chain-wide; where duplicates are detected. Keyed by SHA-256 of the digits. */
  phoneDirectory: table(
    'phone_directory',
    {
      phone_hash: text('phone_hash').notNull(),
      store_id: text('store_id').notNull(),
      customer_id: text('customer_id').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.phone_hash, t.store_id, t.customer_id] }),
      index('phone_directory_customer').on(t.store_id, t.customer_id),
    ],
  ),
})

const deskTables = ({ table, text, int, json, primaryKey }: Dialect) => ({
  /** Records that the desk alone reads, of every such kind: few and small. */
  deskRecord: table(
    'desk_record',
    {
      kind: text('kind').notNull(),
      id: text('id').notNull(),
      fields: json<Record<string, unknown>>('fields').notNull(),
      stamps: json<Record<string, Stamp>>('stamps').notNull(),
    },
    (t) => [primaryKey({ columns: [t.kind, t.id] })],
  ),
  /** The statement of a scope for a month, as it stood when the month was closed. */
  closedStatement: table(
    'closed_statement',
    {
      month: int('month').notNull(),
      scope: text('scope').notNull(),
      statement: json<Statement>('statement').notNull(),
    },
    (t) => [primaryKey({ columns: [t.month, t.scope] })],
  ),
  /** What the last recount of the customers from their visits came to; see recount.ts. */
  recount: table('recount', {
    id: text('id').primaryKey(),
    day: int('day').notNull(),
    counted_at: int('counted_at').notNull(),
    stores: int('stores').notNull(),
    faults: json<RecountFault[]>('faults').notNull(),
  }),
})

const rollupTables = ({ table, text, int, json, index, primaryKey }: Dialect) => ({
  /** By what the kept figures were computed, definitions and window; see restate.ts. */
  figuresState: table('figures_state', {
    id: text('id').primaryKey(),
    version: int('version').notNull(),
  }),
  /** Each time the kept figures were counted anew as definitions or the window changed. */
  restatement: table('restatement', {
    id: text('id').primaryKey(),
    from_version: int('from_version').notNull(),
    to_version: int('to_version').notNull(),
    /** Activity windows in days; null in what was done when there was one alone. */
    from_activity_days: int('from_activity_days'),
    to_activity_days: int('to_activity_days'),
    started_at: int('started_at').notNull(),
    /** Null while it is under way. */
    finished_at: int('finished_at'),
    figures: int('figures').notNull(),
    stores: int('stores').notNull(),
    /** The last month that was closed, and how every scope closed it by the old definitions. */
    month: int('month'),
    before: json<Record<string, Amounts>>('before').notNull(),
    /** By how much the new definitions moved that closing, by scope; nothing where by nought. */
    effects: json<Record<string, Amounts>>('effects').notNull(),
  }),
  /** Sums of the books per scope (store, region, chain), computed anew for each dirty day. */
  rollupDay: table(
    'rollup_day',
    {
      scope: text('scope').notNull(),
      day: int('day').notNull(),
      metric: text('metric').notNull(),
      value: int('value').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.scope, t.day, t.metric] }),
      index('rollup_day_day').on(t.day, t.metric, t.scope, t.value),
    ],
  ),
  /** Per scope and month: levels of stocks at its opening, and sums of what happened in it. */
  rollupMonth: table(
    'rollup_month',
    {
      scope: text('scope').notNull(),
      month: int('month').notNull(),
      metric: text('metric').notNull(),
      value: int('value').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.scope, t.month, t.metric] }),
      index('rollup_month_month').on(t.month, t.metric, t.scope, t.value),
    ],
  ),
})
