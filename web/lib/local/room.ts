import { Dexie } from 'dexie'
import type { Local } from './database.ts'
import { LocalError } from './errors.ts'

function isQuota(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const inner = 'inner' in error ? error.inner : undefined
  return error.name === 'QuotaExceededError' || (inner !== undefined && isQuota(inner))
}

/**
 * Does work that writes. When the browser has no more room, what can be fetched again is given up
 * and the work is tried once more; the outbox is never given up. Throws LocalError 'storage'.
 */
export async function withRoom<T>(local: Local, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isQuota(error)) throw error
  }
  try {
    await Promise.all([local.db.visiting.clear(), local.db.recent.clear()])
    return await work()
  } catch (error) {
    throw isQuota(error) ? new LocalError('storage') : error
  }
}

/** The browser could not read or write the database: full, closed, or killed in the background. */
export function isStorageFault(error: unknown): boolean {
  return error instanceof LocalError ? error.code === 'storage' : error instanceof Dexie.DexieError
}
