import type { DeviceState } from './device.ts'

// How the desk sees a device: what it last said of itself, and what happened to it.

/** One device on the fleet's dashboard. Times in ms; null when never. */
export interface DeviceStatus {
  device_id: string
  name: string
  store_id: string
  state: DeviceState
  last_push_at: number | null
  last_pull_at: number | null
  unsent: number | null
  oldest_unsent_at: number | null
  /** Median ms from an op's effective time to its receipt, over its last 100 ops. */
  lag_ms: number | null
  app_version: string | null
  refused: number
  persisted: boolean | null
  clock_offset_ms: number | null
  newest_unsent_at: number | null
  installed: boolean | null
  usage_bytes: number | null
  quota_bytes: number | null
  download: { done: number; total: number } | null
  reopens: number | null
  trouble: string | null
  /** Ops that never arrived, over its open losses. */
  lost: number
  /** Rows of its store's feed and of the chain's that it had not, when it last asked. */
  behind: { store: number | null; chain: number | null }
  /** What its first download took. */
  downloaded: { ms: number; bytes: number } | null
  /** It may hold traces of somebody who was erased: it has not asked since, or is still at it. */
  keeps_erased: boolean
  /** When it said that it is empty, after it was revoked. */
  emptied_at: number | null
}

/** What happened to a device; `detail` holds numbers and codes, never personal data. */
export const DEVICE_EVENTS = [
  'enrolled',
  'renewed', // Goes on under a new name; `detail`: cause, from (device id).
  'revoked',
  'emptied', // After it was revoked: all is handed in, and nothing of the store is on it.
  'first-push',
  'reset', // It followed the server into a new epoch.
  'gap', // Ops were missing before the first one sent.
  'skip', // The missing ones are gone for good.
  'fork',
  'clock', // Its clock is off by more than five minutes, or right again.
  'storage', // What the browser says of keeping its data, or how much room is left, changed.
  'version', // Another version of the app.
  'trouble', // What the device says hinders its sync; null: nothing any more.
  'refused',
  'back', // It was silent for more than a day.
  'restored', // The server itself was restored from a backup; under store `chain`.
] as const
export interface DeviceEvent {
  at: number
  kind: (typeof DEVICE_EVENTS)[number]
  detail: Record<string, string | number | boolean | null>
}
