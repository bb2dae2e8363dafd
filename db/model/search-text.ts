import { digitsOf } from './phone.ts'

/** What the look-up list shows of a customer, and what it is found by; kept in memory. */
export interface LookupEntry {
  id: string
  home_store_id: string
  name: string
  pinyin: string
  initials: string
  phone: string | null
  phone_alt: string | null
  card: string | null
  tier: string | null
  last_at: number | null
  /** The record that stands for the person; absent for nearly everybody. */
  merged_into?: string
}

const SEPARATOR = '\u0001'

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, '')
}

/** A number printed in groups is found however it is typed, as a query drops its dashes, too. */
function cardText(card: string): string {
  const text = fold(card)
  return /^[\d-]+$/.test(text) ? text.replace(/-/g, '') : text
}

/** One packed string per customer; a linear scan over these is the whole search. */
export function searchText(entry: Omit<LookupEntry, 'last_at' | 'tier' | 'merged_into'>): string {
  return [
    '',
    fold(entry.name),
    entry.pinyin,
    entry.initials,
    digitsOf(entry.phone ?? ''),
    digitsOf(entry.phone_alt ?? ''),
    cardText(entry.card ?? ''),
    '',
  ].join(SEPARATOR)
}

export interface Query {
  text: string
  digitsOnly: boolean
}

/** A query worth running, or null: two digits or one letter at least. */
export function parseQuery(input: string): Query | null {
  const text = fold(input).replace(/^\+/, '')
  const digitsOnly = /^[\d-]+$/.test(text)
  const clean = digitsOnly ? text.replace(/-/g, '') : text
  if (clean.length < (digitsOnly ? 2 : 1)) return null
  return { text: clean, digitsOnly }
}

/**
 * How well packed strings answer one query: exact tail of a phone, prefix of a phone or card,
 * prefix of name, initials, then anywhere. 0 is no answer. Made once for a scan over many.
 */
export function matcherOf({ text, digitsOnly }: Query): (packed: string) => number {
  const [head, tail] = [SEPARATOR + text, text + SEPARATOR]
  const whole = head + SEPARATOR
  const anywhere = text.length >= 4 ? 1 : 0
  if (!digitsOnly)
    return (packed) => {
      if (!packed.includes(text)) return 0
      return packed.includes(whole) ? 6 : packed.includes(head) ? 3 : 1
    }
  return (packed) => {
    if (!packed.includes(text)) return 0
    if (packed.includes(tail)) return packed.includes(whole) ? 6 : 5
    return packed.includes(head) ? 4 : anywhere
  }
}

/** How well one packed string answers; see `matcherOf`. */
export function scoreMatch(packed: string, query: Query): number {
  return matcherOf(query)(packed)
}
