import { refuseWrite } from '#model/access.ts'
import { applyToCustomer, applyToVisit, type StampedVisit } from '#model/apply.ts'
import type { Customer } from '#model/customer.ts'
import { homesOf } from '#model/homes.ts'
import { CHAIN } from '#model/id.ts'
import { isChainKind, type Kind, kindOf, readPayload } from '#model/kinds.ts'
import { jsonFault } from '#model/limits.ts'
import { OP_TYPES, type Op, type Stamp } from '#model/op.ts'
import { createRecord, setRecord } from '#model/reference.ts'
import { isRefusal, type Refusal, refuse } from '#model/refusal.ts'
import { judgeErase } from './erase.ts'
import { isForgotten } from './forgotten.ts'
import {
  editedRecord,
  judgeMerge,
  judgeUnmerge,
  recordsOf,
  survivorOf,
  upwardsFrom,
} from './merge.ts'
import { judgeTransfer } from './transfer.ts'
import { readSkip } from '#model/skip.ts'
import { laterField, upgradeOp } from '#model/versions.ts'
import { type Authority, judgeDecision } from './judge-decision.ts'
import { judgeSkip } from './judge-skip.ts'
import type { Staged } from './staged.ts'
import {
  actorInfo,
  dayAt,
  type Item,
  storeInfo,
  tagGroupOf,
  type Verdict,
  visitKey,
  type Work,
} from './work.ts'

// Decides about each op, in order: either its effect is staged, or it is refused with a reason.
// One bad op never stops the batch; ops of one `tx` stand or fall together.

/** The payload as its schema reads it, in a copy of the op, or why it is not acceptable. */
function readOp(op: Op, kind: Kind): Op | Refusal {
  const type = OP_TYPES.find((known) => known === op.type)
  const schema = type && kind.takes[type]
  if (!schema) return refuse('not-supported', op.type)
  const later = laterField(op, schema)
  if (later !== null) return refuse('unknown-field', later)
  const fault = jsonFault(op.payload)
  if (fault) return refuse('malformed', fault)
  const payload = readPayload(schema, op.payload)
  if (!payload.ok) return refuse('malformed', payload.detail)
  const fixed = op.type === 'set' ? kind.fixed.find((field) => field in op.payload) : undefined
  return fixed ? refuse('fixed', fixed) : { ...op, payload: payload.value }
}

function judgeReference(work: Work, op: Op, at: number): Refusal | null {
  const known = work.references.get(op.record_id)
  const stamp: Stamp = [at, op.op_id]
  if (op.type === 'create') {
    if (known) return refuse('exists')
    const group = op.payload['group_id']
    if (op.kind === 'tag' && !work.references.get(String(group)))
      return refuse('unknown-record', 'group_id')
    work.references.set(op.record_id, createRecord(op.kind, op.record_id, op.payload, stamp))
    return null
  }
  if (known?.kind !== op.kind) return refuse('unknown-record')
  work.references.set(op.record_id, setRecord(known, op.payload, stamp))
  return null
}

function touch(work: Work, customerId: string, home: string, op: Op, at: number): void {
  if (op.store_id === home || op.store_id === CHAIN) return
  const day = dayAt(work, op.store_id, at)
  work.touches.push({ customer_id: customerId, store_id: op.store_id, day })
}

function judgeCustomer(work: Work, op: Op, at: number): Refusal | null {
  if (op.kind === 'transfer') return judgeTransfer(work, op, at)
  if (op.type === 'erase') return judgeErase(work, op, at)
  if (op.type === 'merge') return judgeMerge(work, op, at)
  if (op.type === 'unmerge') return judgeUnmerge(work, op, at)
  const home = String(op.payload['home_store_id'])
  if (op.type === 'create' && home !== op.store_id) return refuse('malformed', 'home_store_id')
  if (op.type === 'tag+' && tagGroupOf(work, String(op.payload['tag_id'])) === null)
    return refuse('unknown-tag')
  if (op.type === 'tag-') return judgeTagOff(work, op, at)
  const edited = editedRecord(work, op.record_id, at)
  const applied = applyToCustomer(edited, op, at)
  if (isRefusal(applied)) return applied
  work.customers.set(applied.id, applied)
  touchPerson(work, applied.id, op, at)
  return null
}

/** A tag is taken off whichever of a person's records it was put on: its dot names it. */
function judgeTagOff(work: Work, op: Op, at: number): Refusal | null {
  const survivor = survivorOf(work, op.record_id)
  if (!survivor) return refuse('unknown-customer')
  for (const record of recordsOf(work, survivor)) {
    const applied = applyToCustomer(record, op, at)
    if (isRefusal(applied)) return applied
    const isSame = applied.taggings.every((tagging) => record.taggings.includes(tagging))
    if (!isSame || record.id === survivor.id) work.customers.set(record.id, applied)
  }
  touchPerson(work, op.record_id, op, at)
  return null
}

/** A fact about one of a person's records earns copies of it and of all that it is part of. */
function touchPerson(work: Work, customerId: string, op: Op, at: number): void {
  for (const { id, home_store_id } of upwardsFrom(work, customerId))
    touch(work, id, home_store_id, op, at)
}

/**
 * The home that a visit names must lead to the person whenever the visit is changed. A server that
 * was set back may know of no move that the tablet had heard of.
 */
function withKnownHome(visit: StampedVisit, customer: Customer | undefined): StampedVisit {
  if (!customer || homesOf(customer).includes(visit.home_store_id ?? '')) return visit
  return { ...visit, home_store_id: customer.home_store_id }
}

function judgeVisit(work: Work, op: Op, at: number): Refusal | null {
  const key = visitKey(op.store_id, op.record_id)
  const customerId = op.payload['customer_id']
  const customer = typeof customerId === 'string' ? work.customers.get(customerId) : undefined
  if (op.type === 'visit' && typeof customerId === 'string' && !customer)
    return refuse('unknown-customer')
  const applied = applyToVisit(work.visits.get(key), op, at, dayAt(work, op.store_id, at))
  if (isRefusal(applied)) return applied
  work.visits.set(key, withKnownHome(applied, customer))
  if (customer) touchPerson(work, customer.id, op, at)
  return null
}

function judgeItem(work: Work, item: Item): Refusal | null {
  if (item.refusal) return isForgotten(work, item.op) ? refuse('erased') : item.refusal
  if (readSkip(item.op)) return judgeSkip(work, item)
  return judgeOp(work, item, { session: work.session, actor: actorInfo(work, item.op.actor_id) })
}

function judgeOp(work: Work, { op, at }: Item, by: Authority): Refusal | null {
  if (isForgotten(work, op)) return refuse('erased')
  const kind = kindOf(op.kind)
  if (!kind) return refuse('unknown-kind')
  const read = readOp(upgradeOp(op), kind)
  if (isRefusal(read)) return read
  if (op.kind === 'decision')
    return judgeDecision(work, read, at, (item, decider) => judgeOp(work, item, decider))
  if (op.store_id !== CHAIN && !storeInfo(work, op.store_id)) return refuse('not-your-store')
  const regionOf = (storeId: string) => storeInfo(work, storeId)?.region_id ?? null
  for (const store_id of [op.store_id, ...otherHomes(work, read)]) {
    const denied = refuseWrite(by.session, by.actor, { ...read, store_id }, kind, regionOf)
    if (denied) return denied
  }
  if (isChainKind(op.kind)) return judgeReference(work, read, at)
  return op.kind === 'visit' ? judgeVisit(work, read, at) : judgeCustomer(work, read, at)
}

/** Whoever merges a record into one of another store must be somebody there, too. */
function otherHomes(work: Work, { type, payload }: Op): string[] {
  const winner = type === 'merge' ? survivorOf(work, String(payload['into_id'])) : undefined
  return winner ? [winner.home_store_id] : []
}

/** A fault of ours in one op must not hold up a clerk's other work: it goes to quarantine, too. */
function judgeSafely(work: Work, item: Item): Refusal | null {
  try {
    return judgeItem(work, item)
  } catch (error) {
    return refuse('fault', error instanceof Error ? error.name : undefined)
  }
}

function stagedOf(work: Work): Staged<unknown>[] {
  const { references, customers, visits, refused, losses, decisions } = work
  return [references, customers, visits, refused, losses, decisions]
}

function judgeGroup(work: Work, group: readonly Item[]): Verdict[] {
  const staged = stagedOf(work)
  for (const records of staged) records.begin()
  const [touches, moves] = [work.touches.length, work.moves.length]
  const refusals = group.map((item) => judgeSafely(work, item))
  const isRefused = refusals.some((refusal) => refusal !== null)
  if (isRefused) {
    for (const records of staged) records.rollBack()
    work.touches.length = touches
    work.moves.length = moves
  }
  return group.map((item, index) =>
    isRefused
      ? { item, status: 'quarantined', refusal: refusals[index] ?? refuse('tx') }
      : { item, status: 'applied' },
  )
}

/** Consecutive ops of one `tx` are one group; every other op is a group of its own. */
function groupsOf(items: readonly Item[]): Item[][] {
  const groups: Item[][] = []
  for (const item of items) {
    const last = groups.at(-1)
    const tx = item.op.tx
    if (last && tx !== undefined && last[0]?.op.tx === tx) last.push(item)
    else groups.push([item])
  }
  return groups
}

export function judge(work: Work, items: readonly Item[]): Verdict[] {
  return groupsOf(items).flatMap((group) => judgeGroup(work, group))
}
