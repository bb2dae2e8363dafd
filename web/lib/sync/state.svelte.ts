// The state of the sync as the screens show it. What waits and what came is read from the database
// itself, never from whether a connection seems to stand.
import { liveQuery } from 'dexie'
import type { Local } from '#web/local/database.ts'
import { type Progress, readProgress, readStatus, type SyncStatus } from '#web/local/status.ts'
import type { Phase } from './engine.ts'

const PROGRESS_MS = 200

const NOTHING_KNOWN: SyncStatus = {
  waiting: 0,
  oldestWaitingAt: null,
  refused: 0,
  lastPushAt: null,
  lastPullAt: null,
  hasSynced: false,
  trouble: null,
  clockSkewMs: 0,
}

let status = $state.raw<SyncStatus>(NOTHING_KNOWN)
let progress = $state.raw<Progress | null>(null)
let isRead = $state(false)
let phase = $state<Phase>('idle')
let isReached = $state<boolean | null>(null)
let isUpdateReady = $state(false)

function isOnline(): boolean {
  return isReached ?? (typeof navigator === 'undefined' || navigator.onLine)
}

/** Reactive; see `SyncStatus` for what the database says. */
export const syncState = {
  /** Whether the server was reached last; before the first request what the browser thinks. */
  get online() {
    return isOnline()
  },
  get phase() {
    return phase
  },
  /** False until the database was read: then nothing may be shown as sent. */
  get known() {
    return isRead
  },
  get waiting() {
    return status.waiting
  },
  get oldestWaitingAt() {
    return status.oldestWaitingAt
  },
  get refused() {
    return status.refused
  },
  get lastPushAt() {
    return status.lastPushAt
  },
  get lastPullAt() {
    return status.lastPullAt
  },
  /** Records of a download under way, and bytes stored so far. */
  get receiving() {
    return progress
  },
  /** False while the first download is not whole: what is missing then may still come. */
  get hasSynced() {
    return status.hasSynced
  },
  get trouble() {
    return status.trouble
  },
  /** What must be added to this tablet's clock, in ms; past 5 minutes a person should know. */
  get clockSkewMs() {
    return status.clockSkewMs
  },
  get updateReady() {
    return isUpdateReady
  },
}

export function setPhase(next: Phase): void {
  phase = next
}

export function setReached(next: boolean): void {
  isReached = next
}

export function setUpdateReady(): void {
  isUpdateReady = true
}

/** Follows the database until the returned function is called. */
export function watchStatus(local: Local): () => void {
  const subscription = liveQuery(() => readStatus(local)).subscribe({
    next: (read) => {
      status = read
      isRead = true
    },
    error: (fault: unknown) => reportError(fault),
  })
  const unlisten = watchProgress(local)
  return () => {
    subscription.unsubscribe()
    unlisten()
  }
}

/** Parts come many a second; the progress is read a few times a second. */
function watchProgress(local: Local): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  const read = async () => {
    timer = null
    progress = await readProgress(local)
  }
  const readSoon = () => {
    timer ??= setTimeout(() => void read().catch(reportError), PROGRESS_MS)
  }
  readSoon()
  return local.changes.listen((change) => {
    if (change.type !== 'customers' && change.type !== 'visits') readSoon()
  })
}
