import { type LookupEntry, matcherOf, type Query } from '#model/search-text.ts'
import type { PackedEntry } from './entry.ts'

/** What a matcher gives when a whole field equals the query. */
const WHOLE_FIELD = 6

/** The best `limit` entries seen so far: by score, then by who was seen last. */
class Ranking {
  readonly #limit: number
  readonly #kept: { entry: LookupEntry; score: number; at: number }[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  add(entry: LookupEntry, score: number): void {
    const at = entry.last_at ?? -Infinity
    const worst = this.#kept.at(-1)
    const isFull = this.#kept.length >= this.#limit
    if (isFull && worst && (score < worst.score || (score === worst.score && at <= worst.at)))
      return
    let place = this.#kept.length
    for (; place > 0; place -= 1) {
      const above = this.#kept[place - 1]
      if (!above || above.score > score || (above.score === score && above.at >= at)) break
    }
    this.#kept.splice(place, 0, { entry, score, at })
    if (isFull) this.#kept.pop()
  }

  entries(): LookupEntry[] {
    return this.#kept.map(({ entry }) => entry)
  }
}

/**
 * Entries side by side with their packed texts; a query is one pass over the texts. 50,000 of them
 * take a few milliseconds, which a cleverer index would not repay in memory and start-up.
 */
export class LookupIndex {
  readonly #texts: string[] = []
  readonly #digits: string[] = []
  readonly #entries: LookupEntry[] = []
  readonly #slots = new Map<string, number>()

  get size(): number {
    return this.#entries.length
  }

  get(id: string): LookupEntry | undefined {
    const slot = this.#slots.get(id)
    return slot === undefined ? undefined : this.#entries[slot]
  }

  packed(id: string): PackedEntry | undefined {
    const slot = this.#slots.get(id) ?? -1
    const [entry, text, digits] = [this.#entries[slot], this.#texts[slot], this.#digits[slot]]
    return entry && text !== undefined && digits !== undefined ? { entry, text, digits } : undefined
  }

  put({ entry, text, digits }: PackedEntry): void {
    const slot = this.#slots.get(entry.id) ?? this.#entries.length
    this.#slots.set(entry.id, slot)
    this.#entries[slot] = entry
    this.#texts[slot] = text
    this.#digits[slot] = digits
  }

  /** The last entry moves to the free slot, so that the arrays have no holes. */
  remove(id: string): void {
    const slot = this.#slots.get(id)
    if (slot === undefined) return
    const last = this.#entries.at(-1)
    const packed = last && this.packed(last.id)
    this.#entries.pop()
    this.#texts.pop()
    this.#digits.pop()
    this.#slots.delete(id)
    if (!packed || packed.entry.id === id) return
    this.#entries[slot] = packed.entry
    this.#texts[slot] = packed.text
    this.#digits[slot] = packed.digits
    this.#slots.set(packed.entry.id, slot)
  }

  setLast(id: string, lastAt: number | null): void {
    const slot = this.#slots.get(id)
    const entry = slot === undefined ? undefined : this.#entries[slot]
    if (slot !== undefined && entry) this.#entries[slot] = { ...entry, last_at: lastAt }
  }

  search(query: Query, limit: number): LookupEntry[] {
    return this.#scan(query, limit, (_entry, score) => score)
  }

  /** Entries with a field that is the query's text itself, as `accept` has it. */
  equals(query: Query, limit: number, accept: (entry: LookupEntry) => boolean): LookupEntry[] {
    return this.#scan(query, limit, (entry, score) =>
      score === WHOLE_FIELD && accept(entry) ? score : 0,
    )
  }

  #scan(query: Query, limit: number, rate: (entry: LookupEntry, score: number) => number) {
    const ranking = new Ranking(limit)
    const scoreOf = matcherOf(query)
    const texts = query.digitsOnly ? this.#digits : this.#texts
    const { length } = texts
    for (let slot = 0; slot < length; slot += 1) {
      const score = scoreOf(texts[slot] ?? '')
      if (score === 0) continue
      const entry = this.#entries[slot]
      const rated = entry ? rate(entry, score) : 0
      if (entry && rated > 0) ranking.add(entry, rated)
    }
    return ranking.entries()
  }
}
