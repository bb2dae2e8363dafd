import type { NameKey } from './customer.ts'

// How a name is found by its sound. The table of readings is large and differs by side (the server
// has it loaded, the tablet fetches it when needed), so the syllables are passed in; what is made
// of them is the same everywhere.
const HAN = /\p{Script=Han}/u

/** True when a name needs a table of readings. */
export function hasHan(name: string): boolean {
  return HAN.test(name)
}

/** How both sides read names: the first characters as a surname (单 is shan), ü as v. */
export const READING = {
  toneType: 'none',
  type: 'array',
  surname: 'head',
  nonZh: 'removed',
  v: true,
} as const

/** The key of a name with Han characters, by its syllables in order. */
export function keyOfSyllables(syllables: readonly string[]): NameKey {
  return {
    pinyin: syllables.join('').toLowerCase(),
    initials: syllables
      .map((syllable) => syllable.charAt(0))
      .join('')
      .toLowerCase(),
  }
}

/** The key of a name in any other script: the initials of its words. */
export function keyOfWords(name: string): NameKey {
  const words = name
    .normalize('NFKC')
    .toLowerCase()
    .split(/[\s'’-]+/)
  return { pinyin: '', initials: words.map((word) => word.charAt(0)).join('') }
}
