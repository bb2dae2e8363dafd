import * as v from 'valibot'

/** The store id that reference records and the chain's feed use instead of a shop's. */
export const CHAIN = 'chain'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function isId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value)
}

/** A record's id: lower-case UUID text, version 7 from a client or derived by the importer. */
export const id = v.pipe(v.string(), v.regex(UUID, 'id'))

/** A book's id: a shop's UUID or the word `chain`. */
export const bookId = v.union([id, v.literal(CHAIN)])

/** An id from its 32 digits. */
export function idOfDigits(hex: string): string {
  const cuts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
  return [...cuts, hex.slice(20, 32)].join('-')
}

/** Writes 16 bytes as UUID text; the importer derives ids this way from a hash. */
export function uuidFromBytes(bytes: Uint8Array): string {
  const hex = [...bytes.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const variant = ((parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16)
  // Version 8: an id made by a rule of our own.
  return idOfDigits(`${hex.slice(0, 12)}8${hex.slice(13, 16)}${variant}${hex.slice(17)}`)
}
