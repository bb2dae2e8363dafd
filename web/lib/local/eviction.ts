// A browser may give up a site's data. The cookie stays, so the tablet can find out that it was
// its store's, go on by itself, and say what happened.
import type { SelfReply } from '#model/protocol.ts'
import type { Local } from './database.ts'
import { readMeta, writeMeta } from './meta.ts'
import type { Eviction } from './tables.ts'

export async function readEviction(local: Local): Promise<Eviction | null> {
  return (await readMeta(local.db, 'eviction')) ?? null
}

/** The server knows this empty tablet: its database was given up or could not be read. */
export async function noteEviction(local: Local, self: SelfReply): Promise<void> {
  const { db, deps } = local
  await db.transaction('rw', db.meta, async () => {
    const known = await readMeta(db, 'eviction')
    const lost = Math.max(0, self.max_n - self.last_n)
    const found = { at: deps.now(), cause: 'evicted', ...known } as const
    await writeMeta(db, 'eviction', { ...found, recovered: false, lost })
  })
}

export async function noteRecovered(local: Local): Promise<void> {
  const { db } = local
  await db.transaction('rw', db.meta, async () => {
    const known = await readMeta(db, 'eviction')
    if (known) await writeMeta(db, 'eviction', { ...known, recovered: true })
  })
}

/** A person has read what happened. */
export async function dismissEviction(local: Local): Promise<void> {
  await local.db.meta.delete('eviction')
}
