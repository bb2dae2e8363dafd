import { createHmac, pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import type { RandomBytes } from './tokens.ts'

// A PIN says who acts and keeps out an onlooker; it is no encryption. The server's hash never
// leaves it: each tablet gets a verifier of its own, so that one stolen tablet helps with no other.
const derive = promisify(pbkdf2)

export const PIN_ITERATIONS = 210_000
const SALT_BYTES = 16
const HASH_BYTES = 32

/** What the ledger keeps of a PIN; salt and hash in hex. */
export interface PinHash {
  salt: string
  iterations: number
  hash: string
}

/** PBKDF2-SHA256 of the PIN with a salt of its own. */
export async function hashPin(pin: string, random: RandomBytes): Promise<PinHash> {
  const salt = Buffer.from(random(SALT_BYTES))
  const hash = await derive(pin, salt, PIN_ITERATIONS, HASH_BYTES, 'sha256')
  return { salt: salt.toString('hex'), iterations: PIN_ITERATIONS, hash: hash.toString('hex') }
}

/** Six digits that are not all alike, not a run, and not a short pattern repeated. */
export function isWeakPin(pin: string): boolean {
  const steps = [...pin].slice(1).map((digit, index) => Number(digit) - Number(pin[index]))
  const isRun = steps.every((step) => step === steps[0] && Math.abs(step) <= 1)
  const isRepeated = /^(\d{2})\1\1$|^(\d{3})\2$/.test(pin)
  const isPairs = /^(\d)\1(\d)\2(\d)\3$/.test(pin)
  return isRun || isRepeated || isPairs
}

/** The salt of one device in hex: always the same, and worthless without the server's secret. */
export function deviceSalt(secret: string, deviceId: string): string {
  return createHmac('sha256', secret).update(`device-salt:${deviceId}`).digest('hex')
}

/** HMAC-SHA256 over the 32 bytes of the hash, keyed by the 32 bytes of the device salt; in hex. */
export function verifierFor(saltHex: string, hashHex: string): string {
  const key = Buffer.from(saltHex, 'hex')
  return createHmac('sha256', key).update(Buffer.from(hashHex, 'hex')).digest('hex')
}
