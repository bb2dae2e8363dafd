// Many records at once. A browser's database charges by the request, not by the byte: one that
// gives a whole span of keys costs little more than one that gives a single record.
import type { LocalDatabase } from './schema.ts'
import type { OpRow, OpState, ViewRow } from './tables.ts'

/** Up to here a request per record is as cheap. */
const FEW = 16
/** A span is read whole where at most so many times as many records may lie in it as are asked. */
const SPARSE = 4

/** Ops in any of these states, in the order of their numbers. */
export async function opsIn(db: LocalDatabase, ...states: OpState[]): Promise<OpRow[]> {
  // One request a state: over several keys an index is walked record by record.
  const found = await Promise.all(
    states.map((state) => db.op.where('state').equals(state).toArray()),
  )
  return found.flat().sort((a, b) => a.n - b.n)
}

/** The ops of these numbers, each in its place. */
export async function opsOf(
  db: LocalDatabase,
  numbers: readonly number[],
): Promise<(OpRow | undefined)[]> {
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)]
  const isDense = numbers.length > FEW && last - first < numbers.length * SPARSE
  if (!isDense) return db.op.bulkGet([...numbers])
  const span = await db.op.where('n').between(first, last, true, true).toArray()
  const byNumber = new Map(span.map((row) => [row.n, row]))
  return numbers.map((n) => byNumber.get(n))
}

/** Views by id. There are only as many as there are records with unsent work. */
export async function viewsOf(
  db: LocalDatabase,
  ids: readonly string[],
): Promise<Map<string, ViewRow>> {
  const isMost = ids.length > FEW && (await db.view.count()) < ids.length * SPARSE
  const found = isMost ? await db.view.toArray() : await db.view.bulkGet([...ids])
  return new Map(found.flatMap((view) => (view ? [[view.id, view]] : [])))
}

/** Deletes views, those that lie side by side in one go. */
export async function dropViews(db: LocalDatabase, ids: readonly string[]): Promise<void> {
  if (ids.length <= FEW) return db.view.bulkDelete([...ids])
  const going = new Set(ids)
  const runs: [first: string, last: string][] = []
  let run: [string, string] | null = null
  for (const id of await db.view.toCollection().primaryKeys()) {
    if (!going.has(id)) run = null
    else if (run) run[1] = id
    else runs.push((run = [id, id]))
  }
  await Promise.all(
    runs.map(([first, last]) => db.view.where('id').between(first, last, true, true).delete()),
  )
}
