import { and, asc, eq, lt } from 'drizzle-orm'
import { DAY_MS } from '#model/calendar.ts'
import { historyRowId } from '#model/visit.ts'
import { Feeds, writeFeeds } from './feeds.ts'
import type { Ledger } from './ledger.ts'

/** Days without a fact after which a store gives a linked copy back. */
export const LINK_DAYS = 180
const LINKS_AT_ONCE = 500

/**
 * Ends links that no fact has used for 180 days: the customer and the history leave that store's
 * feed. `today` is a business day. Returns how many ended; run it once a day until it says 0.
 */
export function endIdleLinks(ledger: Ledger, today: number): Promise<number> {
  const { customerLink, history } = ledger.t
  return ledger.tx(async (db) => {
    const idle = await db
      .select()
      .from(customerLink)
      .where(lt(customerLink.last_day, today - LINK_DAYS))
      .orderBy(
        asc(customerLink.store_id),
        asc(customerLink.customer_id),
        asc(customerLink.linked_store_id),
      )
      .limit(LINKS_AT_ONCE)
    const feeds = new Feeds()
    for (const { store_id, customer_id, linked_store_id } of idle) {
      const ended = await db
        .delete(customerLink)
        .where(
          and(
            eq(customerLink.store_id, store_id),
            eq(customerLink.customer_id, customer_id),
            eq(customerLink.linked_store_id, linked_store_id),
          ),
        )
        .returning()
      if (ended.length === 0) continue // The customer moved or was erased meanwhile.
      const past = await db
        .select()
        .from(history)
        .where(and(eq(history.store_id, store_id), eq(history.customer_id, customer_id)))
      for (const { day, at_store_id } of past)
        if (at_store_id !== linked_store_id) {
          const id = historyRowId({ customer_id, day, store_id: at_store_id })
          feeds.end(linked_store_id, id, 'history', 'leave')
        }
      feeds.end(linked_store_id, customer_id, 'customer', 'leave')
    }
    await writeFeeds(ledger, db, feeds, today * DAY_MS)
    return idle.length
  })
}
