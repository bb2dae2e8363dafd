import * as v from 'valibot'
import { type Customer, partsOf } from '#model/customer.ts'
import { homeOn, homeSpans, moveHome } from '#model/homes.ts'
import { must } from '#model/assert.ts'
import { absorb, CustomerMerge, endMerge, mergeInto } from '#model/merge.ts'
import type { Op } from '#model/op.ts'
import { type Refusal, refuse } from '#model/refusal.ts'
import { dayAt, type Work } from './work.ts'

// Two records of one person: the one becomes part of the other, in the other's book, and is set
// free again. Visits stay with the record that they name; whose figures they are in follows from
// their day (see `holderOn`).

/** The record that stands for the person now: the one given, or the one it went into. */
export function survivorOf(work: Work, customerId: string): Customer | undefined {
  const customer = work.customers.get(customerId)
  if (!customer || customer.merged_into === null) return customer
  return survivorOf(work, customer.merged_into)
}

/** A record, then what it is part of, up to the one that stands for the person. */
export function upwardsFrom(work: Work, customerId: string): Customer[] {
  const customer = work.customers.get(customerId)
  if (!customer) return []
  const { merged_into: into } = customer
  return [customer, ...(into === null ? [] : upwardsFrom(work, into))]
}

/** A person's records, the one that stands for them first. */
export function recordsOf(work: Work, survivor: Customer): Customer[] {
  const parts = partsOf(survivor).map((id) => must(work.customers.get(id), 'a part of a record'))
  return [survivor, ...parts.flatMap((part) => recordsOf(work, part))]
}

/** Gives a record another home; those that are part of it go along. */
export function moveRecords(work: Work, customer: Customer, to: string, day: number): void {
  for (const record of recordsOf(work, customer)) {
    const from = record.home_store_id
    const moved = moveHome(record, to, day)
    if (moved === record) continue
    work.customers.set(record.id, moved)
    work.moves.push({ customer_id: record.id, from, to, day })
  }
}

/**
 * The record that an edit is for. What was edited before the merge is the record's own; whatever
 * is edited later, by somebody who does not know of it, is the person's.
 */
export function editedRecord(work: Work, customerId: string, at: number): Customer | undefined {
  const customer = work.customers.get(customerId)
  const last = customer?.merges?.at(-1)
  if (!customer || customer.merged_into === null || !last || at < last.at) return customer
  return editedRecord(work, customer.merged_into, at)
}

/** Whoever knew the record knows the person: they get a linked copy. */
function linkStoresOf(work: Work, loser: Customer, winnerId: string, day: number): void {
  const links = work.links.get(loser.id) ?? new Map<string, number>()
  const known = new Map([...links, [loser.home_store_id, day]])
  for (const [store_id, last] of known)
    work.touches.push({ customer_id: winnerId, store_id, day: last })
}

/** Decides about a merge: from its day on the record is part of the one that it names. */
export function judgeMerge(work: Work, op: Op, at: number): Refusal | null {
  const { into_id } = v.parse(CustomerMerge, op.payload)
  const loser = work.customers.get(op.record_id)
  const winner = survivorOf(work, into_id)
  if (!loser || !winner) return refuse('unknown-customer', loser ? 'into_id' : undefined)
  if (winner.erased_on !== null) return refuse('erased')
  if (loser.merged_into !== null) return refuse('merged')
  if (winner.id === loser.id) return refuse('malformed', 'into_id')
  const home = winner.home_store_id
  const day = dayAt(work, loser.home_store_id, at)
  linkStoresOf(work, loser, winner.id, day)
  moveRecords(work, loser, home, day)
  const present = must(work.customers.get(loser.id), 'a record that moved')
  const merged = mergeInto(present, winner.id, home, at, day)
  work.customers.set(loser.id, merged)
  work.customers.set(winner.id, absorb(winner, merged))
  return null
}

/** Decides about its end: the record is its own from the day on, at the home that it had. */
export function judgeUnmerge(work: Work, op: Op, at: number): Refusal | null {
  const part = work.customers.get(op.record_id)
  const span = part?.merges?.at(-1)
  if (!part) return refuse('unknown-customer')
  const winner = part.merged_into === null ? undefined : work.customers.get(part.merged_into)
  if (!span || !winner) return refuse('merged')
  const day = dayAt(work, part.home_store_id, at)
  const home = homeOn(homeSpans(part), span.from - 1).store_id
  const free = endMerge(part, day)
  work.customers.set(part.id, free)
  work.customers.set(winner.id, absorb(winner, free))
  moveRecords(work, free, home, Math.max(day, span.from))
  return null
}
