import type { Problem } from '#model/protocol.ts'
import { codeOf, diskFaultOf, LedgerError } from '#sql/errors.ts'

// The only place that knows HTTP statuses of errors. Codes are stable: screens choose words by
// them, so one may be added, but never change its meaning.
const PROBLEMS = {
  malformed: [400, 'The request cannot be understood'],
  'weak-pin': [400, 'This PIN is too easy to guess'],
  'no-session': [401, 'Sign in or enrol first'],
  'wrong-sign-in': [401, 'E-mail or password is wrong'],
  forbidden: [403, 'Your role may not do this'],
  'device-mismatch': [403, 'The request names another device than the one signed in'],
  'device-revoked': [403, 'This device was revoked'],
  'not-your-store': [403, 'This device belongs to another store'],
  'foreign-origin': [403, 'The request comes from another site'],
  'not-found': [404, 'There is nothing here'],
  'unknown-code': [404, 'This code is unknown, used up or expired'],
  'not-empty': [409, 'The chain was set up before'],
  'refused-again': [409, 'The op still cannot be applied'],
  'not-closable': [409, 'This month cannot be closed now'],
  'moved-on': [409, 'Somebody else was faster: read it again'],
  'email-taken': [409, 'Another account has this e-mail'],
  'too-large': [413, 'The request is too large'],
  'not-json': [415, 'Send application/json'],
  'update-needed': [426, 'The app is too old: update it'],
  'too-many': [429, 'Too many attempts: wait'],
  fault: [500, 'The server failed; the request may be repeated'],
  busy: [503, 'Many devices sync at the moment: come back later'],
  unready: [503, 'The server cannot answer at the moment'],
  'read-only': [503, 'The server can only read at the moment'],
  'disk-fault': [503, "The server's disk fails: nothing was taken"],
  'disk-full': [507, 'The server has no room to store anything'],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ErrorCode = keyof typeof PROBLEMS

/** A request that is not fulfilled. `detail` names the field or value; it never holds a value. */
export class ApiError extends Error {
  readonly code: ErrorCode
  readonly detail: string | undefined
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, detail?: string, retryAfterMs?: number) {
    super(code)
    this.name = 'ApiError'
    this.code = code
    this.detail = detail
    this.retryAfterMs = retryAfterMs
  }
}

const UNREADY = /^(SQLITE_(BUSY|LOCKED)\w*|ECONN\w+|EPIPE|ETIMEDOUT|08\w{3}|57P0\d|40\w{3}|53300)$/
const RETRY_AFTER_MS = 5_000

/** Any thrown value as an error of the API; what nobody foresaw is a fault. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof LedgerError) return ofLedger(error)
  const fault = diskFaultOf(error)
  if (fault) return new ApiError(fault, undefined, RETRY_AFTER_MS)
  if (UNREADY.test(codeOf(error))) return new ApiError('unready', undefined, RETRY_AFTER_MS)
  return new ApiError('fault')
}

function ofLedger(error: LedgerError): ApiError {
  switch (error.code) {
    case 'not-empty':
      return new ApiError('not-empty')
    case 'unknown-store':
    case 'unknown-device':
    case 'unknown-staff':
      return new ApiError('not-found', error.code)
    case 'update-needed':
      return new ApiError('update-needed')
    case 'refused-again':
      return new ApiError('refused-again', error.detail)
    case 'unsafe-database':
      return new ApiError('fault')
  }
}

/** The error as application/problem+json (RFC 9457). */
export function answerProblem(error: ApiError, requestId: string): Response {
  const [status, title] = PROBLEMS[error.code]
  const problem: Problem = {
    type: `urn:regulars:problem:${error.code}`,
    title,
    status,
    code: error.code,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    request_id: requestId,
  }
  const headers = new Headers({ 'content-type': 'application/problem+json' })
  if (error.retryAfterMs !== undefined)
    headers.set('retry-after', String(Math.ceil(error.retryAfterMs / 1000)))
  return new Response(JSON.stringify(problem), { status, headers })
}

/** What is worth a line in the log. Sending devices away for a while is what busy is for. */
export function isFault(error: ApiError): boolean {
  return PROBLEMS[error.code][0] >= 500 && error.code !== 'busy'
}
