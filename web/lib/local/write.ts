// What a clerk does, as ops. The only writer of records: every function is one strict transaction
// of ops and what the screen shows, and returns when it is safe. Taking something back is always
// a new op, so it works after the first was sent. All throw LocalError ('no-device', 'invalid',
// 'unknown-customer', 'unknown-visit', 'storage').
import type { ConsentSet } from '#model/consent.ts'
import type { Customer, CustomerField, CustomerSet } from '#model/customer.ts'
import { normalisePhone } from '#model/phone.ts'
import { cleanText } from '#model/text.ts'
import type { Purpose, VisitSet } from '#model/visit.ts'
import type * as v from 'valibot'
import { type Author, commitCustomer, commitNewVisit, commitVisit, type Intent } from './commit.ts'
import type { Local } from './database.ts'
import { ownStore } from './device.ts'
import { LocalError } from './errors.ts'
import { readMeta } from './meta.ts'
import { readNameKey } from './name-key.ts'

/** Fields as typed; phones in any form people write them. Null clears a field. */
export type CustomerFields = Partial<Pick<v.InferOutput<typeof CustomerSet>, CustomerField>>
/** The customer's word on one purpose and channel. */
export type ConsentWord = Pick<ConsentSet, 'purpose' | 'channel' | 'state' | 'proof'>
export type NewCustomer = CustomerFields & {
  name: string
  consents?: readonly ConsentWord[]
  tag_ids?: readonly string[]
}
export type VisitDetails = v.InferOutput<typeof VisitSet>

const PHONES = ['phone', 'phone_alt'] as const
const TEXTS = ['name', 'card', 'email', 'birthday', 'tier', 'note'] as const

/** Enrols a customer at this store; gives the new customer's id. All or nothing. */
export async function createCustomer(
  local: Local,
  author: Author,
  { consents = [], tag_ids = [], ...typed }: NewCustomer,
): Promise<string> {
  const { store_id, country } = await ownPlace(local)
  const id = local.deps.uuid()
  const fields = cleanFields(typed, country)
  const name_key = await readNameKey(fields.name ?? '')
  const home_store_id = store_id
  const group = consents.length + tag_ids.length > 0 ? { tx: local.deps.uuid() } : {}
  const payload = { ...fields, home_store_id }
  const create: Intent = { kind: 'customer', type: 'create', payload, name_key, ...group }
  await commitCustomer(local, author, id, () => [
    create,
    ...consents.map((word) => ({ ...consentIntent(word, home_store_id), ...group })),
    ...tag_ids.map((tag) => ({ ...tagIntent(tag, home_store_id), ...group })),
  ])
  return id
}

export async function setCustomer(
  local: Local,
  author: Author,
  customerId: string,
  typed: CustomerFields,
): Promise<void> {
  const { country } = await ownPlace(local)
  const fields = cleanFields(typed, country)
  if (Object.keys(fields).length === 0) return
  const key = fields.name === undefined ? {} : { name_key: await readNameKey(fields.name) }
  await commitCustomer(local, author, customerId, (customer) => {
    const payload = { ...fields, home_store_id: known(customer).home_store_id }
    return [{ kind: 'customer', type: 'set', payload, ...key }]
  })
}

export async function setConsent(
  local: Local,
  author: Author,
  customerId: string,
  word: ConsentWord,
): Promise<void> {
  await commitCustomer(local, author, customerId, (customer) => [
    consentIntent(word, known(customer).home_store_id),
  ])
}

/** Puts a tag on; a tag that is on already stays as it is. */
export async function addTag(
  local: Local,
  author: Author,
  customerId: string,
  tagId: string,
): Promise<void> {
  await commitCustomer(local, author, customerId, (customer) => {
    const { home_store_id } = known(customer)
    return dotsOf(known(customer), tagId).length > 0 ? [] : [tagIntent(tagId, home_store_id)]
  })
}

/** Takes off every putting-on of the tag that this tablet sees. */
export async function removeTag(
  local: Local,
  author: Author,
  customerId: string,
  tagId: string,
): Promise<void> {
  await commitCustomer(local, author, customerId, (customer) => {
    const { home_store_id } = known(customer)
    const observed = dotsOf(known(customer), tagId)
    if (observed.length === 0) return []
    const payload = { tag_id: tagId, observed, home_store_id }
    return [{ kind: 'tagging', type: 'tag-', payload }]
  })
}

/** Logs a visit of a customer; gives the visit's id. */
export async function logVisit(
  local: Local,
  author: Author,
  customerId: string,
  purpose: Purpose,
): Promise<string> {
  return commitNewVisit(local, author, customerId, (home_store_id) => {
    const payload = { customer_id: customerId, home_store_id, purpose }
    return { kind: 'visit', type: 'visit', payload }
  })
}

/** Counts people nobody asked for a name; gives the visit's id, by which it can be voided. */
export async function tally(local: Local, author: Author, count: number): Promise<string> {
  const payload = { customer_id: null, home_store_id: null, purpose: 'browse', count }
  return commitNewVisit(local, author, null, () => ({ kind: 'visit', type: 'visit', payload }))
}

/** Adds to a visit what is known later; each field by itself, null clears it. */
export async function editVisit(
  local: Local,
  author: Author,
  visitId: string,
  details: VisitDetails,
): Promise<void> {
  const payload = cleanDetails(details)
  await commitVisit(local, author, { id: visitId, customer_id: null }, (visit) => {
    if (!visit) throw new LocalError('unknown-visit')
    return [{ kind: 'visit', type: 'set', payload }]
  })
}

/** Takes a visit back. Taking it back twice is nothing. */
export async function voidVisit(local: Local, author: Author, visitId: string): Promise<void> {
  await commitVisit(local, author, { id: visitId, customer_id: null }, (visit) => {
    if (!visit) throw new LocalError('unknown-visit')
    return visit.void ? [] : [{ kind: 'visit', type: 'void', payload: {} }]
  })
}

async function ownPlace(local: Local): Promise<{ store_id: string; country: string }> {
  const device = await readMeta(local.db, 'device')
  const store = device ? await ownStore(local.db, device.store_id) : null
  if (!device || !store) throw new LocalError('no-device')
  return { store_id: device.store_id, country: store.country }
}

function known(customer: Customer | undefined): Customer {
  if (!customer) throw new LocalError('unknown-customer')
  return customer
}

function dotsOf(customer: Customer, tagId: string): string[] {
  const standing = customer.taggings.filter((on) => on.tag_id === tagId && on.off_at === null)
  return standing.map((tagging) => tagging.dot)
}

function consentIntent(word: ConsentWord, home_store_id: string): Intent {
  const proof = word.proof === undefined ? {} : { proof: cleanText(word.proof) }
  return { kind: 'consent', type: 'set', payload: { ...word, ...proof, home_store_id } }
}

function tagIntent(tag_id: string, home_store_id: string): Intent {
  return { kind: 'tagging', type: 'tag+', payload: { tag_id, source: 'staff', home_store_id } }
}

/** Text composed and trimmed, phones in E.164; an empty text clears the field. */
function cleanFields(typed: CustomerFields, country: string): CustomerFields {
  const fields: CustomerFields = { ...typed }
  for (const field of TEXTS) {
    const text = fields[field]
    if (typeof text === 'string' && field === 'name') fields.name = cleanText(text)
    else if (typeof text === 'string' && field !== 'name') fields[field] = cleanText(text) || null
  }
  for (const field of PHONES) {
    const text = fields[field]?.trim()
    if (text === undefined) continue
    const phone = normalisePhone(text, country)
    if (text !== '' && !phone) throw new LocalError('invalid', `${field}: phone`)
    fields[field] = phone?.e164 ?? null
  }
  return fields
}

function cleanDetails(details: VisitDetails): VisitDetails {
  const { need, note, ...rest } = details
  const texts = {
    ...(need === undefined ? {} : { need: need === null ? null : cleanText(need) || null }),
    ...(note === undefined ? {} : { note: note === null ? null : cleanText(note) || null }),
  }
  return { ...rest, ...texts }
}
