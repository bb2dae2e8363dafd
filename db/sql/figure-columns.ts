import { and, eq, inArray } from 'drizzle-orm'
import { must } from '#model/assert.ts'
import type { FigureTable } from '#model/figures.ts'
import { readVersions, versionKey } from './figure-versions.ts'
import type { Ledger } from './ledger.ts'
import { chunksOf, packed } from './rows.ts'

// The rollups of all scopes at once, or of one alone, read by column: all values of one metric on
// one day or of one month. A row per figure is what reading them would cost, so the engine packs a
// column into one, and what was read of all stays in memory as long as its number in
// figure-versions.ts stands. The number is read first: a column may be newer than it, and is then
// read again, but never older.

/** Values by the number of their scope; NaN where there is no row. */
export type Column = Float64Array

/** A column without a row. */
export const NONE: Column = new Float64Array(0)
/** Values of all columns that are kept; 8 bytes each. */
const VALUES_MAX = 8_000_000
/** What a column takes besides its values, counted in values. */
const COLUMN_OVERHEAD = 50
/** Columns read by one statement. */
const COLUMNS_AT_ONCE = 256
/** Lists of scopes that are remembered: most columns have rows of the very same ones. */
const LISTS_MAX = 64

interface KeptColumn {
  version: number
  values: Column
}

interface ScopeList {
  text: string
  numbers: Int32Array
}

function keyOf(table: FigureTable, day: number, metric: string): string {
  return `${table}|${day}|${metric}`
}

/** What one ledger's columns were when they were read last; those used longest ago go first. */
class Memory {
  readonly scopes: string[] = []
  readonly #numbers = new Map<string, number>()
  readonly #kept = new Map<string, KeptColumn>()
  #lists: ScopeList[] = []
  #size = 0

  numberOf(scope: string): number | undefined {
    return this.#numbers.get(scope)
  }

  find(key: string, version: number): Column | null {
    const kept = this.#kept.get(key)
    if (kept?.version !== version) return null
    this.#kept.delete(key) // A map is in the order of insertion, so the oldest stands first.
    this.#kept.set(key, kept)
    return kept.values
  }

  keep(key: string, version: number, values: Column): void {
    this.#drop(key)
    this.#kept.set(key, { version, values })
    this.#size += values.length + COLUMN_OVERHEAD
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= VALUES_MAX || oldest === key) break
      this.#drop(oldest)
    }
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

const memories = new WeakMap<Ledger, Memory>()

function memoryOf(ledger: Ledger): Memory {
  let memory = memories.get(ledger)
  if (!memory) memories.set(ledger, (memory = new Memory()))
  return memory
}

/**
 * The columns that one report reads. Whatever it asks for more than once is the same both times.
 * Columns are loaded before they are asked for. Those of one scope alone are read each time: they
 * are a few numbers, and those of all scopes are many.
 */
export class FigureColumns {
  readonly #ledger: Ledger
  readonly #only: string | null
  readonly #memory: Memory
  readonly #versions = new Map<string, number>()
  readonly #found = new Map<string, Column>()

  constructor(ledger: Ledger, only: string | null = null) {
    this.#ledger = ledger
    this.#only = only
    this.#memory = only === null ? memoryOf(ledger) : new Memory()
  }

  /** Scopes by number, as far as any column told them. */
  get scopes(): readonly string[] {
    return this.#memory.scopes
  }

  /** The number of a scope; undefined for one without any figure. */
  numberOf(scope: string): number | undefined {
    return this.#memory.numberOf(scope)
  }

  /** The numbers of some days and months: equal ones mean equal figures. Nothing is loaded. */
  async stampOf(ids: readonly string[]): Promise<string> {
    await this.#learn(ids)
    return ids.map((id) => this.#versions.get(id) ?? 0).join()
  }

  /** Loads some metrics, as the rollups name them, of some days or months. */
  async load(
    table: FigureTable,
    days: readonly number[],
    metrics: readonly string[],
  ): Promise<void> {
    await this.#learn(days.map((day) => versionKey(table, day)))
    const lacking = new Set<number>()
    const names = new Set<string>()
    for (const day of days)
      for (const metric of metrics)
        if (!this.#recall(table, day, metric)) {
          lacking.add(day)
          names.add(metric)
        }
    const atOnce = Math.max(1, Math.floor(COLUMNS_AT_ONCE / Math.max(1, names.size)))
    for (const some of chunksOf([...lacking], atOnce)) await this.#read(table, some, [...names])
  }

  /** A column that was loaded. */
  of(table: FigureTable, day: number, metric: string): Column {
    return must(this.#found.get(keyOf(table, day, metric)), 'a column that was loaded')
  }

  async #learn(ids: readonly string[]): Promise<void> {
    if (this.#only !== null) return // Nothing of it is kept.
    const unknown = ids.filter((id) => !this.#versions.has(id))
    const versions = await readVersions(this.#ledger, unknown)
    for (const id of unknown) this.#versions.set(id, versions.get(id) ?? 0)
  }

  #recall(table: FigureTable, day: number, metric: string): boolean {
    const key = keyOf(table, day, metric)
    if (this.#found.has(key)) return true
    const version = this.#versions.get(versionKey(table, day)) ?? 0
    const column = this.#memory.find(key, version)
    if (column) this.#found.set(key, column)
    return column !== null
  }

  async #read(table: FigureTable, days: readonly number[], metrics: readonly string[]) {
    const rows = await selectColumns(this.#ledger, table, days, metrics, this.#only)
    const read = new Map(
      rows.map((row) => [
        keyOf(table, row.day, row.metric),
        this.#memory.unpack(row.scopes, row.values),
      ]),
    )
    for (const day of days)
      for (const metric of metrics) {
        const key = keyOf(table, day, metric)
        if (this.#found.has(key)) continue
        const column = read.get(key) ?? NONE
        this.#memory.keep(key, this.#versions.get(versionKey(table, day)) ?? 0, column)
        this.#found.set(key, column)
      }
  }
}

function selectColumns(
  ledger: Ledger,
  table: FigureTable,
  days: readonly number[],
  metrics: readonly string[],
  only: string | null,
) {
  const { rollupDay, rollupMonth } = ledger.t
  const kept = table === 'd' ? rollupDay : rollupMonth
  const day = table === 'd' ? rollupDay.day : rollupMonth.month
  const { metric, scope, value } = kept
  return ledger.db
    .select({ day, metric, scopes: packed(ledger, scope), values: packed(ledger, value) })
    .from(kept)
    .where(
      and(
        inArray(day, [...days]),
        inArray(metric, [...metrics]),
        only === null ? undefined : eq(scope, only),
      ),
    )
    .groupBy(day, metric)
}

/** Adds a column to a sum of columns; a scope without a row in either stays without one. */
export function addColumn(sum: Column, column: Column): void {
  for (let at = 0; at < column.length; at += 1) {
    const value = column[at] ?? NaN
    if (Number.isNaN(value)) continue
    const known = sum[at] ?? NaN
    sum[at] = Number.isNaN(known) ? value : known + value
  }
}

/** The sum of columns, as long as there are scopes. */
export function sumOfColumns(scopes: number, columns: readonly Column[]): Column {
  const sum = new Float64Array(scopes).fill(NaN)
  for (const column of columns) addColumn(sum, column)
  return sum
}
