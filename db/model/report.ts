import type { MetricValues } from './metrics.ts'
import type { DeviceStatus } from './protocol.ts'
import type { Role } from './staff.ts'

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
  currency: string
  now: MetricValues
  before: MetricValues
  /** Spend of the period in minor units; shown with the row's details. */
  spend_now: number
  spend_before: number
  /** When the store's devices last sent something; null when never. */
  as_of: number | null
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

/** GET /api/desk/sync */
export interface SyncReport {
  devices: (DeviceStatus & { store_name: string; region_id: string | null })[]
  quarantined: number
  generated_at: number
}

/** GET /api/desk/sync/:device/refused */
export interface RefusedOp {
  op_id: string
  device_id: string
  n: number
  kind: string
  type: string
  record_id: string
  reason: string
  detail: string | null
  received_at: number
  actor_id: string
}
