import { asc, count } from 'drizzle-orm'
import type { Difference } from './difference.ts'
import type { Ledger } from './ledger.ts'
import { type Facts, recountBooks } from './rebuild-books.ts'
import { checkHistories } from './rebuild-history.ts'
import { readPeople } from './rebuild-people.ts'
import { recountRollups } from './rebuild-rollups.ts'
import type { StoreColumns } from './reports.ts'
import { rollUp } from './rollup.ts'

// Recomputes history and figures from the facts alone, with the same folds, and compares them to
// what was kept by difference. There must be no difference; one is a bug, and is reported. A large
// chain does not fit into memory: histories are recounted store by store, figures by some books at
// a time, rollups month by month.

/** Visits and history rows that are held at once; each makes some ten figures. */
const ROWS_AT_ONCE = 50_000
/** Differences that are given back: a chain that is counted for the first time has millions. */
export const DIFFERENCES_MAX = 10_000

export interface RebuildOptions {
  /** Writes the recounted figures where they differ. */
  write: boolean
  /** Is told of every difference, however many there are. */
  found?: (difference: Difference) => void
  rowsAtOnce?: number
}

/** Stores in groups whose facts fit into memory; one that is too large stands alone. */
async function groupsOf(
  ledger: Ledger,
  stores: readonly StoreColumns[],
  rowsAtOnce: number,
): Promise<StoreColumns[][]> {
  const { visit, history } = ledger.t
  const rows = new Map<string, number>()
  for (const table of [visit, history]) {
    const counts = await ledger.db
      .select({ id: table.store_id, rows: count() })
      .from(table)
      .groupBy(table.store_id)
    for (const one of counts) rows.set(one.id, (rows.get(one.id) ?? 0) + one.rows)
  }
  const groups: StoreColumns[][] = []
  let size = Infinity
  for (const store of stores) {
    const own = rows.get(store.id) ?? 0
    if (size + own > rowsAtOnce) {
      groups.push([])
      size = 0
    }
    groups.at(-1)?.push(store)
    size += own
  }
  return groups
}

async function readFacts(ledger: Ledger, stores: readonly StoreColumns[]) {
  const { tag } = ledger.t
  const tags = await ledger.db.select({ id: tag.id, group: tag.group_id }).from(tag)
  return {
    ledger,
    stores: new Map(stores.map((store) => [store.id, store])),
    groupOfTag: new Map(tags.map(({ id, group }) => [id, group])),
    people: await readPeople(ledger),
  }
}

/**
 * The differences between the kept figures and a recount, at most 10,000 of them; only an empty
 * list is good.
 */
export async function rebuild(
  ledger: Ledger,
  { write, found, rowsAtOnce = ROWS_AT_ONCE }: RebuildOptions,
): Promise<Difference[]> {
  while ((await rollUp(ledger)) > 0);
  const differences: Difference[] = []
  const note = (difference: Difference) => {
    found?.(difference)
    if (differences.length < DIFFERENCES_MAX) differences.push(difference)
  }
  const { store } = ledger.t
  const stores = await ledger.db.select().from(store).orderBy(asc(store.id))
  const read = await readFacts(ledger, stores)
  const facts: Facts = {
    ...read,
    corrections: await checkHistories(ledger, stores, read.people, write, note),
  }
  for (const group of await groupsOf(ledger, stores, rowsAtOnce))
    await recountBooks(facts, group, write, note)
  await recountRollups(ledger, write, note)
  return differences
}
