import type { NameKey } from '#model/customer.ts'
import { hasHan, keyOfSyllables, keyOfWords, READING } from '#model/name-key.ts'

/**
 * The key of a name written on this tablet, so that it is found before the server has seen it. The
 * table of readings is large and is fetched only for names with Han characters; without it the
 * name is found by its characters until the server's row arrives.
 */
export async function readNameKey(name: string): Promise<NameKey> {
  if (!hasHan(name)) return keyOfWords(name)
  try {
    const { pinyin } = await import('pinyin-pro')
    return keyOfSyllables(pinyin(name, READING))
  } catch {
    return { pinyin: '', initials: '' } // The server reads every name itself.
  }
}
