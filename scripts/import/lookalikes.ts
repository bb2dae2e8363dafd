import { digitsOf } from '#model/phone.ts'

export interface Lookalike {
  reason: 'same-name-and-phone' | 'same-phone' | 'alike'
  row: number
}

interface Person {
  name: string
  phone: string | null
  /** The source's own groups of columns that tell people apart, joined. */
  alike: readonly string[]
}

/** Finds rows that may be one person. They are reported and imported: merging is a person's act. */
export class Lookalikes {
  readonly #rows = new Map<string, number>()

  /** The earlier row that this one resembles most, or null. */
  find(person: Person, row: number): Lookalike | null {
    const name = person.name.normalize('NFKC').toLowerCase().replace(/\s+/g, '')
    const phone = person.phone === null ? null : digitsOf(person.phone)
    const keys: [Lookalike['reason'], string][] = []
    if (phone !== null)
      keys.push(['same-name-and-phone', `b ${phone} ${name}`], ['same-phone', `p ${phone}`])
    for (const [index, text] of person.alike.entries())
      if (text !== '') keys.push(['alike', `a${index} ${text}`])
    const found = keys.flatMap(([reason, key]) => {
      const earlier = this.#rows.get(key)
      return earlier === undefined ? [] : [{ reason, row: earlier }]
    })
    for (const [, key] of keys) if (!this.#rows.has(key)) this.#rows.set(key, row)
    return found[0] ?? null
  }
}
