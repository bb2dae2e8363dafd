import { NO_SUMS, type ScopeSums } from '#model/metrics.ts'
import { type Column, NONE } from './column-memory.ts'
import type { FigureColumns } from './figure-columns.ts'

// From columns of figures to the sums of each scope.

export type ByScope = ReadonlyMap<string, Readonly<ScopeSums>>

/** The sums of scopes by their numbers, while they are put together. */
export class SumsByNumber {
  readonly #columns: FigureColumns
  readonly #sums: (ScopeSums | undefined)[] = []

  constructor(columns: FigureColumns) {
    this.#columns = columns
  }

  add(field: keyof ScopeSums, column: Column = NONE): void {
    for (let number = 0; number < column.length; number += 1) {
      const value = column[number] ?? NaN
      if (Number.isNaN(value)) continue
      const sums = (this.#sums[number] ??= { ...NO_SUMS })
      sums[field] += value
    }
  }

  byScope(): Map<string, ScopeSums> {
    const all = new Map<string, ScopeSums>()
    const { scopes } = this.#columns
    for (const [number, sums] of this.#sums.entries()) {
      const scope = scopes[number]
      if (sums && scope !== undefined) all.set(scope, sums)
    }
    return all
  }
}

const FIELDS = Object.keys(NO_SUMS) as (keyof ScopeSums)[] // It has exactly these.

/** The sums as they are now; where those of a scope are what they were, the very same object. */
export function withSame(now: ByScope, before: ByScope | undefined): ByScope {
  if (!before) return now
  const same = new Map(now)
  for (const [scope, sums] of now) {
    const was = before.get(scope)
    if (was && FIELDS.every((field) => was[field] === sums[field])) same.set(scope, was)
  }
  return same
}
