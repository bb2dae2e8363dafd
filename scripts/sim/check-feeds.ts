// I8: what the numbers of a feed promise to a reader who remembers only how far it has read.
//
// A commit that writes k rows of a feed moves its head from h to h + k and gives these rows the
// numbers h + 1 to h + k, each once. A record that changes takes a new number and leaves its old
// one for ever, so the table has holes where records were written again, and nowhere else. And
// nothing comes later under a head that somebody may have read: at or below it no row appears and
// none goes, but tombstones that ended.
import { and, asc, eq, gt } from 'drizzle-orm'
import type { Memory } from './memory.ts'
import type { World } from './world.ts'

async function headsOf(world: World): Promise<Map<string, number>> {
  const rows = await world.server.storage.rows('select store_id, seq from feed_head')
  return new Map(rows.map((row) => [String(row['store_id']), Number(row['seq'])]))
}

/**
 * After each request: every number that it gave out stands at exactly one row. No request writes
 * a record twice in two commits, so a number without a row was never given to one.
 */
export async function checkNumbers(world: World, memory: Memory): Promise<void> {
  const { serverNo, seqs: known } = memory.heads
  const heads = await headsOf(world)
  memory.heads = { serverNo: world.serverNo, seqs: heads }
  if (serverNo !== world.serverNo) return // A server that was set back begins where it is.
  const { db, t } = world.server.ledger
  const { store_id, seq } = t.feedRow
  for (const [feed, head] of heads) {
    const before = known.get(feed) ?? 0
    if (head === before) continue
    const rows = await db
      .select({ seq })
      .from(t.feedRow)
      .where(and(eq(store_id, feed), gt(seq, before)))
      .orderBy(asc(seq))
    const isWhole =
      rows.length === head - before && rows.every((row, i) => row.seq === before + 1 + i)
    if (isWhole) continue
    const given = rows.map((row) => row.seq).join(' ')
    world.fail(`I8 feed ${feed} went from ${before} to ${head} with rows ${given}`)
  }
}

/** After each step: numbers are unique, none stands above its head, none came too late or went. */
export function checkRows(world: World, { truth: { server, before } }: Memory): void {
  for (const [feed, { seq: head }] of server.heads) {
    const rows = server.rows.get(feed) ?? new Map<string, number>()
    if (new Set(rows.values()).size !== rows.size) world.fail(`I8 a number twice in feed ${feed}`)
    const known = before?.rows.get(feed)
    const read = before?.heads.get(feed)?.seq ?? 0
    for (const [id, seq] of rows) {
      if (seq > head) world.fail(`I8 feed ${feed} has row ${seq} above its head ${head}`)
      if (seq <= read && known?.get(id) !== seq)
        world.fail(`I8 row ${seq} of feed ${feed} came when its head was ${read} already`)
    }
    for (const [id, seq] of known ?? [])
      if (!rows.has(id) && !before?.went.has(`${feed} ${id}`))
        world.fail(`I8 row ${seq} of feed ${feed} went`)
  }
}
