import type Database from 'better-sqlite3'

/** Statements that one connection keeps; those used longest ago are let go. */
export const STATEMENTS_MAX = 300

const keptOf = new WeakMap<Database.Database, Map<string, Database.Statement>>()

/**
 * The statement of a text, prepared once per connection: the query builder asks for it at every
 * call. A statement must not be stepped through while others use it, so nothing iterates.
 */
export function preparedOn(connection: Database.Database, text: string): Database.Statement {
  let kept = keptOf.get(connection)
  if (!kept) keptOf.set(connection, (kept = new Map<string, Database.Statement>()))
  const known = kept.get(text)
  kept.delete(text) // A map is in the order of insertion, so the oldest stands first.
  const statement = known ?? connection.prepare(text)
  // The builder switches rows to arrays and does not switch back.
  if (known?.reader) known.raw(false)
  kept.set(text, statement)
  const [oldest] = kept.keys()
  if (kept.size > STATEMENTS_MAX && oldest !== undefined) kept.delete(oldest)
  return statement
}

/**
 * A statement of whatever connection is the present one, so that a query which is kept outlives a
 * connection. It does what the query builder asks of a statement.
 */
export class FollowedStatement {
  readonly #present: () => Database.Database
  readonly #text: string
  #isRaw = false

  constructor(present: () => Database.Database, text: string) {
    this.#present = present
    this.#text = text
  }

  raw(): this {
    this.#isRaw = true
    return this
  }

  run(...values: unknown[]): Database.RunResult {
    return preparedOn(this.#present(), this.#text).run(...values)
  }

  all(...values: unknown[]): unknown[] {
    return this.#statement().all(...values)
  }

  get(...values: unknown[]): unknown {
    return this.#statement().get(...values)
  }

  #statement(): Database.Statement {
    const statement = preparedOn(this.#present(), this.#text)
    return this.#isRaw ? statement.raw() : statement
  }
}
