// A disk that has a size, under the in-memory IndexedDB: what does not fit is refused as browsers
// refuse it. Also one whose opening fails, and one that is taken away for a moment.
import type { Local } from './database.ts'

interface RawDatabase {
  rawObjectStores: Map<string, { records: { values(): Iterable<{ value: unknown }> } }>
}

const limits = new Map<string, number>()
/** How often opening a database fails, and with what. */
export const failingOpens = new Map<string, { times: number; error: string }>()

/** How many of the next transactions of a database find their connection gone. */
export const lostConnections = new Map<string, number>()

/** Safe because the in-memory IndexedDB keeps its databases under this name. */
function rawOf(name: string): RawDatabase | undefined {
  const factory = indexedDB as unknown as { _databases: Map<string, RawDatabase> }
  return factory._databases.get(name)
}

function sizeOf(value: unknown): number {
  return JSON.stringify(value, (_key, one: unknown) =>
    ArrayBuffer.isView(one) ? 'x'.repeat(one.byteLength) : one,
  ).length
}

/** Bytes that lie in a database, about. */
export function usedBytes({ name }: Pick<Local, 'name'>): number {
  let used = 0
  for (const { records } of rawOf(name)?.rawObjectStores.values() ?? [])
    for (const { value } of records.values()) used += sizeOf(value)
  return used
}

/** From now on the database may hold this many bytes; null: any. */
export function limitDisk({ name }: Pick<Local, 'name'>, bytes: number | null): void {
  if (bytes === null) limits.delete(name)
  else limits.set(name, bytes)
}

/** Lays the disk under every database; once per test file. */
export function installDisk(): void {
  const store = IDBObjectStore.prototype
  for (const way of ['add', 'put'] as const) {
    const write = store[way]
    store[way] = function (this: IDBObjectStore, value: unknown, ...key: [IDBValidKey?]) {
      const { name } = this.transaction.db
      const limit = limits.get(name)
      if (limit !== undefined && usedBytes({ name }) + sizeOf(value) > limit)
        throw new DOMException('no room', 'QuotaExceededError')
      return write.call(this, value, ...key)
    }
  }
  const { prototype } = IDBDatabase
  const begin: IDBDatabase['transaction'] = prototype.transaction
  prototype.transaction = function (this: IDBDatabase, ...asked) {
    const times = lostConnections.get(this.name) ?? 0
    lostConnections.set(this.name, Math.max(0, times - 1))
    if (times > 0) throw new DOMException('connection lost', 'InvalidStateError')
    return begin.apply(this, asked)
  }
  const factory = IDBFactory.prototype
  const open: IDBFactory['open'] = factory.open
  factory.open = function (this: IDBFactory, name, version) {
    const failing = failingOpens.get(name)
    if (!failing || failing.times === 0) return open.call(this, name, version)
    failing.times -= 1
    throw new DOMException('Internal error opening backing store', failing.error)
  }
}
