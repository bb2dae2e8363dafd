// What the tablet keeps, table by table. Reading order for one record: `view`, then `row`, then
// `part`, then `visiting`. Rows are facts of the server, views are those facts plus unsent ops.
import type { Customer, CustomerRow, NameKey } from '#model/customer.ts'
import type { DeviceHead, Op } from '#model/op.ts'
import type { StampedVisit } from '#model/apply.ts'
import type { ClerkKey, Manifest } from '#model/protocol.ts'
import type { LookupEntry } from '#model/search-text.ts'
import type { HistoryRow } from '#model/visit.ts'

/** A packed part as the server sent it. Parts of one download are one set, numbered here. */
export interface PartRow {
  set: number
  no: number
  customers: Uint8Array
  past: Uint8Array
}

/** Which customers a part holds (16 bytes an id), and when each was last seen (NaN: never). */
export interface PartIndexRow {
  set: number
  no: number
  ids: Uint8Array
  /** Null until the part's past has been read once. */
  last: Float64Array | null
  /** Of the bytes as they came; left out once the part is no longer what the server sent. */
  sha256?: string
  /** The past was given up for want of room. */
  isCut?: true
}

/** A row pulled after the parts; `leave` and `gone` hide what a part says. */
export interface OverlayRow {
  feed: string
  id: string
  kind: string
  seq: number
  state: 'put' | 'leave' | 'gone'
  body: unknown
  /** Counts the resets of the feed, so that rows from before a reset can be swept. */
  gen: number
  /** Of visits and history: whose they are. Left out where there is none, so it is not indexed. */
  customer_id?: string
  /** Of visits: the business day, to find today's without reading all. */
  day?: number
  /** Of decisions: the op or loss decided on. Of losses: `LOSSES`, to list them. */
  about?: string
}

/** Under this the rows of the loss ledger are found. */
export const LOSSES = 'losses'

/** A record with its unsent ops applied; it goes when the last of them is acknowledged. */
export type ViewRow =
  | { id: string; kind: 'customer'; customer_id: string; body: Customer; key: NameKey }
  | { id: string; kind: 'visit'; customer_id?: string; day: number; body: StampedVisit }

/**
 * `waiting` has no answer from the server, `sent` is applied there but not pulled back yet,
 * `acked` is pulled back and kept for offering again, `refused` stands in the quarantine until a
 * person decides, `dismissed` was refused for good by one.
 */
export type OpState = 'waiting' | 'sent' | 'acked' | 'refused' | 'dismissed'

export interface OpRow {
  n: number
  op: Op
  state: OpState
  record_id: string
  customer_id?: string
  /** Pinyin of the name that the op sets, computed when it was written. */
  name_key?: NameKey
  acked_at?: number
  /** As the server said it: a later version may know reasons that this one does not. */
  reason?: string
  detail?: string
  refused_at?: number
  /** A person has read the refusal or the decision; it is not listed again. */
  seen?: boolean
  /** Why a person dismissed it, who (staff id) and when. */
  decision?: { reason: string; by: string; at: number }
  /** The person it was about was erased, and with them what the op said. */
  redacted?: true
}

export interface RecentRow {
  id: string
  at: number
  entry: LookupEntry
}

/** A customer of another store, fetched online to be served here. */
export interface VisitingRow {
  id: string
  row: CustomerRow
  history: HistoryRow[]
  fetched_at: number
}

export interface DraftRow {
  key: string
  value: unknown
  at: number
}

/**
 * Where the device stands in a feed. Not `whole`: its parts must be downloaded before it is pulled.
 * `sweep`: rows of earlier generations go when the last page of this one has come.
 */
export interface FeedState {
  cursor: number
  epoch: string | null
  gen: number
  whole: boolean
  sweep: boolean
}

/** A complete set of parts: the store's feed as of `seq`. `rows` are the records in them. */
export interface Snapshot {
  set: number
  epoch: string
  seq: number
  rows: number
  at: number
}

/** A set of parts on its way; which of them are stored, `part_index` says. */
export interface Download {
  set: number
  manifest: Manifest
  /** Absent in what an older version began. */
  begun_at?: number
}

/**
 * `update`: only a newer app is served; what is unsent still goes out. `signed-out`: the server
 * does not know this tablet any more; `revoked`: it does, and shut it out.
 */
export type Trouble =
  'offline' | 'server' | 'sign-in-page' | 'signed-out' | 'revoked' | 'fork' | 'storage' | 'update'

/** The browser gave up the database (`evicted`), or could not read it any more (`corrupt`). */
export interface Eviction {
  at: number
  cause: 'evicted' | 'corrupt'
  /** The tablet goes on as its store's device, by itself. */
  recovered: boolean
  /** Ops that the server had heard of and never got; null: not known yet. */
  lost: number | null
}

/** Wrong PINs of one clerk. `seenAt` is the latest time this device ever showed at a try. */
export interface Tries {
  wrong: number
  lockedUntil: number | null
  seenAt: number
}

/** The singletons, by key of table `meta`. */
export interface MetaValues {
  device: { device_id: string; store_id: string; name: string; enrolled_at: number }
  head: DeviceHead
  /** Epoch of the device's counter, as the server last named it. */
  epoch: string
  clock: { offset_ms: number; measured_at: number }
  feeds: Record<string, FeedState>
  snapshot: Snapshot
  download: Download
  success: { last_push_at: number | null; last_pull_at: number | null }
  trouble: { code: Trouble; at: number; detail?: string } | null
  clerks: { device_salt: string; clerks: ClerkKey[]; at: number }
  tries: Record<string, Tries>
  settings: Record<string, unknown>
  /** The last op of each run that is no longer kept, while the op behind it may be offered. */
  pruned: DeviceHead[]
  /** Erased customers whose traces here are not all gone yet. */
  erasing: string[]
  eviction: Eviction
  /** What the browser said when it was asked to keep the data for good. */
  persistence: { asked_at: number; granted: boolean }
  /** A person took this tablet out of service, here or (`emptied`) from afar. */
  removed_at: number
  /** The server shut this tablet out, and has all that was written on it. */
  emptied: { isTold: boolean }
  /** Times the browser closed the database under the app. */
  reopens: number
  /** What the first download took, from its beginning on, pauses included. */
  downloaded: { ms: number; bytes: number }
}
export type MetaKey = keyof MetaValues

export interface MetaRow {
  key: MetaKey
  value: MetaValues[MetaKey]
}
