import * as v from 'valibot'
import { canonicalJson } from './canonical.ts'
import { bookId, id } from './id.ts'

/** Schema of ops and rows. Devices of version N, N-1, N-2 are served; ops are taken for ever. */
// 1: 2026-11, first version. 2: 2026-11, decisions, transfers, losses; more health.
export const SCHEMA = 2
/** Devices older than this still hand in their ops, and are told to update before they pull. */
export const OLDEST_SERVED_SCHEMA = Math.max(1, SCHEMA - 2)

export const OP_TYPES = [
  'create',
  'set',
  'tag+',
  'tag-',
  'visit',
  'void',
  'task.transition',
  'merge',
  'unmerge',
  'erase',
  'skip',
] as const
export type OpType = (typeof OP_TYPES)[number]

const counter = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER))
// Kinds and types of later versions are let in, to be refused one by one with their name.
const word = v.pipe(v.string(), v.regex(/^[a-z][\w.+-]{0,39}$/, 'word'))
const millis = v.pipe(v.number(), v.integer(), v.minValue(-8.64e15), v.maxValue(8.64e15))

/**
 * One edit of one record, as it travels and as it is kept.
 * `n` counts the device's ops from 1 and `prev` names the op before, so that a gap, a fork or a
 * clone shows. `ts_wall` and `ts_mono` are the device's clocks, `offset_ms` is what had to be
 * added to its wall clock when last measured. `tx` groups ops that apply all or none.
 * `hash` is SHA-256 in hex over the previous op's hash and the canonical op.
 */
export const Op = v.object({
  op_id: id,
  n: counter,
  prev: v.nullable(id),
  tx: v.optional(id),
  actor_id: id,
  unlock_id: v.nullable(id),
  store_id: bookId,
  kind: word,
  record_id: id,
  base_seq: v.pipe(v.number(), v.integer(), v.minValue(0)),
  schema: v.pipe(v.number(), v.integer(), v.minValue(1)),
  ts_wall: millis,
  offset_ms: millis,
  ts_mono: v.pipe(v.number(), v.minValue(0)),
  type: word,
  payload: v.record(v.string(), v.unknown()),
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'hash')),
})
export type Op = v.InferOutput<typeof Op>

/** What a person did, before the device puts it in its envelope. */
export interface Draft {
  store_id: string
  kind: string
  record_id: string
  type: OpType
  payload: Record<string, unknown>
  tx?: string
}

/** SHA-256 of a text in lower-case hex; each side passes in its own. */
export type Sha256 = (text: string) => string

/** The op's hash over its canonical text and the hash of the op before it. */
export function hashOp(op: Omit<Op, 'hash'>, previousHash: string, sha256: Sha256): string {
  const { hash: _own, ...content } = op as Op
  return sha256(`${previousHash}\n${canonicalJson(content)}`)
}

/** The chain of op hashes starts with the device's own id, so that no two chains are alike. */
export function firstHash(deviceId: string): string {
  return deviceId
}

/** Where a device stands: its last op's number, id and hash. */
export interface DeviceHead {
  n: number
  op_id: string | null
  hash: string
}

export interface Envelope {
  op_id: string
  actor_id: string
  unlock_id: string | null
  base_seq: number
  ts_wall: number
  offset_ms: number
  ts_mono: number
}

/** Puts a draft in the device's next envelope. */
export function sealOp(draft: Draft, head: DeviceHead, envelope: Envelope, sha256: Sha256): Op {
  const content = { ...draft, ...envelope, n: head.n + 1, prev: head.op_id, schema: SCHEMA }
  return { ...content, hash: hashOp(content, head.hash, sha256) }
}

export function headAfter(op: Op): DeviceHead {
  return { n: op.n, op_id: op.op_id, hash: op.hash }
}

/** When the edit happened: never later than its receipt, corrected by the last measured offset. */
export function effectiveTime(op: Op, receivedAt: number): number {
  return Math.min(op.ts_wall + op.offset_ms, receivedAt)
}

/** Order of two edits of one field: the later wins, the op id decides between equals. */
export type Stamp = readonly [at: number, opId: string]

export function isLater(a: Stamp, b: Stamp | undefined): boolean {
  return !b || a[0] > b[0] || (a[0] === b[0] && a[1] > b[1])
}
