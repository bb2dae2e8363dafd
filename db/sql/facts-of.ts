import { and, eq, inArray } from 'drizzle-orm'
import type { CustomerFacts } from '#model/fold.ts'
import { homeSpans } from '#model/homes.ts'
import { holderOn, kinOf, mergedDays } from '#model/merge.ts'
import type { HistoryRow } from '#model/visit.ts'
import type { CustomerColumns } from './forwards.ts'
import type { Ledger } from './ledger.ts'
import { historyOfColumns } from './load-customers.ts'
import { readOrg } from './reports.ts'
import { among, selectByKeys } from './rows.ts'

// The facts of some people of a book, as the figures are folded from them, read without a lock.
// Whoever moved on since is followed, and records that were one person are read together.

type Life = Pick<CustomerColumns, 'id' | 'store_id' | 'homes' | 'merges' | 'absorbed' | 'erased_on'>

/** Somebody and a store where they live, or once did. */
interface Sought {
  id: string
  home: string
}

function livesAt(ledger: Ledger, homes: readonly string[], ids: readonly string[]) {
  const { id, store_id, homes: former, merges, absorbed, erased_on } = ledger.t.customer
  return selectByKeys(ids, (slice): PromiseLike<Life[]> =>
    ledger.db
      .select({ id, store_id, homes: former, merges, absorbed, erased_on })
      .from(ledger.t.customer)
      .where(and(among(store_id, homes), among(id, slice))),
  )
}

/** Where those people were said to have moved to. */
async function movedTo(ledger: Ledger, ids: readonly string[]): Promise<string[]> {
  const { customer_id, to_store_id } = ledger.t.customerForward
  const rows = await selectByKeys(ids, (slice) =>
    ledger.db
      .selectDistinct({ to: to_store_id })
      .from(ledger.t.customerForward)
      .where(inArray(customer_id, slice)),
  )
  return [...new Set(rows.flatMap(({ to }) => (to === null ? [] : [to])))].sort()
}

/**
 * People by id, wherever they live now. Whoever was erased after a move has no forwarding row: only
 * those few are looked for in every store.
 */
async function findLives(
  ledger: Ledger,
  sought: readonly Sought[],
  lives: Map<string, Life>,
): Promise<void> {
  const missing = () => sought.map(({ id }) => id).filter((id) => !lives.has(id))
  const note = (found: readonly Life[]) => found.forEach((life) => lives.set(life.id, life))
  for (const [home, people] of Map.groupBy(sought, (one) => one.home))
    note(await livesAt(ledger, [home], [...new Set(people.map(({ id }) => id))].sort()))
  const moved = missing()
  if (moved.length > 0) note(await livesAt(ledger, await movedTo(ledger, moved), moved))
  const { stores } = await readOrg(ledger)
  const left = missing()
  if (left.length > 0)
    note(
      await livesAt(
        ledger,
        stores.map(({ id }) => id),
        left,
      ),
    )
}

async function historiesOf(ledger: Ledger, lives: ReadonlyMap<string, Life>) {
  const { history } = ledger.t
  const rows: HistoryRow[] = []
  for (const [home, people] of Map.groupBy(lives.values(), (life) => life.store_id)) {
    const ids = people.map(({ id }) => id).sort()
    const found = await selectByKeys(ids, (slice) =>
      ledger.db
        .select()
        .from(history)
        .where(and(eq(history.store_id, home), among(history.customer_id, slice))),
    )
    rows.push(...found.map(historyOfColumns))
  }
  return rows
}

/**
 * What is known of people who live or lived in a store, by id: their visits, homes, merges and
 * erasure, but not their tags. Somebody who is nowhere is left out.
 */
export async function factsOf(
  ledger: Ledger,
  storeId: string,
  ids: readonly string[],
): Promise<Map<string, CustomerFacts>> {
  const lives = new Map<string, Life>()
  let sought: Sought[] = ids.map((id) => ({ id, home: storeId }))
  while (sought.length > 0) {
    await findLives(ledger, sought, lives)
    const known = new Set(sought.map(({ id }) => id))
    sought = [...lives.values()]
      .flatMap((life) => kinOf(life))
      .filter(({ id }) => !lives.has(id) && !known.has(id))
  }
  const mergesOf = (id: string) => lives.get(id)?.merges ?? null
  const held = Map.groupBy(await historiesOf(ledger, lives), ({ customer_id, day }) =>
    holderOn(customer_id, day, mergesOf),
  )
  return new Map(
    ids.flatMap((id): [string, CustomerFacts][] => {
      const life = lives.get(id)
      if (!life) return []
      const homes = homeSpans({ home_store_id: life.store_id, homes: life.homes })
      const { erased_on } = life
      const history = held.get(id) ?? []
      return [[id, { history, tagged: [], homes, merged: mergedDays(life), erased_on }]]
    }),
  )
}
