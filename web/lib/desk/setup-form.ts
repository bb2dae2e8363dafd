import * as v from 'valibot'
import { NAME_MAX_CHARS } from '#model/limits.ts'
import { Store } from '#model/store.ts'
import { line } from '#model/text.ts'
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from './password.ts'

export const AccountForm = v.object({
  email: v.pipe(v.string(), v.maxLength(254, 'too-long'), v.email('email')),
  password: v.pipe(
    v.string(),
    v.minLength(PASSWORD_MIN_CHARS, 'password'),
    v.maxLength(PASSWORD_MAX_CHARS, 'too-long'),
  ),
})

/** The first run's form: the chain, and the person who sets it up. */
export const SetupForm = v.object({
  chain_name: line(NAME_MAX_CHARS),
  zone: Store.entries.zone,
  currency: Store.entries.currency,
  country: Store.entries.country,
  admin_name: line(NAME_MAX_CHARS),
  ...AccountForm.entries,
})
