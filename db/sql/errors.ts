export type LedgerErrorCode =
  | 'not-empty' // The chain was set up before.
  | 'unsafe-database' // The database would not keep what it acknowledges.
  | 'unknown-store'
  | 'unknown-device'
  | 'unknown-staff'
  | 'update-needed' // The device speaks a schema that is no longer served.
  | 'refused-again' // A decision changed nothing; `detail` is the reason.

/** A fault or a misuse that the caller answers for; refused ops are values, not errors. */
export class LedgerError extends Error {
  readonly code: LedgerErrorCode
  readonly detail: string | undefined

  constructor(code: LedgerErrorCode, message: string, detail?: string) {
    super(message)
    this.name = 'LedgerError'
    this.code = code
    this.detail = detail
  }
}

const RETRY_CODES = /^(40001|40P01|08\w{3}|57P01|SQLITE_BUSY\w*|ECONNRESET|EPIPE)$/

/** The code that a database or the system gave an error, or an error that caused it. */
export function codeOf(error: unknown): string {
  if (error === null || typeof error !== 'object') return ''
  const code = 'code' in error ? String(error.code) : ''
  return code === '' && 'cause' in error ? codeOf(error.cause) : code
}

/** What a disk does to writes: no room, closed to them, or it fails. Reads may go on. */
export type DiskFault = 'disk-full' | 'read-only' | 'disk-fault'

const DISK_FAULTS: readonly (readonly [DiskFault, RegExp])[] = [
  ['disk-full', /^(SQLITE_FULL|ENOSPC|EDQUOT|53100)$/],
  ['read-only', /^(SQLITE_READONLY\w*|EROFS|EACCES|25006)$/],
  ['disk-fault', /^(SQLITE_IOERR\w*|SQLITE_CANTOPEN\w*|EIO|58030)$/],
]

/** The fault of the disk that an error tells of, or null when it has another reason. */
export function diskFaultOf(error: unknown): DiskFault | null {
  const code = codeOf(error)
  return DISK_FAULTS.find(([, codes]) => codes.test(code))?.[0] ?? null
}

/** What is said, without a code, of a connection that ended; also by a rollback over it. */
const RETRY_WORDS = /could not commit|Connection terminated|connection error and is not queryable/

/**
 * Whether the whole transaction may be tried again: deadlock, serialization, lost connection. Its
 * outcome may be unknown, so whoever tries again must find what the try before has entered.
 */
export function isRetryable(error: unknown): boolean {
  if (RETRY_CODES.test(codeOf(error))) return true
  if (!(error instanceof Error)) return false
  return RETRY_WORDS.test(error.message) || isRetryable(error.cause)
}
