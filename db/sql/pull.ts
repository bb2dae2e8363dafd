import { and, eq, gt } from 'drizzle-orm'
import type { Session } from '#model/access.ts'
import { CHAIN } from '#model/id.ts'
import type { FeedPage, FeedRow, Pull, PullReply } from '#model/protocol.ts'
import { healthColumns, whereDevice } from './device-state.ts'
import { LedgerError } from './errors.ts'
import { headOf } from './feeds.ts'
import type { Ledger } from './ledger.ts'

/** Feeds that a session may follow: its own book's, and the chain's. */
export function feedsOfSession(session: Session): string[] {
  return session.book === CHAIN ? [CHAIN] : [CHAIN, session.book]
}

type FeedColumns = Ledger['t']['feedRow']['$inferSelect']

/** A row as it was put into the feed by `feedsOf`, which is where its kind and body were paired. */
function wireRow({ seq, id, kind, state, body }: FeedColumns): FeedRow {
  return { seq, id, kind, state, body } as unknown as FeedRow
}

async function page(
  ledger: Ledger,
  feed: string,
  from: { cursor: number; epoch: string | null },
  limit: number,
): Promise<FeedPage | null> {
  const head = await headOf(ledger, ledger.db, feed)
  if (!head) return null
  const { epoch, floor } = head
  const isForeign = from.epoch !== null && from.epoch !== epoch
  const isLost = from.cursor > head.seq || (from.cursor > 0 && from.cursor < floor)
  if (isForeign || isLost) {
    const start = { epoch, from: from.cursor, cursor: 0, head: head.seq, floor }
    return { ...start, rows: [], more: true, reset: true }
  }
  const { feedRow } = ledger.t
  const rows = await ledger.db
    .select()
    .from(feedRow)
    .where(and(eq(feedRow.store_id, feed), gt(feedRow.seq, from.cursor)))
    .orderBy(feedRow.seq)
    .limit(limit + 1)
  const more = rows.length > limit
  const shown = rows.slice(0, limit)
  // Nothing after the last row was committed when it was read: the head is locked until a commit.
  const cursor = shown.at(-1)?.seq ?? from.cursor
  const known = Math.max(head.seq, cursor)
  return { epoch, from: from.cursor, cursor, head: known, floor, rows: shown.map(wireRow), more }
}

/**
 * One page of each feed the device asks for and may have. `last_n` is read before the rows, so
 * that ops up to it are in them once no feed has more. Feeds of other stores are left out.
 */
export async function pull(
  ledger: Ledger,
  session: Session,
  body: Pull,
  now: number,
): Promise<PullReply> {
  const { deviceState } = ledger.t
  const health = { ...healthColumns(body.health, now), last_pull_at: now }
  const [device] = await ledger.tx((db) =>
    db.update(deviceState).set(health).where(whereDevice(ledger, session)).returning(),
  )
  if (!device) throw new LedgerError('unknown-device', `no device ${session.device_id}`)
  const feeds: Record<string, FeedPage> = {}
  for (const feed of feedsOfSession(session)) {
    const from = body.feeds[feed]
    const found = from && (await page(ledger, feed, from, body.limit))
    if (found) feeds[feed] = found
  }
  const { epoch, last_n, last_op_id, last_hash } = device
  return { epoch, last_n, last_op_id, last_hash, server_now: now, feeds }
}
