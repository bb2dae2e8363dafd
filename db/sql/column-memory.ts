// What a ledger's rollups were when they were read last, by column, in memory.
import type { FigureTable } from '#model/figures.ts'
import { versionKey } from './figure-versions.ts'
import type { Ledger } from './ledger.ts'

/** Values by the number of their scope; NaN where there is no row. */
export type Column = Float64Array

/** A column without a row. */
export const NONE: Column = new Float64Array(0)
/** Values of all columns that are kept; 8 bytes each. */
const VALUES_MAX = 8_000_000
/** What a column takes besides its values, counted in values. */
const COLUMN_OVERHEAD = 50
/** Lists of scopes that are remembered: most columns have rows of the very same ones. */
const LISTS_MAX = 64

interface KeptColumn {
  /** Which day or month of the rollups it is of, by its `versionKey`. */
  of: string
  metric: string
  version: number
  /** Whether it is of that version and no later one. */
  isExact: boolean
  values: Column
}

/** A figure of a scope that grew by `value`. */
export interface Growth {
  scope: string
  metric: string
  value: number
}

interface ScopeList {
  text: string
  numbers: Int32Array
}

/** Names a column: one metric of one day or month. */
export function columnKey(table: FigureTable, day: number, metric: string): string {
  return keyOf(versionKey(table, day), metric)
}

function keyOf(of: string, metric: string): string {
  return `${of}|${metric}`
}

/** What one ledger's columns were when they were read last; those used longest ago go first. */
export class ColumnMemory {
  readonly scopes: string[] = []
  readonly #numbers = new Map<string, number>()
  readonly #kept = new Map<string, KeptColumn>()
  #lists: ScopeList[] = []
  #size = 0

  numberOf(scope: string): number | undefined {
    return this.#numbers.get(scope)
  }

  find(of: string, metric: string, version: number): Column | null {
    const key = keyOf(of, metric)
    const kept = this.#kept.get(key)
    if (kept?.version !== version) return null
    this.#kept.delete(key) // A map is in the order of insertion, so the oldest stands first.
    this.#kept.set(key, kept)
    return kept.values
  }

  keep(column: KeptColumn): void {
    const key = keyOf(column.of, column.metric)
    this.#drop(key)
    this.#kept.set(key, column)
    this.#size += column.values.length + COLUMN_OVERHEAD
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= VALUES_MAX || oldest === key) break
      this.#drop(oldest)
    }
  }

  /**
   * A transaction counted some days and months up to `versions`, each by one, and what their
   * figures grew by is all that it did to them: columns of just before it are grown, not read
   * anew. Whoever holds a column of before keeps it as it was.
   */
  grow(versions: ReadonlyMap<string, number>, growths: ReadonlyMap<string, readonly Growth[]>) {
    for (const kept of this.#kept.values()) {
      const version = versions.get(kept.of)
      if (version === undefined || kept.version !== version - 1 || !kept.isExact) continue
      kept.version = version
      const own = (growths.get(kept.of) ?? []).filter(({ metric }) => metric === kept.metric)
      if (own.length === 0) continue
      this.#size -= kept.values.length
      kept.values = this.#grown(kept.values, own)
      this.#size += kept.values.length
    }
  }

  #grown(values: Column, growths: readonly Growth[]): Column {
    const numbered = growths.map(({ scope, value }) => [this.#enrol(scope), value] as const)
    const grown = new Float64Array(this.scopes.length).fill(NaN)
    grown.set(values)
    for (const [number, value] of numbered) {
      const known = grown[number] ?? NaN
      grown[number] = Number.isNaN(known) ? value : known + value
    }
    return grown
  }

  /** A column as the engine packed it: scopes and values in the same order, with commas. */
  unpack(scopes: string, packed: string): Column {
    const numbers = this.#numbersOf(scopes)
    const column = new Float64Array(this.scopes.length).fill(NaN)
    const values = packed.split(',')
    for (let at = 0; at < numbers.length; at += 1) column[numbers[at] ?? 0] = Number(values[at])
    return column
  }

  #drop(key: string): void {
    const kept = this.#kept.get(key)
    if (!kept) return
    this.#kept.delete(key)
    this.#size -= kept.values.length + COLUMN_OVERHEAD
  }

  #numbersOf(text: string): Int32Array {
    const known = this.#lists.find((list) => list.text === text)
    const list = known ?? {
      text,
      numbers: Int32Array.from(text.split(','), (scope) => this.#enrol(scope)),
    }
    if (list !== this.#lists[0])
      this.#lists = [list, ...this.#lists.filter((one) => one !== list)].slice(0, LISTS_MAX)
    return list.numbers
  }

  #enrol(scope: string): number {
    const known = this.#numbers.get(scope)
    if (known !== undefined) return known
    this.#numbers.set(scope, this.scopes.length)
    return this.scopes.push(scope) - 1
  }
}

const memories = new WeakMap<Ledger, ColumnMemory>()

export function memoryOf(ledger: Ledger): ColumnMemory {
  let memory = memories.get(ledger)
  if (!memory) memories.set(ledger, (memory = new ColumnMemory()))
  return memory
}
