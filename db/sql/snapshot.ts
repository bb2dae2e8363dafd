import { and, asc, eq } from 'drizzle-orm'
import type { PartFormat } from '#model/part.ts'
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

/** A store's feed in the format that a device reads. */
interface Wanted {
  store_id: string
  format: PartFormat
}

function isWanted(ledger: Ledger, { store_id, format }: Wanted) {
  const { part } = ledger.t
  return and(eq(part.store_id, store_id), eq(part.format, format))
}

async function partsOf(ledger: Ledger, wanted: Wanted, epoch: string) {
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
    .where(and(isWanted(ledger, wanted), eq(part.epoch, epoch)))
    .orderBy(asc(part.seq), asc(part.no))
  const newest = rows.at(-1)?.seq ?? null
  const parts = rows.filter((row) => row.seq === newest).map(({ seq: _seq, ...row }) => row)
  return { seq: newest, parts }
}

/** Packings under way: a second device that asks meanwhile gets the same set. */
const running = new WeakMap<Ledger, Map<string, Promise<Manifest>>>()

async function makeManifest(ledger: Ledger, wanted: Wanted): Promise<Manifest> {
  const { store_id: feed } = wanted
  const none = { feed, seq: 0, parts: [] }
  for (let attempt = 0; ; attempt += 1) {
    const head = await headOf(ledger, ledger.db, feed)
    if (!head) return { ...none, epoch: ledger.ports.uuid() }
    const { seq: now, epoch, floor } = head
    const { seq, parts } = await partsOf(ledger, wanted, epoch)
    // Below the floor a pull would start anew, and end here again.
    const isKnown = seq !== null && seq >= floor
    const isFresh = isKnown && now - seq <= now * REPACK_SHARE
    if (isFresh || (isKnown && attempt >= TRIES)) return { feed, epoch, seq, parts }
    if (attempt >= TRIES) return { ...none, epoch }
    const isPacked = await pack(ledger, { ...wanted, seq: now, epoch }).catch((error: unknown) => {
      // Without room for new parts the old ones serve: what is newer lies on top.
      if (isKnown && diskFaultOf(error)) return null
      throw error
    })
    if (isPacked === null) return { feed, epoch, seq: seq ?? 0, parts }
    if (isPacked && (await partsOf(ledger, wanted, epoch)).seq === null) return { ...none, epoch }
  }
}

/**
 * What a device of the store has to fetch first. Packs the feed when it never was, or when more
 * than a tenth of it changed since. A feed without customers has no parts and `seq` 0.
 */
export function manifest(
  ledger: Ledger,
  storeId: string,
  format: PartFormat = 'columns',
): Promise<Manifest> {
  const ofLedger = running.get(ledger) ?? new Map<string, Promise<Manifest>>()
  running.set(ledger, ofLedger)
  const key = `${storeId} ${format}`
  const known = ofLedger.get(key)
  if (known) return known
  const made = makeManifest(ledger, { store_id: storeId, format }).finally(() =>
    ofLedger.delete(key),
  )
  ofLedger.set(key, made)
  return made
}

/** One part's bytes (see `joinPart`), or null when that set is no longer kept. */
export async function part(
  ledger: Ledger,
  storeId: string,
  seq: number,
  no: number,
  format: PartFormat = 'columns',
): Promise<Uint8Array | null> {
  const { part: table } = ledger.t
  const [row] = await ledger.db
    .select({ data: table.data })
    .from(table)
    .where(
      and(isWanted(ledger, { store_id: storeId, format }), eq(table.seq, seq), eq(table.no, no)),
    )
  return row?.data ?? null
}
