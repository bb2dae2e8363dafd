/** What decides which of the clerk's screens may be shown. */
export interface GateState {
  enrolled: boolean
  /** At least the first part of the store's customers is on this device. */
  hasCustomers: boolean
  unlocked: boolean
  /** The server does not know this device any more; a new code makes it a device again. */
  mustEnrolAgain: boolean
  /** Headquarters revoked the device: only what it has not sent may still be seen. */
  revoked: boolean
}

/**
 * Where a path of the clerk's app leads instead, or null when it may be shown. A device comes
 * before its data, and the data before a person: nobody can unlock what knows no staff.
 */
export function redirectOf(path: string, state: GateState): string | null {
  const { enrolled, hasCustomers, unlocked, mustEnrolAgain, revoked } = state
  if (path === '/enrol' && mustEnrolAgain) return null
  if (revoked && path !== '/sync' && path !== '/unlock') return '/enrol'
  if (!enrolled || !hasCustomers) return path === '/enrol' ? null : '/enrol'
  if (path === '/unlock') return null
  if (path === '/enrol') return '/unlock'
  return unlocked ? null : '/unlock'
}
