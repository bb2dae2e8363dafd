import * as v from 'valibot'
import { bookId, id } from './id.ts'
import { NAME_MAX_CHARS } from './limits.ts'
import { line } from './text.ts'

export const DEVICE_ROLES = ['tablet', 'desk', 'import'] as const
export type DeviceRole = (typeof DEVICE_ROLES)[number]

/** Whatever writes: a store's tablet, the desk, an importer. It belongs to one book for ever. */
export const Device = v.object({
  name: line(NAME_MAX_CHARS),
  at: bookId,
  role: v.picklist(DEVICE_ROLES),
  state: v.optional(v.picklist(['active', 'revoked', 'replaced']), 'active'),
  /** The device whose work this one carries on: its storage was lost, copied or restored. */
  replaces: v.optional(id),
})
export type Device = v.InferOutput<typeof Device>

export const DEVICE_STATES = ['revoked', 'never', 'missing', 'stale', 'quiet', 'fresh'] as const
export type DeviceState = (typeof DEVICE_STATES)[number]

export const QUIET_AFTER_MS = 15 * 60_000
export const STALE_AFTER_OPEN_MINUTES = 4 * 60
export const MISSING_AFTER_MS = 3 * 86_400_000

/**
 * One state per device, in strict precedence (revoked, never, missing, stale, quiet, fresh), so
 * that no device is ever two things at once. `openMinutes` are the store's open minutes since.
 */
export function deviceState(
  device: { revoked: boolean; lastSeenAt: number | null },
  openMinutes: number,
  now: number,
): DeviceState {
  if (device.revoked) return 'revoked'
  if (device.lastSeenAt === null) return 'never'
  const silentMs = now - device.lastSeenAt
  if (silentMs > MISSING_AFTER_MS) return 'missing'
  if (openMinutes > STALE_AFTER_OPEN_MINUTES) return 'stale'
  return silentMs > QUIET_AFTER_MS ? 'quiet' : 'fresh'
}
