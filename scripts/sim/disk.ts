// The disks of the simulated tablets. The checks read them raw, as somebody who takes the tablet
// apart would: no code of ours stands between, and reading costs little.
import type {
  MetaKey,
  MetaValues,
  OpRow,
  OverlayRow,
  PartIndexRow,
  PartRow,
  ViewRow,
  VisitingRow,
} from '#web/local/tables.ts'

interface RawStore {
  records: { values(): Iterable<{ key: unknown; value: unknown }>; size(): number }
}

interface RawDatabase {
  rawObjectStores: Map<string, RawStore>
}

interface RawFactory {
  _databases: Map<string, RawDatabase>
}

/** Safe because the IndexedDB of the simulator keeps its databases under this name. */
function factory(): RawFactory {
  return indexedDB as unknown as RawFactory
}

export function isOnDisk(database: string): boolean {
  return factory()._databases.has(database)
}

/** The rows of a table as they lie on the disk; not to be changed. Empty without the database. */
function rowsOf<T>(database: string, table: string): T[] {
  const store = factory()._databases.get(database)?.rawObjectStores.get(table)
  return store ? [...store.records.values()].map((record) => record.value as T) : []
}

export function opsOnDisk(database: string): OpRow[] {
  return rowsOf<OpRow>(database, 'op')
}

export function viewsOnDisk(database: string): ViewRow[] {
  return rowsOf<ViewRow>(database, 'view')
}

export function overlayOnDisk(database: string): OverlayRow[] {
  return rowsOf<OverlayRow>(database, 'row')
}

export function partIndexOnDisk(database: string): PartIndexRow[] {
  return rowsOf<PartIndexRow>(database, 'part_index')
}

export function partsOnDisk(database: string): PartRow[] {
  return rowsOf<PartRow>(database, 'part')
}

export function visitingOnDisk(database: string): string[] {
  return rowsOf<VisitingRow>(database, 'visiting').map((row) => row.id)
}

export function metaOnDisk<K extends MetaKey>(database: string, key: K): MetaValues[K] | undefined {
  const store = factory()._databases.get(database)?.rawObjectStores.get('meta')
  for (const record of store?.records.values() ?? [])
    if (record.key === key) return Reflect.get(record.value as object, 'value') as MetaValues[K]
  return undefined
}

/** All rows of each table; not to be changed. */
export function everythingOnDisk(database: string): [table: string, rows: unknown[]][] {
  const stores = factory()._databases.get(database)?.rawObjectStores ?? new Map<string, RawStore>()
  return [...stores.keys()].map((name) => [name, rowsOf(database, name)])
}

/** Every table's rows, to be put back later. */
export type Dump = Map<string, unknown[]>

export function dumpDisk(database: string): Dump {
  const stores = factory()._databases.get(database)?.rawObjectStores ?? new Map<string, RawStore>()
  const dump: Dump = new Map()
  for (const name of stores.keys()) dump.set(name, structuredClone(rowsOf(database, name)))
  return dump
}

/** Deletes a database; whoever had it open must have closed it. */
export function wipeDisk(database: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(database)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(new Error('the database was not deleted'))
    request.onblocked = () => reject(new Error(`the database ${database} is still open`))
  })
}
