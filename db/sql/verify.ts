import { and, asc, eq, gt, gte, lte, sql } from 'drizzle-orm'
import { canonicalJson } from '#model/canonical.ts'
import { CHAIN } from '#model/id.ts'
import { effectiveTime, firstHash, hashOp, type Op, type Sha256 } from '#model/op.ts'
import { headPast, readSkip } from '#model/skip.ts'
import { UNREADABLE } from './envelope.ts'
import type { Ledger } from './ledger.ts'

// Walks every device's ops in the order of their numbers and computes the chain of hashes anew.
// A database does not notice that a byte of a row's content has turned on the disk; this does,
// for every byte of every op. It only reads, page by page.

/** What is wrong with an op, or with a device's whole chain when `n` is null. */
export interface Broken {
  store_id: string
  device_id: string
  n: number | null
  what:
    | 'unreadable' // The stored text is no JSON of an op.
    | 'rewritten' // It means an op, but is not the text that was written.
    | 'gap' // Ops are missing before it.
    | 'column' // A column beside the op says something else than the op.
    | 'previous' // It does not name the op before it.
    | 'hash' // Its content, or the hash before it, is not what was sealed.
    | 'order' // It was received before the op with the number below.
    | 'copy' // The quarantine holds another text than the book of ops.
    | 'head' // The device's counter stands elsewhere than its last op.
    | 'no-device' // Ops of a device that has no counter.
}

export interface Verified {
  devices: number
  ops: number
  broken: number
}

const PAGE_OPS = 500
/** A server's clock that is put right may go back a little; ops must not. */
const CLOCK_PLAY_MS = 3_600_000

/** Where a chain stands: the ids that the next op may name, the hashes it may be sealed over. */
interface Link {
  n: number
  ids: readonly (string | null)[]
  hashes: readonly string[]
  receivedAt: number
}

interface Stored {
  n: number
  op_id: string
  text: string
  effective_at: number
  received_at: number
  erased_hash: string | null
}

interface Copy {
  n: number
  text: string
  reason: string
}

interface Head {
  store_id: string
  device_id: string
  last_n: number | null
  last_op_id: string | null
  last_hash: string | null
}

/**
 * Verifies the whole ledger and tells every broken op to `report`. A broken op breaks no other:
 * the walk goes on with what the op claims.
 */
export async function verifyChains(
  ledger: Ledger,
  report: (broken: Broken) => void,
): Promise<Verified> {
  const result: Verified = { devices: 0, ops: 0, broken: 0 }
  const tell = (broken: Broken) => {
    result.broken += 1
    report(broken)
  }
  for (const head of await headsOf(ledger)) {
    result.devices += 1
    result.ops += await verifyDevice(ledger, head, tell)
  }
  return result
}

/** Every device with a counter, and every device with ops. */
async function headsOf(ledger: Ledger): Promise<Head[]> {
  const { deviceState: state, op } = ledger.t
  const { store_id, device_id, last_n, last_op_id, last_hash } = state
  const heads: Head[] = await ledger.db
    .select({ store_id, device_id, last_n, last_op_id, last_hash })
    .from(state)
    .orderBy(asc(store_id), asc(device_id))
  const known = new Set(heads.map((head) => `${head.store_id}|${head.device_id}`))
  const writers = await ledger.db
    .selectDistinct({ store_id: op.store_id, device_id: op.device_id })
    .from(op)
  const strays = writers.filter((one) => !known.has(`${one.store_id}|${one.device_id}`))
  const none = { last_n: null, last_op_id: null, last_hash: null }
  return [...heads, ...strays.map((stray) => ({ ...stray, ...none }))]
}

async function verifyDevice(ledger: Ledger, head: Head, report: (broken: Broken) => void) {
  const { store_id, device_id } = head
  const tell = (n: number | null, what: Broken['what']) => {
    report({ store_id, device_id, n, what })
  }
  const start = firstHash(device_id)
  // The importer writes down when its source received a fact, in whatever order.
  const isOrdered = store_id !== CHAIN
  let link: Link = { n: 0, ids: [null], hashes: [start], receivedAt: -Infinity }
  let ops = 0
  for (let after: number | null = null; ;) {
    const page: Stored[] = await pageOf(ledger, head, after)
    const [first, last] = [page[0], page.at(-1)]
    if (!first || !last) break
    const copies = await copiesOf(ledger, head, first.n, last.n)
    for (const stored of page) {
      if (isOrdered && stored.received_at < link.receivedAt - CLOCK_PLAY_MS) tell(stored.n, 'order')
      link = verifyOp(ledger.ports.sha256, link, stored, copies.get(stored.n), tell)
    }
    ops += page.length
    after = last.n
  }
  if (head.last_n === null) tell(null, 'no-device')
  else if (!isAtHead(head, link)) tell(null, 'head')
  return ops
}

function isAtHead(head: Head, link: Link): boolean {
  return (
    head.last_n === link.n &&
    link.ids.includes(head.last_op_id) &&
    link.hashes.includes(head.last_hash ?? '')
  )
}

async function pageOf(ledger: Ledger, head: Head, after: number | null): Promise<Stored[]> {
  const { op } = ledger.t
  const { n, op_id, effective_at, received_at, erased_hash } = op
  const ofDevice = and(eq(op.store_id, head.store_id), eq(op.device_id, head.device_id))
  return ledger.db
    .select({ n, op_id, text: textOf(op.op), effective_at, received_at, erased_hash })
    .from(op)
    .where(after === null ? ofDevice : and(ofDevice, gt(n, after)))
    .orderBy(asc(n))
    .limit(PAGE_OPS)
}

/** The op as it stands on the disk, not as the driver understands it. */
function textOf(column: Ledger['t']['op']['op'] | Ledger['t']['quarantine']['op']) {
  return sql<string>`cast(${column} as text)`
}

/** Ops that were refused stand in the quarantine a second time. */
async function copiesOf(ledger: Ledger, head: Head, from: number, to: number) {
  const { quarantine: copy } = ledger.t
  const rows: Copy[] = await ledger.db
    .select({ n: copy.n, text: textOf(copy.op), reason: copy.reason })
    .from(copy)
    .where(
      and(
        eq(copy.store_id, head.store_id),
        eq(copy.device_id, head.device_id),
        gte(copy.n, from),
        lte(copy.n, to),
      ),
    )
  return new Map(rows.map((row) => [row.n, row]))
}

/** The op that a text means, or null. Its fields are those of an op only if its hash fits. */
function readOp(text: string): Op | null {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? asOp(value) : null
  } catch {
    return null
  }
}

/** Safe as far as a hash is safe: nothing is read of it that is not compared. */
function asOp(value: object): Op {
  return value as Op
}

function verifyOp(
  sha256: Sha256,
  link: Link,
  stored: Stored,
  copy: Copy | undefined,
  tell: (n: number, what: Broken['what']) => void,
): Link {
  const { n, op_id, text, erased_hash } = stored
  const op = readOp(text)
  const receivedAt = Math.max(link.receivedAt, stored.received_at)
  if (copy && !isCopy(op, copy)) tell(n, 'copy')
  if (!op) {
    tell(n, 'unreadable')
    return { n, ids: [op_id], hashes: claimedHash(text), receivedAt }
  }
  if (JSON.stringify(op) !== text) tell(n, 'rewritten')
  if (!isBeside(op, stored)) tell(n, 'column')
  const skip = readSkip(op)
  if ((skip?.from_n ?? n) !== link.n + 1) tell(n, 'gap')
  if (!link.ids.includes(op.prev)) tell(n, 'previous')
  const sealed = link.hashes.map((hash) => hashOp(op, hash, sha256))
  // A device that sent a wrong hash was told so, and goes on with it: the copy is the proof here.
  const isStandIn = op.kind === UNREADABLE
  const isDamaged = isStandIn || copy?.reason === 'damaged' || sealed.length === 0
  if (!isDamaged && !sealed.includes(erased_hash ?? op.hash)) tell(n, 'hash')
  // A turned byte may lie in the content or in the hash: the next op knows which one it was. Where
  // both agree there is nothing to ask it, and a long chain must not become a long list.
  const past = headPast(op)
  const isOpen = erased_hash === null && !skip && !sealed.includes(past.hash)
  const hashes = isOpen ? [past.hash, ...sealed] : [past.hash]
  return { n, ids: skip ? [past.op_id] : [op_id, past.op_id], hashes, receivedAt }
}

/** The hash in a text that is no JSON any more, so that the next op can still be verified. */
function claimedHash(text: string): string[] {
  return [...text.matchAll(/"hash":"([0-9a-f]{64})"/g)].slice(-1).flatMap(([, hash]) => hash ?? [])
}

/** Whether the columns say what the op says. */
function isBeside(op: Op, { n, op_id, effective_at, received_at }: Stored): boolean {
  return op.n === n && op.op_id === op_id && effectiveTime(op, received_at) === effective_at
}

function isCopy(op: Op | null, copy: Copy): boolean {
  const copied = readOp(copy.text)
  if (!op || !copied || JSON.stringify(copied) !== copy.text) return false
  return canonicalJson(op) === canonicalJson(copied)
}
