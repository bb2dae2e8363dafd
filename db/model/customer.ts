import * as v from 'valibot'
import { type Consent, ConsentSet, mergeConsent } from './consent.ts'
import { id } from './id.ts'
import { NAME_MAX_CHARS, NOTE_MAX_CHARS } from './limits.ts'
import { isLater, type Stamp } from './op.ts'
import { TagOff, TagOn, type TagSource } from './tag.ts'
import { line, prose } from './text.ts'

const phone = v.pipe(v.string(), v.regex(/^\+?\d{4,15}$/, 'phone'))
const email = v.pipe(line(254), v.regex(/^[^\s@]+@[^\s@]+$/, 'email'))
const monthDay = v.pipe(v.string(), v.regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'birthday'))
const attributes = v.pipe(
  v.record(line(40), line(200)),
  v.check((all) => Object.keys(all).length <= 30, 'too-many'),
)

/** What may be edited about a customer; null clears a field. Phones are E.164 or bare digits. */
const fields = {
  name: line(NAME_MAX_CHARS),
  phone: v.nullish(phone),
  phone_alt: v.nullish(phone),
  card: v.nullish(line(40)),
  email: v.nullish(email),
  birthday: v.nullish(monthDay),
  gender: v.nullish(v.picklist(['f', 'm', 'x'])),
  tier: v.nullish(line(40)),
  note: v.nullish(prose(NOTE_MAX_CHARS)),
  attributes: v.nullish(attributes),
}

export const CUSTOMER_FIELDS = [
  'name',
  'phone',
  'phone_alt',
  'card',
  'email',
  'birthday',
  'gender',
  'tier',
  'note',
  'attributes',
] as const satisfies (keyof typeof fields)[]
export type CustomerField = (typeof CUSTOMER_FIELDS)[number]

/** Payload of `create`: the home store is a dated fact of enrolment and is never edited. */
export const CustomerCreate = v.object({ ...fields, home_store_id: id })

/** Payload of `set`; `home_store_id` says in whose book the customer is to be found. */
export const CustomerSet = v.object({ ...v.partial(v.object(fields)).entries, home_store_id: id })

/** One putting-on of a tag; the same tag may have several until each is taken off. */
export interface Tagging {
  tag_id: string
  dot: string
  at: number
  source: TagSource
  by: string
  /** When it was taken off; kept for the figures, never sent to tablets. */
  off_at: number | null
}

/** Payload of `erase`: the person asked to be forgotten, or the time to keep them has run out. */
export const CustomerErase = v.object({
  home_store_id: id,
  cause: v.picklist(['request', 'retention']),
})

/** A customer with all that merges with it: the unit that is locked, folded and sent. */
export interface Customer {
  id: string
  home_store_id: string
  created_at: number
  created_by: string
  name: string
  phone: string | null
  phone_alt: string | null
  card: string | null
  email: string | null
  birthday: string | null
  gender: 'f' | 'm' | 'x' | null
  tier: string | null
  note: string | null
  attributes: Record<string, string> | null
  stamps: Partial<Record<CustomerField, Stamp>>
  consents: Consent[]
  taggings: Tagging[]
  /** Homes before this one; figures of a day belong to the home of that day. */
  homes: FormerHome[] | null
  /** The record that this one is part of now. */
  merged_into: string | null
  /** In the order of time; the last stands while it has no end. */
  merges: MergeSpan[] | null
  /** Records that are, or once were, part of this one. */
  absorbed: Absorbed[] | null
  erased_on: number | null
}

/** Days [from, to) on which a record is part of another; `to` is null while it is. */
export interface MergeSpan {
  into: string
  /** The other's home at that time, where it is to be looked for. */
  home: string
  /** The instant from which edits are the other's, too. */
  at: number
  from: number
  to: number | null
}

/** The same days as the other record has them. */
export interface Absorbed extends Pick<MergeSpan, 'home' | 'from' | 'to'> {
  customer_id: string
}

/** A home that ended: its days are those before `until`, a business day. */
export interface FormerHome {
  store_id: string
  until: number
}

/** Pinyin of the name as one word ("zhangwei") and its initials ("zw"); empty for other scripts. */
export interface NameKey {
  pinyin: string
  initials: string
}

/** A customer as tablets hold it. `note` is left out of copies for stores other than the home. */
export interface CustomerRow
  extends Omit<Customer, 'stamps' | 'taggings' | 'homes' | 'erased_on' | keyof Merged>, NameKey {
  taggings: Omit<Tagging, 'off_at'>[]
  /** The record that this one is part of; absent for nearly everybody. */
  merged_into?: string
  /** Records that are part of this one: what is known of them is known of this person. */
  parts?: string[]
}

type Merged = Pick<Customer, 'merged_into' | 'merges' | 'absorbed'>

type CreatePayload = v.InferOutput<typeof CustomerCreate>
type SetPayload = v.InferOutput<typeof CustomerSet>

export function createCustomer(
  recordId: string,
  payload: CreatePayload,
  stamp: Stamp,
  actorId: string,
): Customer {
  const empty: Customer = {
    id: recordId,
    home_store_id: payload.home_store_id,
    created_at: stamp[0],
    created_by: actorId,
    name: payload.name,
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
    taggings: [],
    homes: null,
    merged_into: null,
    merges: null,
    absorbed: null,
    erased_on: null,
  }
  return setCustomer(empty, payload, stamp)
}

/** Each field goes to its later writer; clearing is a value like any other. */
export function setCustomer(customer: Customer, payload: SetPayload, stamp: Stamp): Customer {
  const won = CUSTOMER_FIELDS.filter(
    (field) => payload[field] !== undefined && isLater(stamp, customer.stamps[field]),
  )
  if (won.length === 0) return customer
  const values = Object.fromEntries(won.map((field) => [field, payload[field] ?? null]))
  const stamps = Object.fromEntries(won.map((field) => [field, stamp]))
  return { ...customer, ...values, stamps: { ...customer.stamps, ...stamps } }
}

export function setConsent(customer: Customer, payload: ConsentSet, [at, op]: Stamp): Customer {
  const { purpose, channel, state, proof } = payload
  const said: Consent = {
    purpose,
    channel,
    state,
    at,
    op,
    ...(proof === undefined ? {} : { proof }),
  }
  const isSame = (other: Consent) => other.purpose === purpose && other.channel === channel
  const known = customer.consents.find(isSame)
  const merged = mergeConsent(known, said)
  if (merged === known) return customer
  const consents = [...customer.consents.filter((other) => !isSame(other)), merged].sort((a, b) =>
    `${a.purpose} ${a.channel}` < `${b.purpose} ${b.channel}` ? -1 : 1,
  )
  return { ...customer, consents }
}

/** Observed-remove, add wins: an addition is a dot that only a removal which saw it takes off. */
export function putTag(
  customer: Customer,
  payload: v.InferOutput<typeof TagOn>,
  [at, dot]: Stamp,
  by: string,
): Customer {
  const tagging: Tagging = {
    tag_id: payload.tag_id,
    dot,
    at,
    source: payload.source,
    by,
    off_at: null,
  }
  return { ...customer, taggings: [...customer.taggings, tagging] }
}

/** Of several removals of one dot the earliest counts, in whatever order they arrive. */
export function takeTag(
  customer: Customer,
  payload: v.InferOutput<typeof TagOff>,
  [at]: Stamp,
): Customer {
  const seen = new Set(payload.observed)
  const taggings = customer.taggings.map((tagging) => {
    const off_at = Math.max(at, tagging.at)
    const isMeant = tagging.tag_id === payload.tag_id && seen.has(tagging.dot)
    if (!isMeant || (tagging.off_at !== null && tagging.off_at <= off_at)) return tagging
    return { ...tagging, off_at }
  })
  return { ...customer, taggings }
}

/** Ids of the records that are part of this one now. */
export function partsOf({ absorbed }: Pick<Customer, 'absorbed'>): string[] {
  return (absorbed ?? []).filter(({ to }) => to === null).map(({ customer_id }) => customer_id)
}

export function rowOfCustomer(customer: Customer, key: NameKey): CustomerRow {
  const { stamps: _stamps, homes: _homes, erased_on: _on, ...known } = customer
  const { merged_into, merges: _merges, absorbed: _absorbed, taggings, ...shown } = known
  const standing = taggings.filter((tagging) => tagging.off_at === null)
  const parts = partsOf(customer)
  return {
    ...shown,
    ...key,
    taggings: standing.map(({ off_at: _off, ...tagging }) => tagging),
    ...(merged_into === null ? {} : { merged_into }),
    ...(parts.length === 0 ? {} : { parts }),
  }
}

/** The copy for a store that also serves the customer: without the home store's note. */
export function linkedCopy(row: CustomerRow): CustomerRow {
  return { ...row, note: null }
}

/** The row as a customer to apply unsent ops to. Without stamps every later edit wins. */
export function customerOfRow(row: CustomerRow): Customer {
  const { pinyin: _pinyin, initials: _initials, parts, merged_into, ...kept } = row
  // Days are the ledger's concern; a tablet knows what is part of what today.
  const absorbed = parts?.map((customer_id): Absorbed => ({
    customer_id,
    home: row.home_store_id,
    from: 0,
    to: null,
  }))
  const none = { homes: null, erased_on: null, merges: null, stamps: {} }
  const merged = { merged_into: merged_into ?? null, absorbed: absorbed ?? null }
  return {
    ...kept,
    ...none,
    ...merged,
    taggings: row.taggings.map((t) => ({ ...t, off_at: null })),
  }
}
