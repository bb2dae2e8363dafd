import type { ChainCustomerReply } from '#model/protocol.ts'
import type { Local } from './database.ts'
import { getCustomer } from './read.ts'

const KEPT_MS = 7 * 86_400_000

/** Keeps a customer of another store, so that what is done for them here works as for any other. */
export async function keepVisitor(local: Local, reply: ChainCustomerReply): Promise<void> {
  const { customer: row, history } = reply
  const { db } = local
  const known = await getCustomer(local, row.id)
  const isGuest = (await db.visiting.get(row.id)) !== undefined
  if (known && !isGuest) return
  await db.visiting.put({ id: row.id, row, history, fetched_at: local.deps.now() })
  local.changes.announce({ type: 'customers', ids: [row.id] })
}

/** Forgets visitors of a week ago; one with an op on its way is kept. */
export async function pruneVisitors(local: Local): Promise<void> {
  const { db } = local
  const before = local.deps.now() - KEPT_MS
  const views = new Set(await db.view.toCollection().primaryKeys())
  await db.visiting.filter((row) => row.fetched_at < before && !views.has(row.id)).delete()
}
