import type { FigureTable } from '#model/figures.ts'
import type { Db } from './engine.ts'
import { keptQuery } from './kept-query.ts'
import type { Ledger } from './ledger.ts'
import { addRows, among } from './rows.ts'

// Whether rollups that were read before still stand. Each day and month of them has a number that
// is counted up in the very transaction that changes a row of it, so whoever finds the number that
// they read before has the figures that are in the ledger now.

/** A day (`d`) or a month (`m`, its first day) of the rollups. */
export function versionKey(table: FigureTable, day: number): string {
  return `${table}:${day}`
}

const selectVersions = keptQuery(
  ({ t: { figuresState } }, db, { ids }: { ids: readonly string[] }) =>
    db.select().from(figuresState).where(among(figuresState.id, ids)),
)

/** The numbers of some days and months; those that were never counted up are absent. */
export async function readVersions(
  ledger: Ledger,
  ids: readonly string[],
  db = ledger.db,
): Promise<Map<string, number>> {
  const rows = ids.length === 0 ? [] : await selectVersions(ledger, db, { ids })
  return new Map(rows.map(({ id, version }) => [id, version]))
}

/**
 * Counts up every day and month of which the same transaction writes a rollup, by one. Gives what
 * they came to.
 */
export async function countUp(
  ledger: Ledger,
  db: Db,
  changed: Iterable<string>,
): Promise<Map<string, number>> {
  const ids = [...new Set(changed)].sort()
  const rows = ids.map((id) => ({ id, version: 1 }))
  await addRows(db, ledger.t.figuresState, ['id'], rows)
  return readVersions(ledger, ids, db)
}
