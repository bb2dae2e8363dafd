import { eq } from 'drizzle-orm'
import { CHAIN } from '#model/id.ts'
import { keptQuery } from './kept-query.ts'
import type { Ledger } from './ledger.ts'

// What follows from the chain's own records (stores, regions, people, devices, tags) changes rarely
// and is asked for by every page. Every change of such a record moves the chain's feed in the same
// transaction, so an answer stands as long as the feed does.

const selectHead = keptQuery(({ t: { feedHead } }, db, { feed }: { feed: string }) =>
  db
    .select({ seq: feedHead.seq, epoch: feedHead.epoch })
    .from(feedHead)
    .where(eq(feedHead.store_id, feed)),
)

/**
 * Keeps the answer of `read` per ledger until the chain's feed moves. The feed is read first: the
 * answer may be newer than its number, never older.
 */
export function keptByChain<T>(read: (ledger: Ledger) => Promise<T>) {
  const kept = new WeakMap<Ledger, { stamp: string; answer: T }>()
  return async (ledger: Ledger): Promise<T> => {
    const [feed] = await selectHead(ledger, ledger.db, { feed: CHAIN })
    const stamp = `${feed?.epoch ?? ''} ${feed?.seq ?? 0}`
    const known = kept.get(ledger)
    if (feed && known?.stamp === stamp) return known.answer
    const answer = await read(ledger)
    kept.set(ledger, { stamp, answer })
    return answer
  }
}
