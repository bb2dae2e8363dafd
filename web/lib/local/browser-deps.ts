import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { v7 } from 'uuid'
import type { LocalDeps } from './database.ts'

/** The browser's clocks and ids. SHA-256 is not WebCrypto's: a transaction cannot wait for it. */
export function browserDeps(): LocalDeps {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    uuid: () => v7(),
    sha256: (text) => bytesToHex(sha256(utf8ToBytes(text))),
  }
}
