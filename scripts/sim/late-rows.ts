import { and, eq } from 'drizzle-orm'
import type { World } from './world.ts'

type Row = World['server']['ledger']['t']['feedRow']['$inferSelect']

interface Held {
  rows: Row[]
  /** Where each feed stood. */
  heads: Map<string, number>
  serverNo: number
}

const held = new WeakMap<World, Held>()

/**
 * Commits that end out of the order of their numbers: the newest row of a feed is there only a
 * step after its number was given, as when the counter stood outside of the transaction.
 */
export async function commitLate(world: World): Promise<void> {
  const { serverNo } = world
  const { ledger } = world.server
  const { feedRow, feedHead } = ledger.t
  const known = held.get(world)
  const before = known?.serverNo === serverNo ? known : null
  const late: Row[] = []
  const heads = new Map<string, number>()
  await ledger.tx(async (db) => {
    for (const row of before?.rows ?? []) await db.insert(feedRow).values(row).onConflictDoNothing()
    for (const { store_id, seq } of await db.select().from(feedHead).orderBy(feedHead.store_id)) {
      heads.set(store_id, seq)
      if (!before || before.heads.get(store_id) === seq) continue
      const isNewest = and(eq(feedRow.store_id, store_id), eq(feedRow.seq, seq))
      late.push(...(await db.select().from(feedRow).where(isNewest)))
      await db.delete(feedRow).where(isNewest)
    }
  })
  held.set(world, { rows: late, heads, serverNo })
}
