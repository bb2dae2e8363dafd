import type { Local } from './database.ts'
import { readMeta, readMetas } from './meta.ts'
import { storedParts } from './part-cache.ts'
import type { Trouble } from './tables.ts'

/** The state of the sync as the database has it: what waits, what was refused, what came. */
export interface SyncStatus {
  /** Ops without an answer from the server. */
  waiting: number
  /** When the oldest of them was written, by this tablet's clock. */
  oldestWaitingAt: number | null
  refused: number
  /** Last success, never last attempt. */
  lastPushAt: number | null
  lastPullAt: number | null
  hasSynced: boolean
  trouble: Trouble | null
  clockSkewMs: number
}

const KEYS = ['success', 'trouble', 'clock', 'snapshot'] as const

export async function readStatus(local: Local): Promise<SyncStatus> {
  const { db } = local
  const waiting = await db.op.where('state').equals('waiting').primaryKeys()
  const refused = db.op
    .where('state')
    .equals('refused')
    .filter((row) => !row.seen)
  const meta = await readMetas(db, KEYS)
  const oldest = waiting.length > 0 ? await db.op.get(Math.min(...waiting)) : undefined
  return {
    waiting: waiting.length,
    oldestWaitingAt: oldest?.op.ts_wall ?? null,
    refused: await refused.count(),
    lastPushAt: meta.success?.last_push_at ?? null,
    lastPullAt: meta.success?.last_pull_at ?? null,
    hasSynced: meta.snapshot !== undefined,
    trouble: meta.trouble?.code ?? null,
    clockSkewMs: meta.clock?.offset_ms ?? 0,
  }
}

/** Records of a download under way, and bytes stored so far. */
export interface Progress {
  done: number
  total: number
  bytes: number
}

/** How far the download of parts has come; null when there is none. */
export async function readProgress({ db }: Local): Promise<Progress | null> {
  const download = await readMeta(db, 'download')
  if (!download) return null
  const { parts } = download.manifest
  const stored = await storedParts(db, download.set)
  const done = parts.filter((part) => stored.has(part.no))
  const sum = (list: typeof parts, field: 'rows' | 'bytes') =>
    list.reduce((total, part) => total + part[field], 0)
  return { done: sum(done, 'rows'), total: sum(parts, 'rows'), bytes: sum(done, 'bytes') }
}
