// The shapes of the server's answers, checked before anything of them is stored: what does not
// fit is treated as no answer. Fields that only a newer server knows are no fault.
import * as v from 'valibot'
import type { CustomerRow } from '#model/customer.ts'
import { bookId, id } from '#model/id.ts'
import type * as protocol from '#model/protocol.ts'
import type { Reason } from '#model/refusal.ts'
import type { HistoryRow } from '#model/visit.ts'

/** A schema whose output is one of the protocol's interfaces. */
export type Shape<T> = v.GenericSchema<unknown, T>

export function readAnswer<T>(
  shape: Shape<T>,
  answer: unknown,
): { ok: true; value: T } | { ok: false; detail: string } {
  const result = v.safeParse(shape, answer)
  if (result.success) return { ok: true, value: result.output }
  const [issue] = result.issues
  return { ok: false, detail: v.getDotPath(issue) ?? issue.message }
}

const whole = v.pipe(v.number(), v.integer(), v.minValue(0))
const millis = v.pipe(v.number(), v.integer())
const text = v.string()

type Fields = Record<string, unknown>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCustomerRow(value: unknown): value is CustomerRow {
  if (!isFields(value)) return false
  const texts = ['id', 'home_store_id', 'name', 'pinyin', 'initials']
  const lists = [value.consents, value.taggings]
  return texts.every((field) => typeof value[field] === 'string') && lists.every(Array.isArray)
}

function isVisit(value: unknown): boolean {
  if (!isFields(value)) return false
  const { customer_id } = value
  const texts = ['id', 'store_id', 'purpose', 'actor_id']
  const numbers = ['at', 'day', 'count']
  const isIdentified = customer_id === null || typeof customer_id === 'string'
  return (
    isIdentified &&
    typeof value.void === 'boolean' &&
    texts.every((field) => typeof value[field] === 'string') &&
    numbers.every((field) => typeof value[field] === 'number')
  )
}

function isHistoryRow(value: unknown): value is HistoryRow {
  if (!isFields(value)) return false
  const numbers = ['day', 'visits', 'sales', 'spend_minor', 'purposes', 'first_at']
  return (
    typeof value.customer_id === 'string' &&
    typeof value.store_id === 'string' &&
    numbers.every((field) => typeof value[field] === 'number')
  )
}

function isDecision(value: unknown): boolean {
  if (!isFields(value) || typeof value.at !== 'number') return false
  const texts = ['subject_id', 'verdict', 'reason', 'by']
  return texts.every((field) => typeof value[field] === 'string')
}

function isLoss(value: unknown): boolean {
  if (!isFields(value) || !Array.isArray(value.staff_ids)) return false
  const numbers = ['from_n', 'to_n', 'found_at']
  const texts = ['id', 'device_id', 'cause', 'state']
  return (
    numbers.every((field) => typeof value[field] === 'number') &&
    texts.every((field) => typeof value[field] === 'string')
  )
}

/** A row with the body that its kind promises; a kind that is new to us has any body. */
function isFeedRow(value: unknown): value is protocol.FeedRow {
  if (!isFields(value) || typeof value.kind !== 'string') return false
  if (typeof value.id !== 'string' || !Number.isSafeInteger(value.seq)) return false
  const { state, kind, body } = value
  if (state === 'leave' || state === 'gone') return body === null
  if (state !== 'put') return false
  if (kind === 'customer') return isCustomerRow(body)
  if (kind === 'visit') return isVisit(body)
  if (kind === 'decision') return isDecision(body)
  if (kind === 'loss') return isLoss(body)
  return kind === 'history' ? isHistoryRow(body) : isFields(body)
}

const FeedRow = v.custom<protocol.FeedRow>(isFeedRow, 'row')

const FeedPage = v.object({
  epoch: id,
  from: whole,
  cursor: whole,
  head: whole,
  floor: whole,
  rows: v.array(FeedRow),
  more: v.boolean(),
  reset: v.exactOptional(v.boolean()),
})

const counter = {
  epoch: id,
  last_n: whole,
  last_op_id: v.nullable(id),
  last_hash: text,
  server_now: millis,
}

/** Any text: a reason of a later version is kept as it came, and shown as what it is. */
const Reason = v.custom<Reason>((value) => typeof value === 'string', 'reason')

const OpResult = v.object({
  n: whole,
  op_id: id,
  status: v.picklist(['applied', 'quarantined', 'dup']),
  first: v.exactOptional(v.picklist(['applied', 'quarantined'])),
  reason: v.exactOptional(Reason),
  detail: v.exactOptional(text),
})

export const PushReply: Shape<protocol.PushReply> = v.object({
  ...counter,
  results: v.array(OpResult),
  stop: v.exactOptional(v.picklist(['reset', 'gap', 'fork'])),
  revoked: v.exactOptional(v.literal(true)),
})

export const PullReply: Shape<protocol.PullReply> = v.object({
  ...counter,
  feeds: v.record(bookId, FeedPage),
})

const Part = v.object({
  no: whole,
  rows: whole,
  bytes: whole,
  customers: whole,
  sha256: v.pipe(text, v.regex(/^[0-9a-f]{64}$/)),
})

export const Manifest: Shape<protocol.Manifest> = v.object({
  feed: bookId,
  epoch: id,
  seq: whole,
  parts: v.array(Part),
})

const hex = v.pipe(text, v.regex(/^([0-9a-f]{2})+$/))

export const ClerksReply: Shape<protocol.ClerksReply> = v.object({
  device_salt: hex,
  clerks: v.array(
    v.object({ staff_id: id, salt: hex, iterations: v.pipe(whole, v.minValue(1)), verifier: hex }),
  ),
})

export const ErasedReply: Shape<protocol.ErasedReply> = v.object({ erased: v.array(id) })

export const EnrolReply: Shape<protocol.EnrolReply> = v.object({
  device_id: id,
  store_id: id,
  name: text,
  server_now: millis,
})

export const SelfReply: Shape<protocol.SelfReply> = v.object({
  device_id: id,
  store_id: id,
  name: text,
  last_n: whole,
  max_n: whole,
})

export const EmptiedReply: Shape<protocol.EmptiedReply> = v.object({ server_now: millis })

export const RenewReply: Shape<protocol.RenewReply> = v.object({
  device_id: id,
  store_id: id,
  name: text,
  server_now: millis,
  old_device_id: id,
})

function isFound(value: unknown): value is CustomerRow & { last_at: number | null } {
  if (!isCustomerRow(value) || !('last_at' in value)) return false
  return value.last_at === null || typeof value.last_at === 'number'
}

export const ChainSearchReply: Shape<protocol.ChainSearchReply> = v.object({
  customers: v.array(v.custom<CustomerRow & { last_at: number | null }>(isFound, 'customer')),
  more: v.boolean(),
})

export const ChainCustomerReply: Shape<protocol.ChainCustomerReply> = v.object({
  customer: v.custom<CustomerRow>(isCustomerRow, 'customer'),
  history: v.array(v.custom<HistoryRow>(isHistoryRow, 'history')),
})
