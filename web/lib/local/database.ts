import { Dexie } from 'dexie'
import type { Sha256 } from '#model/op.ts'
import { type Changes, openChanges } from './changes.ts'
import type { EntrySource } from './entry.ts'
import { LocalError } from './errors.ts'
import { writeMeta, readMeta } from './meta.ts'
import { PartCache } from './part-cache.ts'
import { LocalDatabase } from './schema.ts'
import { isClosed } from './storage-fault.ts'

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
  /** A newer version of the app made the database: it is read and sent from, and not filled. */
  readonly isNewer: boolean
  /** Reads the look-up entries in a worker once the sync has started; null: in this page. */
  entries: EntrySource | null
  close(): void
}

/** What a damaged database says when it is opened; anything else says nothing about its content. */
const DAMAGE = new Set(['UnknownError', 'DataError', 'NotFoundError'])

/** A browser that just woke up may fail once: what may hold unsent work is not given up lightly. */
const REOPEN_AFTER_MS = [0, 300, 1500]

/**
 * Opens the tablet's database. One that the browser cannot read, again and again, is deleted and
 * begun anew: what the server has comes back, and `eviction` says what happened. Rejects when the
 * browser keeps no data, or has no room at all.
 */
export async function openLocal(deps: LocalDeps, name = 'regulars'): Promise<Local> {
  const db = await openDatabase(name, deps.now)
  const changes = openChanges(name)
  const parts = new PartCache(db, changes)
  let isClosing = false
  const onClose = () => {
    if (!isClosing) Dexie.ignoreTransaction(() => setTimeout(() => void countReopen(db)))
  }
  db.on('close', onClose)
  const close = () => {
    isClosing = true
    changes.close()
    db.close()
  }
  return { name, db, deps, changes, parts, isNewer: db.isNewer, entries: null, close }
}

async function openDatabase(name: string, now: () => number): Promise<LocalDatabase> {
  let isReadable = false
  for (const pauseMs of REOPEN_AFTER_MS)
    try {
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      return await tryOpen(name)
    } catch (error) {
      if (!isDamaged(error) && !isClosed(error)) throw error
      isReadable ||= !isDamaged(error)
    }
  // A connection that was lost says nothing about what lies there: another start may read it.
  if (isReadable) throw new LocalError('storage', 'closed')
  await Dexie.delete(name)
  const db = await tryOpen(name)
  const at = now()
  await writeMeta(db, 'eviction', { at, cause: 'corrupt', recovered: false, lost: null })
  return db
}

async function tryOpen(name: string): Promise<LocalDatabase> {
  const db = new LocalDatabase(name)
  try {
    await db.open()
    await readMeta(db, 'device') // An index that cannot be read shows at the first read only.
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function isDamaged(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const inner = 'inner' in error ? error.inner : undefined
  return DAMAGE.has(error.name) || (inner !== undefined && isDamaged(inner))
}

/** Opens a connection again that the browser took away; the next user meets what fails. */
export async function reopen({ db }: Pick<Local, 'db'>): Promise<void> {
  db.close({ disableAutoOpen: false })
  await db.open().catch(() => undefined)
}

/** The browser closed the database under the app; Dexie opens it again at the next use. */
async function countReopen(db: LocalDatabase): Promise<void> {
  for (const pauseMs of REOPEN_AFTER_MS)
    try {
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      return await db.transaction('rw', db.meta, async () => {
        await writeMeta(db, 'reopens', ((await readMeta(db, 'reopens')) ?? 0) + 1)
      })
    } catch {
      // It cannot be opened again now: whoever uses it next meets the fault.
    }
}
