// Whether the browser keeps this tablet's data for good: asked of the page, for a worker may not.
import type { Local } from '#web/local/database.ts'
import { readPersistence, savePersistence } from '#web/local/persistence.ts'

const ASK_EVERY_MS = 7 * 86_400_000

/** True for an app on the home screen, which browsers keep longer than a mere page. */
export function isInstalled(): boolean {
  const isApp = 'standalone' in navigator && navigator.standalone === true
  return isApp || matchMedia('(display-mode: standalone), (display-mode: fullscreen)').matches
}

/** Asks the browser to keep the data for good, and keeps its answer; once a week while it is no. */
export async function askPersistence(local: Local, isAskedNow = false): Promise<void> {
  const storage = navigator.storage as StorageManager | undefined
  if (!storage?.persist) return
  const known = await readPersistence(local)
  const isRecent = known !== null && Math.abs(local.deps.now() - known.asked_at) < ASK_EVERY_MS
  if (!isAskedNow && (isRecent || known?.granted)) return
  await savePersistence(local, await storage.persist())
}
