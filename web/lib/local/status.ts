import type { Health } from '#model/protocol.ts'
import type { Local } from './database.ts'
import { readMeta, readMetas } from './meta.ts'
import { storedParts } from './part-cache.ts'
import { lossesHere } from './decisions.ts'
import { timeOf } from './replay.ts'
import { isSkip } from './skip.ts'
import type { Eviction, OpState, Trouble } from './tables.ts'

/**
 * The state of the sync as the database has it: what waits, what was refused, what came. Times are
 * the server's, as far as known here.
 */
export interface SyncStatus {
  /** Ops without an answer from the server. */
  waiting: number
  /** When the oldest of them was written. */
  oldestWaitingAt: number | null
  refused: number
  /** Refused ops that a person dismissed for good, and nobody here has read of. */
  decided: number
  /** Ops of this store's devices that never arrived, as far as nobody has accepted it. */
  lost: number
  /** Last success, never last attempt. */
  lastPushAt: number | null
  lastPullAt: number | null
  hasSynced: boolean
  trouble: Trouble | null
  /** Of 'storage': `full` or `closed`. */
  troubleDetail: string | null
  clockSkewMs: number
  /** The browser gave the data up; until a person has read it. */
  eviction: Eviction | null
}

const KEYS = ['success', 'trouble', 'clock', 'snapshot', 'eviction'] as const

/** Ops of one state; the index gives them in the order of their numbers, the oldest first. */
function inState({ db }: Local, state: OpState) {
  return db.op.where('state').equals(state)
}

/** All of one moment. It is read often while people write: nothing of it reads the whole outbox. */
export async function readStatus(local: Local): Promise<SyncStatus> {
  const { db } = local
  return db.transaction('r', db.op, db.meta, db.row, () => statusInside(local))
}

async function statusInside(local: Local): Promise<SyncStatus> {
  const countUnread = (state: OpState) =>
    inState(local, state)
      .filter((row) => !row.seen && !isSkip(row))
      .count()
  const [waiting, oldest, refused, decided, lost, meta] = await Promise.all([
    inState(local, 'waiting').count(),
    inState(local, 'waiting').first(),
    countUnread('refused'),
    countUnread('dismissed'),
    countLost(local),
    readMetas(local.db, KEYS),
  ])
  return {
    waiting,
    oldestWaitingAt: oldest ? timeOf(oldest.op) : null,
    refused,
    decided,
    lost,
    lastPushAt: meta.success?.last_push_at ?? null,
    lastPullAt: meta.success?.last_pull_at ?? null,
    hasSynced: meta.snapshot !== undefined,
    trouble: meta.trouble?.code ?? null,
    troubleDetail: meta.trouble?.detail ?? null,
    clockSkewMs: meta.clock?.offset_ms ?? 0,
    eviction: meta.eviction ?? null,
  }
}

async function countLost(local: Local): Promise<number> {
  const open = (await lossesHere(local)).filter((loss) => loss.state === 'open')
  return open.reduce((sum, loss) => sum + loss.to_n - loss.from_n + 1, 0)
}

/** Of a download under way: records, bytes and parts, those stored and all. */
export interface Progress {
  done: number
  total: number
  bytes: number
  bytesTotal: number
  parts: number
  partsTotal: number
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
  return {
    done: sum(done, 'rows'),
    total: sum(parts, 'rows'),
    bytes: sum(done, 'bytes'),
    bytesTotal: sum(parts, 'bytes'),
    parts: done.length,
    partsTotal: parts.length,
  }
}

/** Ops that are read to name who wrote what is unsent, at each end of the outbox. */
const READ_AT_AN_END = 50
const NAMED = 8

type Unsent = Pick<
  Health,
  'unsent' | 'oldest_unsent_at' | 'newest_unsent_at' | 'unsent_by' | 'refused'
>

/** What is unsent, as a health report says it. Times are the server's, as far as known here. */
export async function readUnsent(local: Local): Promise<Unsent> {
  return local.db.transaction('r', local.db.op, async () => {
    const [unsent, first, last, refused] = await Promise.all([
      inState(local, 'waiting').count(),
      inState(local, 'waiting').limit(READ_AT_AN_END).toArray(),
      inState(local, 'waiting').reverse().limit(READ_AT_AN_END).toArray(),
      inState(local, 'refused')
        .filter((row) => !isSkip(row))
        .count(),
    ])
    const ends = [...first, ...last.reverse()].filter((row) => !isSkip(row))
    const [oldest, newest] = [ends[0], ends.at(-1)]
    return {
      unsent,
      oldest_unsent_at: oldest ? timeOf(oldest.op) : null,
      newest_unsent_at: newest ? timeOf(newest.op) : null,
      unsent_by: [...new Set(ends.map(({ op }) => op.actor_id))].slice(0, NAMED),
      refused,
    }
  })
}
