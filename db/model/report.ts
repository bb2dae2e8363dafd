import type { HomeProposal } from './home-proposal.ts'
import type { MetricValues } from './metrics.ts'
import type { Loss } from './loss.ts'
import type { DeviceEvent, DeviceStatus } from './fleet.ts'
import type { MovementKind } from './movements.ts'
import type { Role } from './staff.ts'
import type { FootingFault, ScopedStatement, StatementSide } from './statement.ts'
import type { Tenure, TenureLine } from './tenure.ts'

// What the desk reads, under /api/desk. Every answer is cut to the scope of the session.

/** GET /api/desk/me */
export interface DeskSession {
  staff_id: string
  name: string
  email: string
  role: Role
  region_id: string | null
  chain_name: string
  /** Today's business day at the head office, to choose a period by. */
  today: number
  currency: string
  first_day: number | null
  /** The activity window: days without a visit after which a customer counts as lost. */
  activity_days: number
}

export interface ReportRow {
  /** Store id, region id, or `chain`. */
  scope: string
  level: 'store' | 'region' | 'chain'
  region_id: string | null
  name: string
  name_en: string | null
  code: string | null
  format: string | null
  /** What all its stores count in; null: they keep several currencies, and no money is told. */
  currency: string | null
  now: MetricValues
  before: MetricValues
  /** Spend of the period in minor units; shown with the row's details. Null: see `currency`. */
  spend_now: number | null
  spend_before: number | null
  /** When the store's devices last sent something; null when never. */
  as_of: number | null
}

/** A statement as it is told: of a scope of several currencies without its value. */
export interface ToldStatement extends Omit<ScopedStatement, 'value'> {
  value: StatementSide | null
  /** Null: its stores keep several currencies. */
  currency: string | null
}

/** GET /api/desk/stores?period=2026-10: rows of every store in scope, its regions, the chain. */
export interface StoresReport {
  period: string
  before: string
  rows: ReportRow[]
  /** Devices' last word and the rollups' state: figures are whole up to here. */
  computed_at: number
  /** Days whose region and chain figures are being computed. */
  dirty_days: number
}

/** GET /api/desk/stores/:scope/history?grain=month|week&from=&to= */
export interface HistoryReport {
  scope: string
  name: string
  points: { period: string; from: number; to: number; values: MetricValues }[]
}

/** What somebody said about one line of a scope's statement. */
export interface NoteRow {
  id: string
  scope: string
  period: string
  line: string
  text: string
  by_name: string
  at: number
}

/** Once all kept figures were counted anew because definitions changed. */
export interface RestatementRow {
  /** When it was done, ms. */
  at: number
  /** The business day of that at the head office. */
  day: number
  from_version: number
  to_version: number
  /** Activity windows in days; null in what was done before a chain could set its own. */
  from_activity_days: number | null
  to_activity_days: number | null
  /** How many figures and movements came out otherwise, rollups with them; in how many stores. */
  figures: number
  stores: number
}

/** GET /api/desk/definitions: the version that figures are kept by, and how they came to it. */
export interface DefinitionsReport {
  version: number
  restatements: RestatementRow[]
}

/**
 * GET /api/desk/statement?period=2026-10&view=restated|closed: of every store in scope, its
 * regions, the chain. Restated (the default) is what is known today. In a period that was not
 * closed, or that cuts a month, both views are the same and `view` says `restated`.
 */
export interface StatementReport {
  period: string
  /** The first and the last day that it tells of; a running period ends today. */
  from: number
  to: number
  rows: (ToldStatement & { name: string; name_en: string | null; as_of: number | null })[]
  /** Where these statements do not foot or cross; printed, and empty when all is well. */
  faults: FootingFault[]
  view: 'restated' | 'closed'
  /** The last month that was closed, and the one that may be closed next, as period texts. */
  closed: { period: string; at: number; by_name: string } | null
  closable: string | null
  notes: NoteRow[]
  /** Changes of definitions since the period began, the first one first. */
  restatements: RestatementRow[]
  /** When stores were last counted from the visits themselves, and how many in scope differed. */
  recount: { day: number; counted_at: number; stores: number; differing: number } | null
  computed_at: number
  dirty_days: number
}

/** GET /api/desk/statement/:scope?period=2026-10: the statement of one place, as it stands now. */
export type PlaceStatement = ToldStatement

/**
 * GET /api/desk/statement/:scope/movements?kind=lost&period=2026-10: who stands behind a cell. Of
 * kind `late` are the movements of closed months that became known after their close.
 */
export interface MovementsReport {
  scope: string
  kind: MovementKind | 'late'
  rows: {
    customer_id: string
    /** Null for somebody who was erased since, or moved out of the reader's sight. */
    name: string | null
    store_id: string
    kind: MovementKind
    day: number
    counterparty: string | null
    value_minor: number
    /** What its store counts in. */
    currency: string | null
  }[]
  /** How many there are; at most 500 of them are given, the latest first. */
  total: number
  /** How many different customers these are: whoever came back twice is one of them. */
  people: number
}

/**
 * GET /api/desk/statement/:scope/customers?line=closing&period=2026-10: who counted in a store as
 * the period opened or closed, or whose spend of 12 months grew or shrank in it. Somebody who went
 * and came back within the period stands once for each time.
 */
export interface TenuresReport {
  scope: string
  line: TenureLine
  /** `name` is null as in `MovementsReport`. */
  rows: (Tenure & { customer_id: string; name: string | null })[]
  /** How many there are; at most 500 of them are given, the largest amounts first. */
  total: number
  /** What the line counts of all of them, in minor units: the line's value. */
  sum_minor: number
}

/** GET /api/desk/home-proposals: customers whose last visits were all away from home. */
export interface HomeProposalsReport {
  rows: (HomeProposal & { customer_id: string; name: string; home_store_id: string })[]
  /** How many there are; at most 500 are given, the latest seen first. */
  total: number
  /** The stores that the rows speak of. */
  stores: { id: string; name: string; name_en: string | null }[]
  /** Up to when the visits of all stores in scope are known: that of the darkest. */
  as_of: number | null
  computed_at: number
}

/** Ms from an op's effective time to its receipt; null without an op. */
export interface Lag {
  p50: number | null
  p95: number | null
  p99: number | null
  ops: number
}

/** GET /api/desk/sync */
export interface SyncReport {
  devices: (DeviceStatus & {
    store_name: string
    store_name_en: string | null
    region_id: string | null
  })[]
  /** Over the last 24 hours, of all stores in scope. */
  lag: Lag
  /** When the oldest op was written that some device still holds. */
  oldest_unsent_at: number | null
  quarantined: number
  /** Open entries of the loss ledger, and the ops in them. */
  losses: number
  lost_ops: number
  /** When the server itself was last restored from a backup. */
  restored_at: number | null
  generated_at: number
}

/** One store's hour; null where no device of it was in touch: no data, not zero. */
export interface SyncHour {
  contacts: number
  ops: number
  refused: number
  unsent_max: number
  lag_p95_ms: number | null
}

/** GET /api/desk/sync/hours?from=&to= (whole hours since 1970, to excluded; at most 168). */
export interface SyncHours {
  from: number
  to: number
  rows: {
    store_id: string
    store_name: string
    store_name_en: string | null
    /** The store's zone, to write its hours by. */
    zone: string
    hours: (SyncHour | null)[]
  }[]
}

/** GET /api/desk/sync/devices/:id */
export interface DeviceReport {
  device: SyncReport['devices'][number]
  from: number
  hours: (SyncHour | null)[]
  events: DeviceEvent[]
  losses: LossRow[]
}

/** GET /api/desk/losses?state=open|closed */
export interface LossRow extends Loss {
  device_name: string
  store_name: string
  store_name_en: string | null
  staff_names: string[]
}

/** GET /api/desk/refused?device=&state=open|decided */
export interface RefusedOp {
  op_id: string
  store_id: string
  store_name: string
  store_name_en: string | null
  /** What the store counts in; null for a store that the reader may not see. */
  currency: string | null
  device_id: string
  device_name: string
  n: number
  kind: string
  type: string
  record_id: string
  /** The customer that it is about, by name, where the session may know it. */
  customer_id: string | null
  customer_name: string | null
  reason: string
  detail: string | null
  received_at: number
  written_at: number
  actor_id: string
  actor_name: string | null
  /** What the op wanted to write, and what stands there: by field. */
  after: Record<string, unknown>
  before: Record<string, unknown> | null
  /** What the tag is called that the op is about, if it is about one. */
  tag: { label: string; label_en: string | null } | null
  /** Set once a person decided. */
  decision: { verdict: 'reapply' | 'dismiss'; reason: string; by_name: string; at: number } | null
}

/** POST /api/desk/decisions. 409 `refused-again` with the reason when it still does not apply. */
export interface DecideReply {
  decision_id: string
}
