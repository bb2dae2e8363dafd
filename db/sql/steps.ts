import { inArray, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { ScopeSums } from '#model/metrics.ts'

// Rows of neighbouring periods in one statement: they are grouped by the step they fall into.

/** Adds to a sum of a scope in a step. */
export type Put = (scope: string, step: number, field: keyof ScopeSums, value: number) => void

/**
 * Which step a day falls into. Bounds are numbers of ours, written out: two parameters are never
 * known to be equal, and rows could not be grouped by them.
 */
export function stepOf(column: SQLiteColumn, ends: readonly number[]): SQL<number> {
  const branches = ends.map((end, step) => sql.raw(`${Math.trunc(end)} then ${step}`))
  const tests = branches.map((branch) => sql`when ${column} < ${branch}`)
  return sql<number>`case ${sql.join(tests, sql` `)} end`.mapWith(Number)
}

/** Rows of some scopes; null: of all there are. */
export function within(column: SQLiteColumn, scopes: readonly string[] | null): SQL | undefined {
  return scopes === null ? undefined : inArray(column, [...scopes])
}
