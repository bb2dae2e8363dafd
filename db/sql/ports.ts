import { createHash } from 'node:crypto'
import { pinyin } from 'pinyin-pro'
import { v7 } from 'uuid'
import type { NameKey } from '#model/customer.ts'
import { hasHan, keyOfSyllables, keyOfWords, READING } from '#model/name-key.ts'
import type { Sha256 } from '#model/op.ts'

/** What the ledger takes from outside: hashing, the reading of names, new ids. */
export interface Ports {
  sha256: Sha256
  readName(name: string): NameKey
  uuid(): string
}

/** Pinyin of a name and its initials; names in other scripts have initials only. */
export function readName(name: string): NameKey {
  return hasHan(name) ? keyOfSyllables(pinyin(name, READING)) : keyOfWords(name)
}

export const nodePorts: Ports = {
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  readName,
  uuid: () => v7(),
}
