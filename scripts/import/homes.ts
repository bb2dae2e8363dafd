import { and, inArray } from 'drizzle-orm'
import type { Ledger } from '#sql/ledger.ts'
import type { Ids } from './ids.ts'

const LOOKUP_MAX = 500

/**
 * Where customers live, by their id in the source. Home is a fact of the ledger: a customer who is
 * there keeps it, whatever an import says.
 */
export class Homes {
  readonly #known = new Map<string, string | null>()
  readonly #ledger: Ledger | null
  readonly #ids: Ids
  readonly #storeIds: readonly string[]

  constructor(ledger: Ledger | null, ids: Ids, storeIds: readonly string[]) {
    this.#ledger = ledger
    this.#ids = ids
    this.#storeIds = storeIds
  }

  /** The store in whose book the customer is, or null when there is none. Ask `load` before. */
  of(externalId: string): string | null {
    return this.#known.get(externalId) ?? null
  }

  set(externalId: string, storeId: string): void {
    this.#known.set(externalId, storeId)
  }

  /** Looks up the customers that are not known yet. */
  async load(externalIds: readonly string[]): Promise<void> {
    const asked = [...new Set(externalIds)].filter((id) => id !== '' && !this.#known.has(id))
    for (let at = 0; at < asked.length; at += LOOKUP_MAX)
      await this.#lookUp(asked.slice(at, at + LOOKUP_MAX))
  }

  async #lookUp(externalIds: readonly string[]): Promise<void> {
    const byRecord = new Map(externalIds.map((id) => [this.#ids.record('customer', id), id]))
    for (const id of externalIds) this.#known.set(id, null)
    if (!this.#ledger || this.#storeIds.length === 0) return
    const { customer } = this.#ledger.t
    const found = await this.#ledger.db
      .select({ store_id: customer.store_id, id: customer.id })
      .from(customer)
      .where(
        and(
          inArray(customer.store_id, [...this.#storeIds]),
          inArray(customer.id, [...byRecord.keys()]),
        ),
      )
    for (const row of found) this.#known.set(byRecord.get(row.id) ?? '', row.store_id)
  }
}
