import type { Sha256 } from '#model/op.ts'
import { type Changes, openChanges } from './changes.ts'
import type { EntrySource } from './entry.ts'
import { PartCache } from './part-cache.ts'
import { LocalDatabase } from './schema.ts'

/** What the database must be given: clocks in ms, ids (UUIDv7), SHA-256 (hex of a text). */
export interface LocalDeps {
  now(): number
  monotonic(): number
  uuid(): string
  sha256: Sha256
}

/** The tablet's database as the rest of the app holds it: a handle to pass on. */
export interface Local {
  readonly name: string
  readonly db: LocalDatabase
  readonly deps: LocalDeps
  readonly changes: Changes
  readonly parts: PartCache
  /** Reads the look-up entries in a worker once the sync has started; null: in this page. */
  entries: EntrySource | null
  close(): void
}

export async function openLocal(deps: LocalDeps, name = 'regulars'): Promise<Local> {
  const db = new LocalDatabase(name)
  await db.open()
  const changes = openChanges(name)
  const parts = new PartCache(db, changes)
  const close = () => {
    changes.close()
    db.close()
  }
  return { name, db, deps, changes, parts, entries: null, close }
}
