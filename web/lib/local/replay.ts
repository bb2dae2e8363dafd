// A view is the server's row with this tablet's unsent ops on top, applied by the model's own
// rules. A row may already contain some of the ops (the pull is not complete yet), so applying an
// op twice must change nothing.
import { applyToCustomer, applyToVisit, type StampedVisit } from '#model/apply.ts'
import { type Customer, type CustomerRow, customerOfRow, type NameKey } from '#model/customer.ts'
import type { Op } from '#model/op.ts'
import { isRefusal } from '#model/refusal.ts'
import type { Visit } from '#model/visit.ts'
import type { OpRow, ViewRow } from './tables.ts'

export interface NamedCustomer {
  customer: Customer
  key: NameKey
}

/** The time an op takes effect, as far as this tablet can know. */
export function timeOf(op: Op): number {
  return op.ts_wall + op.offset_ms
}

/** The customer after one op; a refused op leaves it as it was, the server's word will come. */
export function stepCustomer(customer: Customer | undefined, op: Op): Customer | undefined {
  if (op.type === 'tag+' && customer?.taggings.some((tagging) => tagging.dot === op.op_id))
    return customer
  const after = applyToCustomer(customer, op, timeOf(op))
  return isRefusal(after) ? customer : after
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
  const at = timeOf(op)
  const after = applyToVisit(visit, op, at, dayOf(at))
  return isRefusal(after) ? visit : after
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
