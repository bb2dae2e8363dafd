/** What can go wrong with the tablet's own database, as stable codes. */
export type LocalErrorCode =
  | 'no-device' // The tablet is not enrolled, or its store's record has not arrived yet.
  | 'unknown-customer'
  | 'unknown-visit'
  | 'invalid' // `detail` names the field and what is wrong with it.
  | 'unsent' // Removing the device would lose ops that were never sent.
  | 'storage' // The browser gives no more room, or closed the database.

export class LocalError extends Error {
  readonly code: LocalErrorCode
  readonly detail: string | null

  constructor(code: LocalErrorCode, detail: string | null = null) {
    super(detail === null ? code : `${code}: ${detail}`)
    this.name = 'LocalError'
    this.code = code
    this.detail = detail
  }
}
