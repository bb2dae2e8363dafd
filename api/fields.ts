import * as v from 'valibot'
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from './accounts.ts'

// Fields that several bodies have.

export const email = v.pipe(v.string(), v.maxLength(254), v.email())

export const password = v.pipe(
  v.string(),
  v.minLength(PASSWORD_MIN_CHARS),
  v.maxLength(PASSWORD_MAX_CHARS),
)
