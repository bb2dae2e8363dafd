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

const BLOCK_BITS = 8
const BLOCK = 1 << BLOCK_BITS
/** No query holds white space, so no match reaches from one text into the next. */
const BETWEEN = '\n'

/** The packed texts of neighbouring slots as one string, and where each of them begins. */
interface Block {
  joined: string
  starts: Int32Array
}

function joinBlock(texts: readonly string[]): Block {
  const starts = new Int32Array(texts.length + 1)
  texts.forEach((text, place) => {
    starts[place + 1] = (starts[place] ?? 0) + text.length + BETWEEN.length
  })
  return { joined: texts.join(BETWEEN), starts }
}

/** Texts by slot, searched by blocks: one `indexOf` passes over hundreds of texts at once. */
class Texts {
  readonly #texts: string[] = []
  /** Made when a query needs them; a text that changes takes its block with it. */
  readonly #blocks: (Block | undefined)[] = []

  at(slot: number): string | undefined {
    return this.#texts[slot]
  }

  set(slot: number, text: string): void {
    this.#texts[slot] = text
    this.#blocks[slot >> BLOCK_BITS] = undefined
  }

  pop(): void {
    this.#texts.pop()
    this.#blocks[this.#texts.length >> BLOCK_BITS] = undefined
  }

  /** Calls with every slot whose text contains `part`, in order. */
  each(part: string, call: (slot: number, text: string) => void): void {
    for (let first = 0; first < this.#texts.length; first += BLOCK) {
      const { joined, starts } = this.#block(first)
      let place = 0
      for (let hit = joined.indexOf(part); hit >= 0;) {
        while ((starts[place + 1] ?? Infinity) <= hit) place += 1
        call(first + place, this.#texts[first + place] ?? '')
        hit = joined.indexOf(part, starts[place + 1])
      }
    }
  }

  #block(first: number): Block {
    return (this.#blocks[first >> BLOCK_BITS] ??= joinBlock(
      this.#texts.slice(first, first + BLOCK),
    ))
  }
}

/** Entries side by side with their packed texts; a query is one pass over the texts. */
export class LookupIndex {
  readonly #texts = new Texts()
  readonly #digits = new Texts()
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
    const [text, digits] = [this.#texts.at(slot), this.#digits.at(slot)]
    const entry = this.#entries[slot]
    return entry && text !== undefined && digits !== undefined ? { entry, text, digits } : undefined
  }

  put({ entry, text, digits }: PackedEntry): void {
    const slot = this.#slots.get(entry.id) ?? this.#entries.length
    this.#slots.set(entry.id, slot)
    this.#entries[slot] = entry
    this.#texts.set(slot, text)
    this.#digits.set(slot, digits)
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
    this.#texts.set(slot, packed.text)
    this.#digits.set(slot, packed.digits)
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
    texts.each(query.text, (slot, text) => {
      const score = scoreOf(text)
      if (score === 0) return
      const entry = this.#entries[slot]
      const rated = entry ? rate(entry, score) : 0
      if (entry && rated > 0) ranking.add(entry, rated)
    })
    return this.#people(ranking.entries())
  }

  /** Whoever is found by a record that is part of another is shown as that one, and once. */
  #people(found: readonly LookupEntry[]): LookupEntry[] {
    const people = found.map((entry) => this.#person(entry))
    return people.every((entry, index) => entry === found[index]) ? people : [...new Set(people)]
  }

  #person(entry: LookupEntry): LookupEntry {
    const into = entry.merged_into === undefined ? undefined : this.get(entry.merged_into)
    return into ? this.#person(into) : entry
  }
}
