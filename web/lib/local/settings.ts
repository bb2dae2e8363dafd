import type { Local } from './database.ts'
import { readMeta, writeMeta } from './meta.ts'

/** This tablet's own preferences (language, minutes until it locks); they never travel. */
export async function getSetting(local: Local, name: string): Promise<unknown> {
  return (await readMeta(local.db, 'settings'))?.[name]
}

export async function setSetting(local: Local, name: string, value: unknown): Promise<void> {
  const { db } = local
  await db.transaction('rw', db.meta, async () => {
    const known = (await readMeta(db, 'settings')) ?? {}
    await writeMeta(db, 'settings', { ...known, [name]: value })
  })
}
