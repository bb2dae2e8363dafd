import type { Customer } from '#model/customer.ts'
import { readPeople } from './duplicates.ts'
import { type CustomerColumns, presentHome } from './forwards.ts'
import type { Ledger } from './ledger.ts'
import { type TimedDraft, type Writer, writeDrafts } from './write.ts'

// What a manager does about people who are known twice: makes two records one, or two again.

export interface MergeAsked {
  customer_id: string
  home_store_id: string
  into_id: string
  into_home_store_id: string
}

const FILLED = ['phone', 'phone_alt', 'card', 'email', 'birthday', 'gender', 'tier'] as const
type Filled = Partial<Pick<Customer, (typeof FILLED)[number]>>

/** What the record that stays does not know and the other does. */
function missingDetails(stays: CustomerColumns, goes: CustomerColumns): Filled {
  const details: Filled = {}
  for (const field of FILLED)
    if (stays[field] === null && goes[field] !== null)
      Object.assign(details, { [field]: goes[field] })
  const spare = goes.phone
  const known = [stays.phone, stays.phone_alt, details.phone]
  if (spare !== null && stays.phone_alt === null && !known.includes(spare))
    details.phone_alt = spare
  if (details.phone_alt !== undefined && details.phone_alt === (stays.phone ?? details.phone))
    delete details.phone_alt
  return details
}

async function readAt(ledger: Ledger, home: string, id: string) {
  const present = await presentHome(ledger, home, id)
  if (present === null) return undefined
  return (await readPeople(ledger, [{ home: present, id }])).get(id)
}

/**
 * Makes two records one; what the one that stays does not know is taken over from the other, in
 * the same group of ops. Gives the reason why not, or null.
 */
export async function mergeRecords(
  ledger: Ledger,
  writer: Writer,
  asked: MergeAsked,
  now: number,
): Promise<string | null> {
  const goes = await readAt(ledger, asked.home_store_id, asked.customer_id)
  const stays = await readAt(ledger, asked.into_home_store_id, asked.into_id)
  if (!goes || !stays) return 'unknown-customer'
  const tx = ledger.ports.uuid()
  const merge: TimedDraft = {
    store_id: goes.store_id,
    kind: 'customer',
    record_id: goes.id,
    type: 'merge',
    payload: {
      home_store_id: goes.store_id,
      into_id: stays.id,
      into_home_store_id: stays.store_id,
    },
    tx,
  }
  const details = missingDetails(stays, goes)
  const fill: TimedDraft = {
    store_id: stays.store_id,
    kind: 'customer',
    record_id: stays.id,
    type: 'set',
    payload: { home_store_id: stays.store_id, ...details },
    tx,
  }
  const drafts = Object.keys(details).length === 0 ? [merge] : [merge, fill]
  const results = await writeDrafts(ledger, writer, drafts, now)
  return results.find(({ status }) => status !== 'applied')?.reason ?? null
}

/** Lets a record stand for itself again. Gives the reason why not, or null. */
export async function unmergeRecord(
  ledger: Ledger,
  writer: Writer,
  { customer_id, home_store_id }: Pick<MergeAsked, 'customer_id' | 'home_store_id'>,
  now: number,
): Promise<string | null> {
  const part = await readAt(ledger, home_store_id, customer_id)
  if (!part) return 'unknown-customer'
  const draft: TimedDraft = {
    store_id: part.store_id,
    kind: 'customer',
    record_id: part.id,
    type: 'unmerge',
    payload: { home_store_id: part.store_id },
  }
  const [result] = await writeDrafts(ledger, writer, [draft], now)
  return result?.status === 'applied' ? null : (result?.reason ?? 'fault')
}
