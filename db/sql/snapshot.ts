import { and, asc, eq } from 'drizzle-orm'
import type { Manifest } from '#model/protocol.ts'
import { diskFaultOf } from './errors.ts'
import { headOf } from './feeds.ts'
import type { Ledger } from './ledger.ts'
import { pack } from './pack.ts'

// The first download of a store's feed, packed once and kept: later rows travel by pull and lie
// on top. It is packed anew when too much of the feed has moved on since.

const REPACK_SHARE = 0.1
/** An erasure while a set is packed makes it worthless; the next is packed without them. */
const TRIES = 3

async function partsOf(ledger: Ledger, storeId: string, epoch: string) {
  const { part } = ledger.t
  const rows = await ledger.db
    .select({
      no: part.no,
      seq: part.seq,
      rows: part.rows,
      bytes: part.size,
      customers: part.customers,
      sha256: part.sha256,
    })
    .from(part)
    .where(and(eq(part.store_id, storeId), eq(part.epoch, epoch)))
    .orderBy(asc(part.seq), asc(part.no))
  const newest = rows.at(-1)?.seq ?? null
  const parts = rows.filter((row) => row.seq === newest).map(({ seq: _seq, ...row }) => row)
  return { seq: newest, parts }
}

/** Packings under way: a second device that asks meanwhile gets the same set. */
const running = new WeakMap<Ledger, Map<string, Promise<Manifest>>>()

async function makeManifest(ledger: Ledger, storeId: string): Promise<Manifest> {
  const none = { feed: storeId, seq: 0, parts: [] }
  for (let attempt = 0; ; attempt += 1) {
    const head = await headOf(ledger, ledger.db, storeId)
    if (!head) return { ...none, epoch: ledger.ports.uuid() }
    const { seq: now, epoch, floor } = head
    const { seq, parts } = await partsOf(ledger, storeId, epoch)
    // Below the floor a pull would start anew, and end here again.
    const isKnown = seq !== null && seq >= floor
    const isFresh = isKnown && now - seq <= now * REPACK_SHARE
    if (isFresh || (isKnown && attempt >= TRIES)) return { feed: storeId, epoch, seq, parts }
    if (attempt >= TRIES) return { ...none, epoch }
    const isPacked = await pack(ledger, storeId, now, epoch).catch((error: unknown) => {
      // Without room for new parts the old ones serve: what is newer lies on top.
      if (isKnown && diskFaultOf(error)) return null
      throw error
    })
    if (isPacked === null) return { feed: storeId, epoch, seq: seq ?? 0, parts }
    if (isPacked && (await partsOf(ledger, storeId, epoch)).seq === null) return { ...none, epoch }
  }
}

/**
 * What a device of the store has to fetch first. Packs the feed when it never was, or when more
 * than a tenth of it changed since. A feed without customers has no parts and `seq` 0.
 */
export function manifest(ledger: Ledger, storeId: string): Promise<Manifest> {
  const ofLedger = running.get(ledger) ?? new Map<string, Promise<Manifest>>()
  running.set(ledger, ofLedger)
  const known = ofLedger.get(storeId)
  if (known) return known
  const made = makeManifest(ledger, storeId).finally(() => ofLedger.delete(storeId))
  ofLedger.set(storeId, made)
  return made
}

/** One part's bytes (see `joinPart`), or null when that set is no longer kept. */
export async function part(
  ledger: Ledger,
  storeId: string,
  seq: number,
  no: number,
): Promise<Uint8Array | null> {
  const { part: table } = ledger.t
  const [row] = await ledger.db
    .select({ data: table.data })
    .from(table)
    .where(and(eq(table.store_id, storeId), eq(table.seq, seq), eq(table.no, no)))
  return row?.data ?? null
}
