import * as v from 'valibot'
import { type CustomerForm, emptyForm } from './customer-form.ts'

/** A new customer that is being entered; it is kept as the clerk's draft while it is typed. */
export interface NewEntry {
  form: CustomerForm
  consents: { service: Answer; marketing: Answer }
  tagIds: string[]
}
type Answer = 'granted' | 'refused' | null

const answer = v.nullable(v.picklist(['granted', 'refused']))
const text = v.optional(v.string(), '')
const Form = v.object({
  name: text,
  phone: text,
  phone_alt: text,
  card: text,
  email: text,
  birthday: text,
  gender: text,
  note: text,
})
const Entry = v.object({
  form: Form,
  consents: v.object({ service: answer, marketing: answer }),
  tagIds: v.array(v.string()),
})

export function emptyEntry(): NewEntry {
  return { form: emptyForm(), consents: { service: null, marketing: null }, tagIds: [] }
}

/** An entry that begins with what was looked for: a number as the phone, other text as the name. */
export function startEntry(typed: string): NewEntry {
  const entry = emptyEntry()
  const isNumber = /^\+?[\d\s-]+$/.test(typed)
  // Four digits are a tail that was looked for, not a number that could be called.
  if (isNumber && typed.replace(/\D/g, '').length > 4) entry.form.phone = typed
  else if (!isNumber) entry.form.name = typed
  return entry
}

/** An interrupted edit of a customer's fields, or null. */
export function readFormDraft(draft: unknown): CustomerForm | null {
  const read = v.safeParse(Form, draft)
  return read.success ? read.output : null
}

/** The draft as it was kept, or null when there is none or it is of another version. */
export function readEntry(draft: unknown): NewEntry | null {
  const read = v.safeParse(Entry, draft)
  return read.success ? read.output : null
}
