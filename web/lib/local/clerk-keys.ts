import type { ClerksReply } from '#model/protocol.ts'
import type { Local } from './database.ts'
import { readMeta, writeMeta } from './meta.ts'

/** When the clerks' keys were last fetched, in ms; null when never. */
export async function clerkKeysAt(local: Local): Promise<number | null> {
  return (await readMeta(local.db, 'clerks'))?.at ?? null
}

/** Keeps who may unlock this tablet and by what. A new PIN forgives the wrong tries of the old. */
export async function saveClerkKeys(local: Local, reply: ClerksReply): Promise<void> {
  const { db, deps } = local
  await db.transaction('rw', db.meta, async () => {
    const known = (await readMeta(db, 'clerks'))?.clerks ?? []
    const tries = (await readMeta(db, 'tries')) ?? {}
    const verifiers = new Map(known.map((key) => [key.staff_id, key.verifier]))
    const isSame = (id: string) =>
      reply.clerks.some((key) => key.staff_id === id && key.verifier === verifiers.get(id))
    await writeMeta(db, 'clerks', { ...reply, at: deps.now() })
    await writeMeta(
      db,
      'tries',
      Object.fromEntries(Object.entries(tries).filter(([id]) => isSame(id))),
    )
  })
}
