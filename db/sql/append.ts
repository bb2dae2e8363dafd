import { and, eq } from 'drizzle-orm'
import type { Actor, Session } from '#model/access.ts'
import type { OpResult } from '#model/protocol.ts'
import { REASONS } from '#model/refusal.ts'
import { derive } from './derive.ts'
import { closeErasures, eraseTraces } from './erase.ts'
import { changeLinks, feedsOf, writeFeeds } from './feeds.ts'
import { writeOps, writeRecords } from './flush.ts'
import { writeMovements } from './movements.ts'
import { judge } from './judge.ts'
import { dateSkips } from './judge-skip.ts'
import type { Db } from './engine.ts'
import { keptQuery } from './kept-query.ts'
import type { Ledger } from './ledger.ts'
import { Groups } from './groups.ts'
import { loadDays, loadWork } from './load.ts'
import { loadRefused, writeRefused } from './load-refused.ts'
import { among, selectByKeys } from './rows.ts'
import { endLinksOfHomes, feedMoves, moveBooks } from './transfer.ts'
import { type Item, newWork, type Verdict } from './work.ts'

/** Some records of one store, by their ids. */
interface InStore extends Record<string, string | readonly string[]> {
  storeId: string
  ids: readonly string[]
}

const selectSeen = keptQuery(({ t: { opSeen } }, db, { storeId, ids }: InStore) =>
  db
    .select()
    .from(opSeen)
    .where(and(eq(opSeen.store_id, storeId), among(opSeen.op_id, ids))),
)

/** Outcomes of ops that took effect before, by op id, looked up in the op's own store. */
export async function seenOps(
  ledger: Ledger,
  db: Db,
  ops: readonly { store_id: string; op_id: string }[],
) {
  const groups = new Groups()
  for (const { store_id, op_id } of ops) groups.add(store_id, op_id)
  const seen = new Map<string, { status: 'applied' | 'quarantined'; reason: string | null }>()
  for (const [storeId, ids] of groups.sorted()) {
    const rows = await selectByKeys(ids, (slice) => selectSeen(ledger, db, { storeId, ids: slice }))
    for (const row of rows) seen.set(row.op_id, row)
  }
  return seen
}

/** What is told of an op that was taken before. */
export function repetition(
  { n, op_id }: Pick<OpResult, 'n' | 'op_id'>,
  first: 'applied' | 'quarantined',
  reasonText: string | null,
): OpResult {
  const reason = REASONS.find((one) => first === 'quarantined' && one === reasonText)
  return { n, op_id, status: 'dup', first, ...(reason ? { reason } : {}) }
}

/**
 * Appends a device's next ops. The order is the contract: load under locks, judge, derive, write
 * records and figures, bump the heads last. One transaction, so a reader never sees a visit that
 * its store's numbers do not count yet.
 */
export async function append(
  ledger: Ledger,
  db: Db,
  session: Session,
  items: readonly Item[],
  founder: Actor | null = null,
): Promise<Verdict[]> {
  if (items.length === 0) return []
  const seen = await seenOps(
    ledger,
    db,
    items.map((item) => item.op),
  )
  const repeated: Verdict[] = []
  const fresh: Item[] = []
  const known = new Set(seen.keys())
  for (const item of items) {
    if (known.has(item.op.op_id)) repeated.push({ item, status: 'dup' })
    else fresh.push(item)
    known.add(item.op.op_id)
  }
  const work = newWork(ledger, db, session, founder)
  const again = await loadRefused(work, fresh)
  await loadWork(work, [...fresh, ...again])
  const verdicts = judge(work, fresh)
  await dateSkips(work, fresh)
  await loadDays(work)
  const changes = derive(work)
  endLinksOfHomes(work)
  const links = changeLinks(work)
  await writeOps(work, [...verdicts, ...repeated], session.book)
  await moveBooks(work)
  await writeRefused(work)
  await writeRecords(work, changes, links)
  const receivedAt = Math.max(...items.map((item) => item.received_at))
  await writeMovements(work, receivedAt)
  const feeds = feedsOf(work, changes, links)
  feedMoves(work, feeds, changes)
  const erasedFrom = await eraseTraces(work, feeds)
  await writeFeeds(ledger, db, feeds, receivedAt)
  await closeErasures(work, erasedFrom)
  return [...verdicts, ...repeated].sort((a, b) => a.item.op.n - b.item.op.n)
}
