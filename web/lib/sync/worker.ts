// The sync's own thread: requests, unpacking and storing never hold up the page. It shares nothing
// with the page but the database and the messages of messages.ts.
import { browserDeps } from '#web/local/browser-deps.ts'
import { type Local, openLocal } from '#web/local/database.ts'
import { entriesHere } from '#web/local/entries.ts'
import { storageReport } from '#web/local/read.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { Station } from './station.ts'
import { HttpTransport } from './transport.ts'

const LOCK = 'regulars-sync'

interface Running {
  local: Local
  station: Station
}

let running: Promise<Running> | null = null

function tell(message: FromWorker): void {
  postMessage(message)
}

/** One tab at a time, for the length of a cycle; browsers without locks sync side by side. */
async function exclusively(work: () => Promise<void>): Promise<void> {
  if (!('locks' in navigator)) return work()
  await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? work() : undefined))
}

/** Fetches, and tells the page whether anybody answered. */
async function reportedFetch(input: RequestInfo | URL, options?: RequestInit): Promise<Response> {
  try {
    const answer = await fetch(input, options)
    tell({ type: 'reached', isReached: true })
    return answer
  } catch (error) {
    tell({ type: 'reached', isReached: false })
    throw error
  }
}

async function start(message: Extract<ToWorker, { type: 'start' }>): Promise<Running> {
  const local = await openLocal(browserDeps(), message.database)
  const station = new Station({
    local,
    transport: new HttpTransport({ fetch: reportedFetch, now: () => Date.now() }),
    appVersion: message.appVersion,
    isInstalled: message.isInstalled,
    storage: storageReport,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    exclusively,
    onPhase: (phase) => tell({ type: 'phase', phase }),
    onTrouble: (trouble, detail) => tell({ type: 'trouble', trouble, detail }),
    onLive: (isLive) => tell({ type: 'live', isLive }),
    onBug: reportError,
    now: () => Date.now(),
    random: Math.random,
    after(delayMs, call) {
      const timer = setTimeout(call, delayMs)
      return () => clearTimeout(timer)
    },
    openStream: 'EventSource' in globalThis ? (path) => new EventSource(path) : null,
  })
  station.setVisible(message.isVisible)
  station.wake('nudge')
  return { local, station }
}

async function sendEntries(
  { local }: Running,
  request: number,
  nos: readonly number[] | null,
): Promise<void> {
  const source = entriesHere(local)
  const take = (slice: FromWorkerSlice) => tell({ type: 'slice', request, slice })
  try {
    await (nos === null ? source.all(take) : source.ofParts(nos, take))
    tell({ type: 'entries-end', request, isWhole: true })
  } catch (error) {
    tell({ type: 'entries-end', request, isWhole: false })
    throw error
  }
}

type FromWorkerSlice = Extract<FromWorker, { type: 'slice' }>['slice']

async function take(message: ToWorker): Promise<void> {
  if (message.type === 'start') {
    running ??= start(message)
    await running
    return
  }
  const current = await running
  if (!current) return
  const { local, station } = current
  if (message.type === 'wake') station.wake(message.why)
  else if (message.type === 'visible') station.setVisible(message.isVisible)
  else if (message.type === 'entries') await sendEntries(current, message.request, message.nos)
  else {
    station.stop()
    local.close()
  }
}

addEventListener('message', (event: MessageEvent<ToWorker>) => void take(event.data))
