import * as v from 'valibot'
import type { Absorbed, Customer, MergeSpan } from './customer.ts'
import type { Days } from './days.ts'
import { id } from './id.ts'

// Two records of one person become one by a dated fact: from that day on the one counts no more,
// and whatever happens to it is the other's. Nothing that lies before the day is rewritten, no
// visit changes its owner, and to undo it is a dated fact as well. So the order in which ops
// arrive is of no concern: whose a visit is follows from its day.

/** Payload of `merge`: the record goes into `into_id`, from the op's day on. */
export const CustomerMerge = v.object({ home_store_id: id, into_id: id, into_home_store_id: id })
export type CustomerMerge = v.InferOutput<typeof CustomerMerge>

/** Payload of `unmerge`: the record stands for itself again. */
export const CustomerUnmerge = v.object({ home_store_id: id })

/** The days on which a record was part of another. */
export function mergedDays({ merges }: Pick<Customer, 'merges'>): Days[] {
  return (merges ?? []).map(({ from, to }): Days => [from, to ?? Infinity])
}

/** The record as part of another one from a day on; never earlier than it was its own again. */
export function mergeInto(customer: Customer, into: string, home: string, at: number, day: number) {
  const known = customer.merges ?? []
  const from = Math.max(day, known.at(-1)?.to ?? day)
  const merges: MergeSpan[] = [...known, { into, home, at, from, to: null }]
  return { ...customer, merges, merged_into: into }
}

/** The record as its own again. A merge that had no day was none. */
export function endMerge(customer: Customer, day: number): Customer {
  const merges = (customer.merges ?? [])
    .map((span) => ({ ...span, to: span.to ?? Math.max(day, span.from) }))
    .filter(({ from, to }) => from < to)
  return { ...customer, merges: merges.length === 0 ? null : merges, merged_into: null }
}

/** The other side of a record's merges, as the record that it went into keeps it. */
export function absorb(customer: Customer, other: Customer): Customer {
  const mine = (other.merges ?? []).filter(({ into }) => into === customer.id)
  const spans = mine.map(({ home, from, to }): Absorbed => ({
    customer_id: other.id,
    home,
    from,
    to,
  }))
  const others = (customer.absorbed ?? []).filter(({ customer_id }) => customer_id !== other.id)
  const absorbed = [...others, ...spans]
  return { ...customer, absorbed: absorbed.length === 0 ? null : absorbed }
}

type Merges = Pick<Customer, 'merges' | 'absorbed'>

/** The records that this one ever had to do with: whose days it may have, and who may have its. */
export function kinOf({ merges, absorbed }: Merges): { id: string; home: string }[] {
  const into = (merges ?? []).map(({ into: other, home }) => ({ id: other, home }))
  const from = (absorbed ?? []).map(({ customer_id, home }) => ({ id: customer_id, home }))
  return [...into, ...from]
}

/**
 * Whose a day of a record is: of the record that it was part of on that day. On one day no record
 * is part of itself, because a merge always ends at a record that stands for itself.
 */
export function holderOn(
  customerId: string,
  day: number,
  mergesOf: (customerId: string) => readonly MergeSpan[] | null,
): string {
  const span = mergesOf(customerId)?.find(({ from, to }) => from <= day && day < (to ?? Infinity))
  return span ? holderOn(span.into, day, mergesOf) : customerId
}
