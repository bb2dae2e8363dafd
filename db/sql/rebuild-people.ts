import { holderOn } from '#model/merge.ts'
import type { Ledger } from './ledger.ts'

// Where everybody lives and lived, and whose days are whose: a visit only names the home that its
// tablet knew, and a record that was part of another one has its days there.

export type Life = Pick<
  Ledger['t']['customer']['$inferSelect'],
  'store_id' | 'homes' | 'merges' | 'erased_on'
>

type Ids = Map<string, Set<string>>

function add(all: Ids, key: string, id: string): void {
  const ids = all.get(key)
  if (ids) ids.add(id)
  else all.set(key, new Set([id]))
}

export class People {
  readonly #lives: ReadonlyMap<string, Life>
  /** By store: who lives there, or once did. */
  readonly #everAt: Ids = new Map()
  /** By record: the others whose days may be its own. */
  readonly #partsOf: Ids = new Map()

  constructor(lives: ReadonlyMap<string, Life>) {
    this.#lives = lives
    for (const [id, { store_id, homes, merges }] of lives) {
      add(this.#everAt, store_id, id)
      for (const home of homes ?? []) add(this.#everAt, home.store_id, id)
      if (merges) for (const holder of this.#holdersOf(id)) add(this.#partsOf, holder, id)
    }
  }

  get(id: string): Life | undefined {
    return this.#lives.get(id)
  }

  /** The store where a customer lives now; undefined for nobody. */
  homeOf(id: string): string | undefined {
    return this.#lives.get(id)?.store_id
  }

  /** Everybody who lives in one of some stores, or once did. */
  everAt(stores: Iterable<string>): Set<string> {
    const all = new Set<string>()
    for (const store of stores) for (const id of this.#everAt.get(store) ?? []) all.add(id)
    return all
  }

  /** A record and those whose days may be its own. */
  withParts(id: string): string[] {
    return [id, ...(this.#partsOf.get(id) ?? [])]
  }

  /** Whose a day of a record is. */
  holderOn(id: string, day: number): string {
    const holder = holderOn(id, day, (one) => this.#lives.get(one)?.merges ?? null)
    return this.#lives.has(holder) ? holder : id
  }

  /** Every record that one was ever part of, directly or through others. */
  #holdersOf(id: string): Set<string> {
    const known = new Set([id])
    for (const one of known)
      for (const { into } of this.#lives.get(one)?.merges ?? []) known.add(into)
    known.delete(id)
    return known
  }
}

export async function readPeople(ledger: Ledger): Promise<People> {
  const { id, store_id, homes, merges, erased_on } = ledger.t.customer
  const rows = await ledger.db
    .select({ id, store_id, homes, merges, erased_on })
    .from(ledger.t.customer)
  return new People(new Map(rows.map(({ id: one, ...life }) => [one, life])))
}
