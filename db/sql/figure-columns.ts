import { and, eq, inArray } from 'drizzle-orm'
import { must } from '#model/assert.ts'
import type { FigureTable } from '#model/figures.ts'
import { type Column, columnKey, ColumnMemory, memoryOf, NONE } from './column-memory.ts'
import { readVersions, versionKey } from './figure-versions.ts'
import type { Ledger } from './ledger.ts'
import { chunksOf, packed } from './rows.ts'

// The rollups of all scopes at once, or of one alone, read by column: all values of one metric on
// one day or of one month. A row per figure is what reading them would cost, so the engine packs a
// column into one, and what was read of all stays in memory as long as its number in
// figure-versions.ts stands. The number is read first: a column may be newer than it, and is then
// read again, but never older.

/** Columns read by one statement. */
const COLUMNS_AT_ONCE = 256

/**
 * The columns that one report reads. Whatever it asks for more than once is the same both times.
 * Columns are loaded before they are asked for. Those of one scope alone are read each time: they
 * are a few numbers, and those of all scopes are many.
 */
export class FigureColumns {
  readonly #ledger: Ledger
  readonly #only: string | null
  readonly #memory: ColumnMemory
  readonly #versions = new Map<string, number>()
  readonly #found = new Map<string, Column>()

  constructor(ledger: Ledger, only: string | null = null) {
    this.#ledger = ledger
    this.#only = only
    this.#memory = only === null ? memoryOf(ledger) : new ColumnMemory()
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
    return must(this.#found.get(columnKey(table, day, metric)), 'a column that was loaded')
  }

  async #learn(ids: readonly string[]): Promise<void> {
    if (this.#only !== null) return // Nothing of it is kept.
    const unknown = ids.filter((id) => !this.#versions.has(id))
    const versions = await readVersions(this.#ledger, unknown)
    for (const id of unknown) this.#versions.set(id, versions.get(id) ?? 0)
  }

  #recall(table: FigureTable, day: number, metric: string): boolean {
    const key = columnKey(table, day, metric)
    if (this.#found.has(key)) return true
    const of = versionKey(table, day)
    const column = this.#memory.find(of, metric, this.#versions.get(of) ?? 0)
    if (column) this.#found.set(key, column)
    return column !== null
  }

  async #read(table: FigureTable, days: readonly number[], metrics: readonly string[]) {
    const rows = await selectColumns(this.#ledger, table, days, metrics, this.#only)
    const standing = await this.#standing(days.map((day) => versionKey(table, day)))
    const read = new Map(
      rows.map((row) => [
        columnKey(table, row.day, row.metric),
        this.#memory.unpack(row.scopes, row.values),
      ]),
    )
    for (const day of days)
      for (const metric of metrics) {
        const key = columnKey(table, day, metric)
        if (this.#found.has(key)) continue
        const values = read.get(key) ?? NONE
        const of = versionKey(table, day)
        const version = this.#versions.get(of) ?? 0
        this.#memory.keep({ of, metric, version, isExact: standing.has(of), values })
        this.#found.set(key, values)
      }
  }

  /** Those whose number is still what it was before the columns were read. */
  async #standing(ids: readonly string[]): Promise<Set<string>> {
    if (this.#only !== null) return new Set() // Nothing of it is kept.
    const versions = await readVersions(this.#ledger, ids)
    return new Set(ids.filter((id) => (versions.get(id) ?? 0) === (this.#versions.get(id) ?? 0)))
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
