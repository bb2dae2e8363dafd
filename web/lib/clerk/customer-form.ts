import * as v from 'valibot'
import { CustomerSet } from '#model/customer.ts'
import { normalisePhone } from '#model/phone.ts'
import { cleanText } from '#model/text.ts'

/** The fields of a customer as a person types them; an empty text means that there is none. */
export const FORM_FIELDS = [
  'name',
  'phone',
  'phone_alt',
  'card',
  'email',
  'birthday',
  'gender',
  'note',
] as const
export type FormField = (typeof FORM_FIELDS)[number]
export type CustomerForm = Record<FormField, string>

/** What is wrong with a field, as the name of a message of the form. */
export type FormError = 'nameMissing' | 'phoneBad' | 'emailBad' | 'birthdayBad' | 'textBad'
export type FormErrors = Partial<Record<FormField, FormError>>

/** A payload of a customer op without its home store. */
export type CustomerFields = Omit<v.InferOutput<typeof CustomerSet>, 'home_store_id'>

export const emptyForm = (): CustomerForm => ({
  name: '',
  phone: '',
  phone_alt: '',
  card: '',
  email: '',
  birthday: '',
  gender: '',
  note: '',
})

/** The form that shows a customer's fields. */
export function formOf(row: { [field in FormField]: string | null }): CustomerForm {
  const form = emptyForm()
  for (const field of FORM_FIELDS) form[field] = row[field] ?? ''
  return form
}

const errorOf: Partial<Record<FormField, FormError>> = {
  name: 'nameMissing',
  phone: 'phoneBad',
  phone_alt: 'phoneBad',
  email: 'emailBad',
  birthday: 'birthdayBad',
}

/**
 * The fields that differ from `before`, cleaned and in the shape of an op; or what is wrong with
 * them. Phones are normalised by the store's country, so `138 1234 5678` is no edit of
 * `+8613812345678`.
 */
export function readForm(
  form: CustomerForm,
  before: CustomerForm,
  country: string,
): { ok: true; fields: CustomerFields } | { ok: false; errors: FormErrors } {
  const errors: FormErrors = {}
  const fields: Record<string, string | null> = {}
  for (const field of FORM_FIELDS) {
    const value = cleanField(field, form[field], country)
    if (value === cleanField(field, before[field], country)) continue
    fields[field] = value
    const checked = v.safeParse(v.pick(v.partial(CustomerSet), [field]), { [field]: value })
    if (!checked.success) errors[field] = errorFor(field, value)
  }
  if (form.name.trim() === '') errors.name = 'nameMissing'
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, fields }
}

function errorFor(field: FormField, value: string | null): FormError {
  // A name that is there is refused for its characters or its length, never for being absent.
  return field === 'name' && value !== null ? 'textBad' : (errorOf[field] ?? 'textBad')
}

function cleanField(field: FormField, typed: string, country: string): string | null {
  const text = cleanText(typed)
  if (text === '') return null
  if (field === 'phone' || field === 'phone_alt') return normalisePhone(text, country)?.e164 ?? text
  if (field === 'birthday') return cleanBirthday(text)
  return text
}

/** `3-8`, `3/8`, `3月8日` and `0308` are all the eighth of March. */
function cleanBirthday(text: string): string {
  const match = /^(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?$/.exec(text) ?? /^(\d{2})(\d{2})$/.exec(text)
  return match ? `${match[1]?.padStart(2, '0')}-${match[2]?.padStart(2, '0')}` : text
}

/** True for a number that no country of the chain's plans would give out: worth a second look. */
export function isUnusualPhone(typed: string, country: string): boolean {
  const phone = normalisePhone(typed, country)
  return typed.trim() !== '' && (phone === null || !phone.e164.startsWith('+'))
}
