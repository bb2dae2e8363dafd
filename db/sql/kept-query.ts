import { sql } from 'drizzle-orm'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'

// Building a statement costs more than SQLite takes to answer it, and a push asks a dozen. So what
// is asked all the time is built once per handle, and asked again with other values.

/**
 * What a kept query is asked with: texts and numbers, which every column keeps as they are. Several
 * texts travel as one value, see `among`.
 */
type Values = Record<string, string | number | readonly string[]>

interface Kept<R> {
  execute(values: Record<string, unknown>): PromiseLike<R>
}

/** A query as the builder makes it: it can be awaited as it is, or kept. */
interface Buildable<R> extends PromiseLike<R> {
  prepare(): Kept<R>
}

/** The builder takes a placeholder wherever it takes a value; its types say so only in places. */
function placeholders<V extends Values>(values: V): V {
  const names = Object.keys(values).map((name) => [name, sql.placeholder(name)])
  return Object.fromEntries(names) as V
}

function encoded(values: Values): Record<string, unknown> {
  const entries = Object.entries(values)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? JSON.stringify(value) : value]),
  )
}

/**
 * A query of one shape. `build` must put every value where a parameter may stand, and decide
 * nothing by it: on SQLite it sees placeholders. PostgreSQL's handles live for a transaction, so
 * there is nothing to keep there.
 */
export function keptQuery<V extends Values, R>(
  build: (ledger: Ledger, db: Db, values: V) => Buildable<R>,
): (ledger: Ledger, db: Db, values: V) => PromiseLike<R> {
  const kept = new WeakMap<Db, Kept<R>>()
  return (ledger, db, values) => {
    if (ledger.dialect !== 'sqlite') return build(ledger, db, values)
    let query = kept.get(db)
    if (!query) kept.set(db, (query = build(ledger, db, placeholders(values)).prepare()))
    return query.execute(encoded(values))
  }
}
