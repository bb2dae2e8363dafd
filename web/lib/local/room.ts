// A browser that has no more room. What can be fetched again is given up step by step, the least
// missed first; ops, singletons and drafts never are.
import { type Local, reopen } from './database.ts'
import { LocalError } from './errors.ts'
import { isClosed, isQuota } from './storage-fault.ts'
import { pack } from './gzip.ts'
import { readMetas } from './meta.ts'

/** Part of the parts whose past goes at a time, the customers not seen for longest first. */
const CUT_SHARE = 0.25

/** One way to make room; false when it made none. */
type GiveUp = (local: Local) => Promise<boolean>

async function dropCopies({ db }: Local): Promise<boolean> {
  const copies = (await db.visiting.count()) + (await db.recent.count())
  await db.visiting.clear()
  await db.recent.clear()
  return copies > 0
}

/** A set that is only half here, while another one answers. */
async function dropHalfSet({ db }: Local): Promise<boolean> {
  return db.transaction('rw', db.meta, db.part, db.part_index, async () => {
    const { download, snapshot } = await readMetas(db, ['download', 'snapshot'])
    if (!download || !snapshot) return false
    const keys = await db.part_index.toCollection().primaryKeys()
    const half = keys.filter(([set]) => set === download.set)
    await db.part.bulkDelete(half)
    await db.part_index.bulkDelete(half)
    await db.meta.delete('download')
    return half.length > 0
  })
}

/** Customers can still be found and served; what they did long ago comes with the next parts. */
async function cutPast({ db }: Local): Promise<boolean> {
  const nothing = await pack({})
  return db.transaction('rw', db.meta, db.part, db.part_index, async () => {
    const { snapshot } = await readMetas(db, ['snapshot'])
    const all = await db.part_index
      .where('[set+no]')
      .above([snapshot?.set ?? 0, -1])
      .toArray()
    const ofSet = all.filter((row) => row.set === snapshot?.set && row.no > 0)
    const whole = ofSet.filter((row) => !row.isCut)
    const cut = whole.slice(-Math.ceil(ofSet.length * CUT_SHARE))
    for (const { sha256: _sent, ...index } of cut) {
      const part = await db.part.get([index.set, index.no])
      if (!part) continue
      await db.part.delete([index.set, index.no])
      await db.part.put({ ...part, past: nothing })
      await db.part_index.put({ ...index, isCut: true })
    }
    return cut.length > 0
  })
}

const NOT_PARTS: readonly GiveUp[] = [dropCopies]
const EVERYTHING: readonly GiveUp[] = [
  dropCopies,
  dropHalfSet,
  ...Array.from({ length: 1 / CUT_SHARE }, () => cutPast),
]

/**
 * Does work that writes. When the browser has no more room, something is given up and the work is
 * tried again; work that brings parts gives up none for others. When the browser closed the
 * database, it is opened again once. Throws LocalError 'storage'.
 */
export async function withRoom<T>(
  local: Local,
  work: () => Promise<T>,
  isFor: 'the outbox' | 'the parts' = 'the outbox',
): Promise<T> {
  for (const giveUp of [null, ...(isFor === 'the parts' ? NOT_PARTS : EVERYTHING)])
    try {
      if (giveUp !== null && !(await giveUp(local))) continue
      const done = await opened(local, work)
      if (giveUp) local.changes.announce({ type: 'rewritten', nos: [] })
      return done
    } catch (error) {
      if (!isQuota(error)) throw isClosed(error) ? new LocalError('storage', 'closed') : error
    }
  throw new LocalError('storage', 'full')
}

/** A tablet that slept may find its connection gone: what failed had no effect, and is repeated. */
async function opened<T>(local: Local, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isClosed(error)) throw error
  }
  await reopen(local)
  return work()
}
