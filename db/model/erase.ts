import type { Customer } from './customer.ts'
import { uuidFromBytes } from './id.ts'
import { hashOp, type Op, type Sha256 } from './op.ts'
import type { StampedVisit } from './apply.ts'

// To forget a person: what was done stays, for the figures; who did it does not. Days of visits,
// taggings and homes go on under a surrogate that nothing leads back from.

/** What a receipt's id becomes: visits with one are counted apart, so it may not just go. */
const SOME_RECEIPT = 'erased'

/** The customer without anything personal, from the business day `day` on. */
export function forget(customer: Customer, day: number): Customer {
  return {
    ...customer,
    name: '',
    phone: null,
    phone_alt: null,
    card: null,
    email: null,
    birthday: null,
    gender: null,
    tier: null,
    note: null,
    attributes: null,
    stamps: {},
    consents: [],
    erased_on: day,
  }
}

/** The id under which the facts of an erased person are kept, the same wherever the op arrives. */
export function surrogateOf(eraseOpId: string, sha256: Sha256): string {
  const hex = sha256(`surrogate\n${eraseOpId}`)
  return uuidFromBytes(
    Uint8Array.from({ length: 16 }, (_, at) => parseInt(hex.slice(2 * at, 2 * at + 2), 16)),
  )
}

/** A visit without the person: `home` is the book in which the surrogate is to be found. */
export function forgetVisit(visit: StampedVisit, surrogate: string, home: string): StampedVisit {
  const receipt = visit.receipt === null ? null : SOME_RECEIPT
  const who = { customer_id: surrogate, home_store_id: home }
  return { ...visit, ...who, need: null, note: null, receipt, stamps: {} }
}

/**
 * What is kept of an op about an erased person: its envelope, its place in the device's chain and
 * the hash that the device sealed, which still names the next op's `prev`. `recordId` stands for
 * the person's own id.
 */
export function redactOp(op: Op, recordId = op.record_id): Op {
  return { ...op, record_id: recordId, payload: {} }
}

/**
 * The hash of a redacted op, kept beside it as `erased_hash`. Whoever verifies the chain computes
 * it over the hash that the op before was sent with (see `headPast`) and compares it instead of
 * the op's own `hash`, whose content is gone; the chain then goes on from that `hash`.
 */
export function redactedHash(op: Op, previousHash: string, sha256: Sha256): string {
  return hashOp(op, previousHash, sha256)
}
