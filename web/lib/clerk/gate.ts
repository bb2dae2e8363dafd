/** What decides which of the clerk's screens may be shown. */
export interface GateState {
  enrolled: boolean
  /** At least the first part of the store's customers is on this device. */
  hasCustomers: boolean
  unlocked: boolean
}

/**
 * Where a path of the clerk's app leads instead, or null when it may be shown. A device comes
 * before its data, and the data before a person: nobody can unlock what knows no staff.
 */
export function redirectOf(path: string, { enrolled, hasCustomers, unlocked }: GateState) {
  if (!enrolled || !hasCustomers) return path === '/enrol' ? null : '/enrol'
  if (path === '/unlock') return null
  if (path === '/enrol') return '/unlock'
  return unlocked ? null : '/unlock'
}
