import { and, eq, gt } from 'drizzle-orm'
import type { Session } from '#model/access.ts'
import { CHAIN } from '#model/id.ts'
import { OLDEST_SERVED_SCHEMA } from '#model/op.ts'
import type { FeedPage, FeedRow, Pull, PullReply } from '#model/protocol.ts'
import { healthColumns, lockDevice, saveDevice, whereDevice } from './device-state.ts'
import { diskFaultOf, LedgerError } from './errors.ts'
import { headOf } from './feeds.ts'
import { keptQuery } from './kept-query.ts'
import type { Ledger } from './ledger.ts'
import { retried } from './retried.ts'
import { noteContact } from './telemetry.ts'

/** Feeds that a session may follow: its own book's, and the chain's. */
export function feedsOfSession(session: Session): string[] {
  return session.book === CHAIN ? [CHAIN] : [CHAIN, session.book]
}

type FeedColumns = Ledger['t']['feedRow']['$inferSelect']

/** A row as it was put into the feed by `feedsOf`, which is where its kind and body were paired. */
export function wireRow({ seq, id, kind, state, body }: FeedColumns): FeedRow {
  return { seq, id, kind, state, body } as unknown as FeedRow
}

/**
 * One page of a feed from where the device stands. The head is read before the rows, so that
 * nothing up to it is missing among them, and its floor after them: whoever stands below it may
 * have missed a tombstone that is gone, and starts the feed anew.
 */
async function page(
  ledger: Ledger,
  feed: string,
  from: { cursor: number; epoch: string | null },
  limit: number,
): Promise<FeedPage | null> {
  const head = await headOf(ledger, ledger.db, feed)
  if (!head) return null
  const after = { feed, cursor: from.cursor, limit: limit + 1 }
  const rows = from.cursor > head.seq ? [] : await rowsAfter(ledger, ledger.db, after)
  const { floor } = (await headOf(ledger, ledger.db, feed)) ?? head
  const { epoch } = head
  const isForeign = from.epoch !== null && from.epoch !== epoch
  const isLost = from.cursor > head.seq || (from.cursor > 0 && from.cursor < floor)
  if (isForeign || isLost) {
    const start = { epoch, from: from.cursor, cursor: 0, head: head.seq, floor }
    return { ...start, rows: [], more: true, reset: true }
  }
  const more = rows.length > limit
  const shown = rows.slice(0, limit)
  // Nothing after the last row was committed when it was read: the head is locked until a commit.
  const last = shown.at(-1)?.seq ?? from.cursor
  const known = Math.max(head.seq, last)
  // The last rows may have been tombstones that are gone: the device is past them all the same.
  const cursor = more ? last : known
  return { epoch, from: from.cursor, cursor, head: known, floor, rows: shown.map(wireRow), more }
}

const rowsAfter = keptQuery(
  ({ t: { feedRow } }, db, from: { feed: string; cursor: number; limit: number }) =>
    db
      .select()
      .from(feedRow)
      .where(and(eq(feedRow.store_id, from.feed), gt(feedRow.seq, from.cursor)))
      .orderBy(feedRow.seq)
      .limit(from.limit),
)

/** Throws LedgerError `update-needed`; what such a device has written is taken all the same. */
export function refuseOldSchema(schema: number | null): void {
  if (schema !== null && schema < OLDEST_SERVED_SCHEMA)
    throw new LedgerError('update-needed', `schema ${schema} is no longer served`)
}

/** How a device is, and where it stands in its feeds. */
type Report = Pick<Pull, 'health' | 'feeds'>

/** Notes how the device is, and returns where it stands. */
function takeHealth(ledger: Ledger, session: Session, { health, feeds }: Report, now: number) {
  return ledger.tx(async (db) => {
    const before = await lockDevice(ledger, db, session)
    const after = { ...healthColumns(health, before, now), feeds, last_pull_at: now }
    await saveDevice(ledger, db, session, after)
    const contact = { session, kind: 'pull' as const, before, after, health, now, verdicts: [] }
    await noteContact(ledger, db, contact)
    return before
  })
}

/** A disk that takes no writes stops no reading: the report is not kept, and comes again. */
async function takeHealthIfPossible(
  ...[ledger, session, report, now]: Parameters<typeof takeHealth>
) {
  try {
    return await retried(() => takeHealth(ledger, session, report, now))
  } catch (error) {
    const { deviceState } = ledger.t
    const of = whereDevice(ledger, session)
    const [device] = diskFaultOf(error) ? await ledger.db.select().from(deviceState).where(of) : []
    if (!device) throw error
    return device
  }
}

/**
 * One page of each feed the device asks for and may have. `last_n` is read before the rows, so
 * that ops up to it are in them once no feed has more. Feeds of other stores are left out.
 * Throws LedgerError `unknown-device`, and `update-needed` for a schema that is not served.
 */
export async function pull(
  ledger: Ledger,
  session: Session,
  body: Pull,
  now: number,
): Promise<PullReply> {
  const device = await takeHealthIfPossible(ledger, session, body, now)
  refuseOldSchema(body.health.schema)
  const feeds: Record<string, FeedPage> = {}
  for (const feed of feedsOfSession(session)) {
    const from = body.feeds[feed]
    const found = from && (await page(ledger, feed, from, body.limit))
    if (found) feeds[feed] = found
  }
  const { epoch, last_n, last_op_id, last_hash } = device
  return { epoch, last_n, last_op_id, last_hash, server_now: now, feeds }
}
