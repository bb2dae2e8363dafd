// What a browser says when it cannot read or write its database. Told by name: Dexie and the
// browser each throw classes of their own, and wrap one another's.
import { LocalError } from './errors.ts'

const QUOTA = 'QuotaExceededError'
/** Closed under the app, killed in the background, or unreadable. */
const CLOSED = new Set([
  'AbortError',
  'DatabaseClosedError',
  'InvalidStateError',
  'NotFoundError',
  'OpenFailedError',
  'TransactionInactiveError',
  'UnknownError',
])
/** While a connection is being opened again Dexie's tables have nothing to read with. */
const UNREADY = /reading '(get|getMany|query|count|mutate|openCursor)'/

/** The error and what it was made from. */
function causesOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return []
  const inner = 'inner' in error ? causesOf(error.inner) : []
  const failures = 'failures' in error && Array.isArray(error.failures) ? error.failures : []
  return [error, ...inner, ...failures.flatMap(causesOf)]
}

export function isQuota(error: unknown): boolean {
  return causesOf(error).some(({ name }) => name === QUOTA)
}

export function isClosed(error: unknown): boolean {
  if (isQuota(error)) return false
  if (error instanceof TypeError) return UNREADY.test(error.message)
  return causesOf(error).some(({ name }) => CLOSED.has(name))
}

/** The browser could not read or write the database: full, closed, or killed in the background. */
export function isStorageFault(error: unknown): boolean {
  const isOurs = error instanceof LocalError && error.code === 'storage'
  return isOurs || isQuota(error) || isClosed(error)
}

/** `full`: no more room; `closed`: anything else that keeps the browser from it. */
export function storageFaultOf(error: unknown): 'full' | 'closed' {
  if (error instanceof LocalError) return error.detail === 'closed' ? 'closed' : 'full'
  return isQuota(error) ? 'full' : 'closed'
}
