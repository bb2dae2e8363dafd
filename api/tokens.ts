import { createHash } from 'node:crypto'

/** Unpredictable bytes; passed in so that tests can repeat a run. */
export type RandomBytes = (count: number) => Uint8Array

// Crockford's letters: none can be mistaken for another when read out on the telephone.
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_LETTERS = 10
const TOKEN_BYTES = 32

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A device's secret, 256 bits; the ledger keeps only `hashToken` of it. */
export function makeToken(random: RandomBytes): string {
  return Buffer.from(random(TOKEN_BYTES)).toString('base64url')
}

export function hashToken(token: string): string {
  return sha256(token)
}

/** A code of 50 bits that enrols a tablet, as shown to people: `7K2QX-M0DFA`. */
export function makeCode(random: RandomBytes): string {
  const letters = [...random(CODE_LETTERS)].map((byte) => LETTERS.charAt(byte % LETTERS.length))
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`
}

/** The hash under which an enrolment code is kept; spelling, case and dashes do not matter. */
export function hashCode(code: string): string {
  const spoken = code.toUpperCase().replace(/[^0-9A-Z]/g, '')
  return sha256(spoken.replaceAll('O', '0').replace(/[IL]/g, '1'))
}
