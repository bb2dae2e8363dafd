import type { Local } from './database.ts'
import { readMeta, writeMeta } from './meta.ts'
import type { MetaValues } from './tables.ts'

/** What the browser said when it was asked to keep the data for good; null when it never was. */
export async function readPersistence({ db }: Local): Promise<MetaValues['persistence'] | null> {
  return (await readMeta(db, 'persistence')) ?? null
}

export async function savePersistence({ db, deps }: Local, granted: boolean): Promise<void> {
  await writeMeta(db, 'persistence', { asked_at: deps.now(), granted })
}
