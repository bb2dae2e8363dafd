import type { Local } from './database.ts'
import { readMeta, writeMeta } from './meta.ts'
import type { Trouble } from './tables.ts'

/** Keeps what hinders the sync, so that every tab and the next start show it; null clears it. */
export async function setTrouble(local: Local, code: Trouble | null): Promise<void> {
  const { db, deps } = local
  await db.transaction('rw', db.meta, async () => {
    const known = (await readMeta(db, 'trouble'))?.code ?? null
    if (known !== code) await writeMeta(db, 'trouble', code && { code, at: deps.now() })
  })
}
