export type LedgerErrorCode =
  | 'not-empty' // The chain was set up before.
  | 'unsafe-database' // The database would not keep what it acknowledges.
  | 'unknown-store'
  | 'unknown-device'
  | 'unknown-staff'

/** A fault or a misuse that the caller answers for; refused ops are values, not errors. */
export class LedgerError extends Error {
  readonly code: LedgerErrorCode

  constructor(code: LedgerErrorCode, message: string) {
    super(message)
    this.name = 'LedgerError'
    this.code = code
  }
}

const RETRY_CODES = /^(40001|40P01|08\w{3}|57P01|SQLITE_BUSY\w*|ECONNRESET|EPIPE)$/

function codeOf(error: unknown): string {
  if (error === null || typeof error !== 'object') return ''
  const code = 'code' in error ? String(error.code) : ''
  return code === '' && 'cause' in error ? codeOf(error.cause) : code
}

/**
 * Whether the whole transaction may be tried again: deadlock, serialization, lost connection.
 * Safe even when its outcome is unknown, because (device, n, op_id) shows a repetition.
 */
export function isRetryable(error: unknown): boolean {
  if (RETRY_CODES.test(codeOf(error))) return true
  return error instanceof Error && /could not commit|Connection terminated/.test(error.message)
}
