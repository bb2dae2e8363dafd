import * as v from 'valibot'
import type { CustomerRow } from './customer.ts'
import type { Decision } from './decision.ts'
import { bookId, id } from './id.ts'
import { BATCH_MAX_OPS, ERASED_ASK_MAX } from './limits.ts'
import type { Loss } from './loss.ts'
import { Op } from './op.ts'
import type { Reason } from './refusal.ts'
import type { ReferenceRow } from './reference.ts'
import type { HistoryRow, Visit } from './visit.ts'

// What tablets and the server say to each other under /api/sync, JSON both ways.
// Protocol 1 (2026-11): first version.
export const PROTOCOL = 1
/** Every answer of the API carries this header; an answer without it came from something else. */
export const PROTOCOL_HEADER = 'x-regulars-protocol'

const whole = v.pipe(v.number(), v.integer(), v.minValue(0))

/** People whom a health report names at most. */
const UNSENT_BY_MAX = 8

/** How the device is; sent with every push and pull, kept for the fleet's dashboard. */
export const Health = v.object({
  app_version: v.pipe(v.string(), v.maxLength(40)),
  schema: whole,
  client_now: v.pipe(v.number(), v.integer()),
  max_n: whole,
  unsent: whole,
  oldest_unsent_at: v.nullable(v.pipe(v.number(), v.integer())),
  persisted: v.nullable(v.boolean()),
  usage_bytes: v.nullable(whole),
  quota_bytes: v.nullable(whole),
  newest_unsent_at: v.optional(v.nullable(v.pipe(v.number(), v.integer()))),
  /** Who wrote what is unsent, so that a loss can name them. */
  unsent_by: v.optional(v.pipe(v.array(id), v.maxLength(UNSENT_BY_MAX))),
  /** Refused ops on the device that nobody has decided on. */
  refused: v.optional(whole),
  installed: v.optional(v.boolean()),
  /** Parts stored and wanted while the first download is under way. */
  download: v.optional(v.nullable(v.object({ done: whole, total: whole }))),
  /** Times the browser closed or lost the database under the app since it was installed. */
  reopens: v.optional(whole),
  trouble: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(40)))),
  /** Erased people whose traces are not all gone from the device yet. */
  erasing: v.optional(whole),
  /** What the first download took, pauses included. */
  downloaded: v.optional(v.nullable(v.object({ ms: whole, bytes: whole }))),
})

export type Health = v.InferOutput<typeof Health>

/** POST /api/sync/push. `epoch` is that of the device's counter; null before the first answer. */
export const Push = v.object({
  device_id: id,
  epoch: v.nullable(id),
  health: Health,
  ops: v.pipe(v.array(Op), v.maxLength(BATCH_MAX_OPS)),
})
export type Push = v.InferOutput<typeof Push>

/** A push as the server takes it in: an op that is none is refused by itself, not the push. */
export const PushBody = v.object({
  ...Push.entries,
  ops: v.pipe(v.array(v.unknown()), v.maxLength(BATCH_MAX_OPS)),
})
export type PushBody = v.InferOutput<typeof PushBody>

/** What became of one op. `dup` repeats the outcome of the first time in `first`. */
export interface OpResult {
  n: number
  op_id: string
  status: 'applied' | 'quarantined' | 'dup'
  first?: 'applied' | 'quarantined'
  reason?: Reason
  detail?: string
}

/**
 * `stop` says why the server took nothing beyond `last_n`: `reset` another epoch (adopt it and
 * offer again everything after `last_n`), `gap` an op is missing before the first one sent,
 * `fork` two histories claim one number (the device must be enrolled anew).
 */
export interface PushReply {
  epoch: string
  last_n: number
  last_op_id: string | null
  /** Hash of that op as the device sent it; a skip is sealed over it. */
  last_hash: string
  server_now: number
  results: OpResult[]
  stop?: 'reset' | 'gap' | 'fork'
  /** Headquarters shut this device out: what it has handed in, it may forget. */
  revoked?: true
}

export const FeedCursor = v.object({ cursor: whole, epoch: v.nullable(id) })
export type FeedCursor = v.InferOutput<typeof FeedCursor>

/** POST /api/sync/pull: where the device is in each of its feeds. */
export const Pull = v.object({
  device_id: id,
  health: Health,
  feeds: v.record(bookId, FeedCursor),
  limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2000)),
})
export type Pull = v.InferOutput<typeof Pull>

/**
 * POST /api/devices/renew: the device goes on under a new name, because its storage was `evicted`
 * (empty, the cookie left), `restored` (set back in time) or `copied` (two histories claim one
 * number). `kept` are the numbers of ops of the old name that it still holds and offers again;
 * `head_n` is the highest number it knows of.
 */
export const Renew = v.object({
  cause: v.picklist(['evicted', 'restored', 'copied']),
  head_n: whole,
  kept: v.nullable(v.object({ from_n: whole, to_n: whole })),
})
export type Renew = v.InferOutput<typeof Renew>
/** The answer sets a new cookie. `old_device_id` no longer counts. */
export interface RenewReply extends EnrolReply {
  old_device_id: string
}
/**
 * POST /api/devices/emptied: a device that was revoked has handed in all it wrote, and deleted all
 * it held of its store.
 */
export interface EmptiedReply {
  server_now: number
}
/** GET /api/devices/self: what the cookie says, for a browser whose database is empty. */
export interface SelfReply {
  device_id: string
  store_id: string
  name: string
  /** Ops that the server has of it, and the highest number it ever reported. */
  last_n: number
  max_n: number
}

/**
 * Payload of a `skip` op: the ops from `from_n` to the skip's own number are gone from the device
 * and from the server. The chain goes on behind it from `last_op_id` and `last_hash`, which are
 * those of the last op that is gone.
 */
export const Skip = v.object({
  from_n: whole,
  last_op_id: id,
  last_hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
})
export type Skip = v.InferOutput<typeof Skip>

/**
 * GET /api/sync/poke (a device), GET /api/desk/poke (a person): server-sent events. `heads` names
 * feeds whose head moved, with no data; `fleet` says that the dashboard has news.
 */
export interface Poke {
  heads?: Record<string, number>
  fleet?: true
}

/** The newest state of one record in one feed. `leave` went to another store, `gone` is erased. */
export type FeedRow =
  | { seq: number; id: string; state: 'leave' | 'gone'; kind: string; body: null }
  | { seq: number; id: string; state: 'put'; kind: 'customer'; body: CustomerRow }
  | { seq: number; id: string; state: 'put'; kind: 'visit'; body: Visit }
  | { seq: number; id: string; state: 'put'; kind: 'history'; body: HistoryRow }
  | { seq: number; id: string; state: 'put'; kind: 'decision'; body: Decision }
  | { seq: number; id: string; state: 'put'; kind: 'loss'; body: Loss }
  | { seq: number; id: string; state: 'put'; kind: string; body: ReferenceRow }

/**
 * One page of one feed. The device applies it, and moves its cursor from `from` to `cursor`, in
 * one transaction, and ignores a page whose `from` is not where it stands. With `reset` it first
 * forgets the feed's rows and parts (never its outbox) and starts again from the first download.
 */
export interface FeedPage {
  epoch: string
  from: number
  cursor: number
  head: number
  floor: number
  rows: FeedRow[]
  more: boolean
  reset?: boolean
}

/** `last_n` was read before the rows: ops up to it are in them once no feed has `more`. */
export interface PullReply {
  epoch: string
  last_n: number
  last_op_id: string | null
  last_hash: string
  server_now: number
  feeds: Record<string, FeedPage>
}

/** GET /api/sync/snapshot: the parts of the store's feed as of `seq`, in the order to fetch. */
export interface Manifest {
  feed: string
  epoch: string
  seq: number
  parts: { no: number; rows: number; bytes: number; customers: number; sha256: string }[]
}

/**
 * GET /api/sync/clerks: who may unlock this device, and how it can check a PIN by itself.
 * `verifier` = HMAC-SHA256(key: device salt, PBKDF2-SHA256(pin, salt, iterations, 32 bytes)), hex.
 */
export interface ClerkKey {
  staff_id: string
  salt: string
  iterations: number
  verifier: string
}
export interface ClerksReply {
  device_salt: string
  clerks: ClerkKey[]
}

/**
 * POST /api/sync/erased: which of these customers were erased. For a tablet that keeps work about
 * people whom its feed does not speak of (any more), and so would not hear of it.
 */
export const ErasedAsk = v.object({ customers: v.pipe(v.array(id), v.maxLength(ERASED_ASK_MAX)) })
export type ErasedAsk = v.InferOutput<typeof ErasedAsk>
export interface ErasedReply {
  erased: string[]
}

/** POST /api/devices/enrol: the code that the desk gave out. The answer sets a cookie. */
export const Enrol = v.object({ code: v.pipe(v.string(), v.minLength(4), v.maxLength(40)) })
export interface EnrolReply {
  device_id: string
  store_id: string
  name: string
  server_now: number
}

/** GET /api/customers?q=: the whole chain's answers, for a device that is online. */
export interface ChainSearchReply {
  customers: (CustomerRow & { last_at: number | null })[]
  more: boolean
}
/** GET /api/customers/:home/:id: a customer of another store, with the history a clerk may see. */
export interface ChainCustomerReply {
  customer: CustomerRow
  history: HistoryRow[]
}

/** An error of the API (RFC 9457, application/problem+json). `code` is stable. */
export interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail?: string
  request_id?: string
}
