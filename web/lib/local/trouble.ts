import type { Local } from './database.ts'
import { readMeta, writeMeta } from './meta.ts'
import { isStorageFault } from './storage-fault.ts'
import type { Trouble } from './tables.ts'

/**
 * Keeps what hinders the sync, so that every tab and the next start show it; null clears it. Where
 * the database itself is the trouble it cannot be kept, and the caller tells it by other means.
 */
export async function setTrouble(
  local: Local,
  code: Trouble | null,
  detail: string | null = null,
): Promise<void> {
  const { db, deps } = local
  const write = async () => {
    const known = await readMeta(db, 'trouble')
    if ((known?.code ?? null) === code && (known?.detail ?? null) === detail) return
    const said = code && { code, at: deps.now(), ...(detail === null ? {} : { detail }) }
    await writeMeta(db, 'trouble', said)
  }
  await db.transaction('rw', db.meta, write).catch((error: unknown) => {
    if (!isStorageFault(error)) throw error
  })
}
