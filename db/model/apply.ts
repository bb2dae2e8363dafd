import * as v from 'valibot'
import { ConsentSet } from './consent.ts'
import {
  createCustomer,
  type Customer,
  CustomerCreate,
  CustomerSet,
  putTag,
  setConsent,
  setCustomer,
  takeTag,
} from './customer.ts'
import { isLater, type Op, type Stamp } from './op.ts'
import { type Refusal, refuse } from './refusal.ts'
import { TagOff, TagOn } from './tag.ts'
import { type Visit, VisitLogged, VisitSet } from './visit.ts'

// What an op means, written once: the ledger applies it for good, the tablet for its own screen.
// Payloads have passed their schema before; parsing again only gives them their type.

const LEDGER_ONLY: readonly string[] = ['erase', 'merge', 'unmerge']

/** The customer after an op of kind customer, consent or tagging, or why it cannot be. */
export function applyToCustomer(
  customer: Customer | undefined,
  op: Op,
  at: number,
): Customer | Refusal {
  const stamp: Stamp = [at, op.op_id]
  if (op.kind === 'customer' && op.type === 'create') {
    if (customer) return refuse('exists')
    return createCustomer(op.record_id, v.parse(CustomerCreate, op.payload), stamp, op.actor_id)
  }
  if (!customer) return refuse('unknown-customer')
  // A home ends and a person is forgotten in the ledger alone; a tablet hears of it by its feed.
  if (op.kind === 'transfer' || LEDGER_ONLY.includes(op.type))
    return refuse('not-supported', op.type)
  if (op.kind === 'consent') return setConsent(customer, v.parse(ConsentSet, op.payload), stamp)
  if (op.type === 'tag+') return putTag(customer, v.parse(TagOn, op.payload), stamp, op.actor_id)
  if (op.type === 'tag-') return takeTag(customer, v.parse(TagOff, op.payload), stamp)
  return setCustomer(customer, v.parse(CustomerSet, op.payload), stamp)
}

/** A visit and who wrote each of its details last. */
export interface StampedVisit extends Visit {
  stamps: Record<string, Stamp>
}

const DETAILS = ['purpose', 'need', 'spend_minor', 'items', 'note'] as const

/** The visit after an op of kind visit, or why it cannot be. `day` is its store's business day. */
export function applyToVisit(
  visit: StampedVisit | undefined,
  op: Op,
  at: number,
  day: number,
): StampedVisit | Refusal {
  if (op.type === 'visit') return visit ? refuse('exists') : logged(op, at, day)
  if (!visit) return refuse('unknown-record')
  if (op.type === 'void') return { ...visit, void: true }
  const details = v.parse(VisitSet, op.payload)
  const stamp: Stamp = [at, op.op_id]
  const won = DETAILS.filter(
    (field) => details[field] !== undefined && isLater(stamp, visit.stamps[field]),
  )
  return {
    ...visit,
    ...Object.fromEntries(won.map((field) => [field, details[field] ?? null])),
    stamps: { ...visit.stamps, ...Object.fromEntries(won.map((field) => [field, stamp])) },
  }
}

function logged(op: Op, at: number, day: number): StampedVisit {
  const payload = v.parse(VisitLogged, op.payload)
  return {
    id: op.record_id,
    store_id: op.store_id,
    customer_id: payload.customer_id,
    home_store_id: payload.home_store_id,
    count: payload.count,
    purpose: payload.purpose,
    need: payload.need ?? null,
    spend_minor: payload.spend_minor ?? null,
    items: payload.items ?? null,
    note: payload.note ?? null,
    receipt: payload.receipt ?? null,
    at,
    day,
    actor_id: op.actor_id,
    void: false,
    stamps: {},
  }
}
