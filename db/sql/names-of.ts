import { and, eq, inArray } from 'drizzle-orm'
import type { Ledger } from './ledger.ts'
import { selectByKeys } from './rows.ts'

/** Somebody who is or was at home in a store. */
export interface Placed {
  store_id: string
  customer_id: string
}

const HOPS_MAX = 5

/**
 * Names of customers by id, of those who are at home in `readable` stores now. Whoever moved is
 * followed from home to home; whoever was erased has no name.
 */
export async function namesOf(
  ledger: Ledger,
  people: readonly Placed[],
  readable: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const { customer, customerForward: forward } = ledger.t
  const names = new Map<string, string>()
  let wanted = Map.groupBy(people, (one) => one.store_id)
  for (let hop = 0; hop < HOPS_MAX && wanted.size > 0; hop += 1) {
    const next: Placed[] = []
    for (const [store, group] of wanted) {
      const ids = [...new Set(group.map((one) => one.customer_id))].filter((id) => !names.has(id))
      const found = await selectByKeys(ids, (slice) =>
        ledger.db
          .select({ id: customer.id, name: customer.name })
          .from(customer)
          .where(and(eq(customer.store_id, store), inArray(customer.id, slice))),
      )
      for (const { id, name } of found) if (name !== '') names.set(id, name)
      const here = new Set(found.map((row) => row.id))
      const gone = await selectByKeys(
        ids.filter((id) => !here.has(id)),
        (slice) =>
          ledger.db
            .select({ id: forward.customer_id, to: forward.to_store_id })
            .from(forward)
            .where(and(eq(forward.store_id, store), inArray(forward.customer_id, slice))),
      )
      for (const { id, to } of gone)
        if (to !== null && readable.has(to)) next.push({ store_id: to, customer_id: id })
    }
    wanted = Map.groupBy(next, (one) => one.store_id)
  }
  return names
}
