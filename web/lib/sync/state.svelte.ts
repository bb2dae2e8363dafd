// The state of the sync as the screens show it. What waits and what came is read from the database
// itself, never from whether a connection seems to stand.
import { Dexie, type ObservabilitySet } from 'dexie'
import type { Local } from '#web/local/database.ts'
import { type Progress, readProgress, readStatus, type SyncStatus } from '#web/local/status.ts'
import type { Trouble } from '#web/local/tables.ts'
import type { Phase } from './asking.ts'

const PROGRESS_MS = 200
/** Many writes in a row cost one reading of the status in this time, not one each. */
const STATUS_MS = 200

const NOTHING_KNOWN: SyncStatus = {
  waiting: 0,
  oldestWaitingAt: null,
  refused: 0,
  decided: 0,
  lost: 0,
  lastPushAt: null,
  lastPullAt: null,
  hasSynced: false,
  trouble: null,
  troubleDetail: null,
  clockSkewMs: 0,
  eviction: null,
}

let status = $state.raw<SyncStatus>(NOTHING_KNOWN)
let progress = $state.raw<Progress | null>(null)
let isRead = $state(false)
let phase = $state<Phase>('idle')
let isReached = $state<boolean | null>(null)
let isUpdateReady = $state(false)
let isLive = $state(false)
/** The last cycle's trouble where the database could not keep it. */
let told = $state.raw<{ trouble: Trouble; detail: string | null } | null>(null)

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
  /** Refused entries that a manager dismissed, and nobody here has read of. */
  get decided() {
    return status.decided
  },
  /** Entries of this store's devices that never arrived, while nobody has accepted it. */
  get lost() {
    return status.lost
  },
  /** The browser gave the tablet's data up; null when it did not, or a person has read it. */
  get evicted() {
    return status.eviction
  },
  get lastPushAt() {
    return status.lastPushAt
  },
  get lastPullAt() {
    return status.lastPullAt
  },
  /** Of a download under way: records, bytes and parts, those stored and all. */
  get receiving() {
    return progress
  },
  /** False while the first download is not whole: what is missing then may still come. */
  get hasSynced() {
    return status.hasSynced
  },
  get trouble() {
    return told?.trouble ?? status.trouble
  },
  /** Of trouble 'storage': `full` or `closed`; of 'update': `newer` for a newer app's database. */
  get troubleDetail() {
    return told ? told.detail : status.troubleDetail
  },
  /** Whether the server tells of news by itself, so that they are here within a second. */
  get live() {
    return isLive
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

export function setLive(next: boolean): void {
  isLive = next
}

/** Trouble with the storage itself cannot be read from it. */
export function setTold(trouble: Trouble | null, detail: string | null): void {
  told = trouble === 'storage' ? { trouble, detail } : null
}

export function setUpdateReady(): void {
  isUpdateReady = true
}

/** Follows the database until the returned function is called. */
export function watchStatus(local: Local): () => void {
  const prefixes = ['op', 'meta', 'row'].map((table) => `idb://${local.name}/${table}/`)
  const readSoon = spaced(async () => {
    status = await readStatus(local)
    isRead = true
  })
  // Dexie tells of the writes of every tab and worker; 'all' when it cannot say which.
  const onMutated = (changed: ObservabilitySet) => {
    const isOurs = (key: string) => key === 'all' || prefixes.some((one) => key.startsWith(one))
    if (Object.keys(changed).some(isOurs)) Dexie.ignoreTransaction(readSoon)
  }
  Dexie.on('storagemutated', onMutated)
  readSoon()
  const unlisten = watchProgress(local)
  return () => {
    Dexie.on.storagemutated.unsubscribe(onMutated)
    unlisten()
  }
}

/** Runs work at once, and once more after a pause when it was asked for meanwhile. */
function spaced(work: () => Promise<void>): () => void {
  let [isBusy, isAskedAgain] = [false, false]
  const run = async () => {
    isBusy = true
    isAskedAgain = false
    await work().catch(reportError)
    await new Promise((resolve) => setTimeout(resolve, STATUS_MS))
    isBusy = false
    if (isAskedAgain) void run()
  }
  return () => {
    if (isBusy) isAskedAgain = true
    else void run()
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
