// A view is the server's row with this tablet's unsent ops on top, applied by the model's own
// rules. A row may already contain some of the ops (the pull is not complete yet), so applying an
// op twice must change nothing.
import { applyToCustomer, applyToVisit, type StampedVisit } from '#model/apply.ts'
import { type Customer, type CustomerRow, customerOfRow, type NameKey } from '#model/customer.ts'
import type { Op } from '#model/op.ts'
import { isRefusal, type Refusal } from '#model/refusal.ts'
import type { Visit } from '#model/visit.ts'
import * as v from 'valibot'
import type { OpRow, ViewRow } from './tables.ts'

export interface NamedCustomer {
  customer: Customer
  key: NameKey
}

/** The time an op takes effect, as far as this tablet can know. */
export function timeOf(op: Op): number {
  return op.ts_wall + op.offset_ms
}

/**
 * The record after one op. An op that is refused, or that another version of the app wrote in
 * terms which this one cannot read, leaves it as it was: the server's word will come.
 */
function stepped<T extends object>(record: T | undefined, apply: () => T | Refusal): T | undefined {
  try {
    const after = apply()
    return isRefusal(after) ? record : after
  } catch (error) {
    if (v.isValiError(error)) return record
    throw error
  }
}

const OF_CUSTOMERS = new Set(['customer', 'consent', 'tagging'])

export function stepCustomer(customer: Customer | undefined, op: Op): Customer | undefined {
  if (!OF_CUSTOMERS.has(op.kind)) return customer
  if (op.type === 'tag+' && customer?.taggings.some((tagging) => tagging.dot === op.op_id))
    return customer
  return stepped(customer, () => applyToCustomer(customer, op, timeOf(op)))
}

export function replayCustomer(
  base: CustomerRow | null,
  ops: readonly OpRow[],
): NamedCustomer | null {
  let customer = base ? customerOfRow(base) : undefined
  let key: NameKey = { pinyin: base?.pinyin ?? '', initials: base?.initials ?? '' }
  for (const { op, name_key } of ops) {
    customer = stepCustomer(customer, op)
    key = name_key ?? key
  }
  return customer ? { customer, key } : null
}

/** `dayOf` gives the business day of an instant at this store. */
export function stepVisit(
  visit: StampedVisit | undefined,
  op: Op,
  dayOf: (at: number) => number,
): StampedVisit | undefined {
  if (op.kind !== 'visit') return visit
  const at = timeOf(op)
  return stepped(visit, () => applyToVisit(visit, op, at, dayOf(at)))
}

export function replayVisit(
  base: Visit | null,
  ops: readonly OpRow[],
  dayOf: (at: number) => number,
): StampedVisit | null {
  let visit: StampedVisit | undefined = base ? { ...base, stamps: {} } : undefined
  for (const { op } of ops) visit = stepVisit(visit, op, dayOf)
  return visit ?? null
}

export function customerView(body: Customer, { pinyin, initials }: NameKey): ViewRow {
  return { id: body.id, kind: 'customer', customer_id: body.id, body, key: { pinyin, initials } }
}

export function visitView(body: StampedVisit): ViewRow {
  const { id, customer_id, day } = body
  return { id, kind: 'visit', day, body, ...(customer_id === null ? {} : { customer_id }) }
}

/** The visit as screens show it: without who wrote its details last. */
export function visitOfView({ stamps: _stamps, ...visit }: StampedVisit): Visit {
  return visit
}
