import type { Local } from './database.ts'
import { readMetas } from './meta.ts'
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
  /** Records and bytes of a download under way. */
  receiving: { done: number; total: number; bytes: number } | null
  hasSynced: boolean
  trouble: Trouble | null
  clockSkewMs: number
}

const KEYS = ['success', 'trouble', 'clock', 'download', 'snapshot'] as const

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
    receiving: meta.download ? progressOf(meta.download) : null,
    hasSynced: meta.snapshot !== undefined,
    trouble: meta.trouble?.code ?? null,
    clockSkewMs: meta.clock?.offset_ms ?? 0,
  }
}

function progressOf({ manifest, done }: { manifest: { parts: Part[] }; done: number[] }) {
  const stored = manifest.parts.filter((part) => done.includes(part.no))
  const sum = (parts: Part[], field: 'rows' | 'bytes') =>
    parts.reduce((total, part) => total + part[field], 0)
  return {
    done: sum(stored, 'rows'),
    total: sum(manifest.parts, 'rows'),
    bytes: sum(stored, 'bytes'),
  }
}

interface Part {
  no: number
  rows: number
  bytes: number
}
