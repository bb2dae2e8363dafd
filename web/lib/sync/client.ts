import { version } from '$app/environment'
import type { Local } from '#web/local/database.ts'
import { getDevice } from '#web/local/device.ts'
import type { EntrySource, TakeEntries } from '#web/local/entry.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { askPersistence, isInstalled } from './persistence.ts'
import {
  setLive,
  setPhase,
  setReached,
  setTold,
  setUpdateReady,
  watchStatus,
} from './state.svelte.ts'
import { watchUpdate } from './update.ts'

interface Client {
  worker: Worker
  end(): void
}

let client: Client | null = null

/**
 * Starts this page's sync worker and the state that the screens read; does nothing when started.
 * From then on the look-up is read in the worker too.
 */
export function startSync(local: Local): void {
  if (client) return
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  const entries = new WorkerEntries(worker)
  local.entries = entries
  worker.addEventListener('message', (event: MessageEvent<FromWorker>) => {
    take(event.data)
    entries.take(event.data)
  })
  send(worker, {
    type: 'start',
    database: local.name,
    appVersion: version.slice(0, 40),
    isInstalled: isInstalled(),
    isVisible: isVisible(),
  })
  const unwatch = watchStatus(local)
  const unlisten = listenToDevice(worker)
  void watchUpdate(setUpdateReady)
  void keepData(local).catch(reportError)
  const end = () => {
    unwatch()
    unlisten()
    local.entries = null
  }
  client = { worker, end }
}

/** Syncs as soon as the server allows. */
export function syncNow(): void {
  if (client) send(client.worker, { type: 'wake', why: 'nudge' })
}

/** Ends the worker of this page; what waits stays in the database. */
export function stop(): void {
  if (!client) return
  client.end()
  send(client.worker, { type: 'stop' })
  client = null
}

function send(worker: Worker, message: ToWorker): void {
  worker.postMessage(message)
}

function take(message: FromWorker): void {
  if (message.type === 'phase') setPhase(message.phase)
  if (message.type === 'reached') setReached(message.isReached)
  if (message.type === 'live') setLive(message.isLive)
  if (message.type === 'trouble') setTold(message.trouble, message.detail)
}

function isVisible(): boolean {
  return document.visibilityState === 'visible'
}

/** Only a tablet of a store has anything to keep. */
async function keepData(local: Local): Promise<void> {
  if (await getDevice(local)) await askPersistence(local)
}

/** The device's own signs that now is a good time, or that the network went. */
function listenToDevice(worker: Worker): () => void {
  const nudge = () => send(worker, { type: 'wake', why: 'nudge' })
  const onOffline = () => {
    setReached(false)
    nudge() // Browsers are wrong about it at times: a request that succeeds corrects it.
  }
  const onVisible = () => {
    send(worker, { type: 'visible', isVisible: isVisible() })
    if (isVisible()) nudge()
  }
  addEventListener('online', nudge)
  addEventListener('offline', onOffline)
  document.addEventListener('visibilitychange', onVisible)
  return () => {
    removeEventListener('online', nudge)
    removeEventListener('offline', onOffline)
    document.removeEventListener('visibilitychange', onVisible)
  }
}

/** Look-up entries that the worker reads. */
class WorkerEntries implements EntrySource {
  readonly #worker: Worker
  readonly #open = new Map<number, { take: TakeEntries; end: (isWhole: boolean) => void }>()
  #requests = 0

  constructor(worker: Worker) {
    this.#worker = worker
  }

  all(take: TakeEntries): Promise<void> {
    return this.#ask(null, take)
  }

  ofParts(nos: readonly number[], take: TakeEntries): Promise<void> {
    return this.#ask(nos, take)
  }

  take(message: FromWorker): void {
    if (message.type === 'slice') this.#open.get(message.request)?.take(message.slice)
    if (message.type === 'entries-end') this.#open.get(message.request)?.end(message.isWhole)
  }

  #ask(nos: readonly number[] | null, take: TakeEntries): Promise<void> {
    const request = (this.#requests += 1)
    return new Promise((resolve, reject) => {
      const end = (isWhole: boolean) => {
        this.#open.delete(request)
        if (isWhole) resolve()
        else reject(new Error('The worker could not read the look-up entries.'))
      }
      this.#open.set(request, { take, end })
      send(this.#worker, { type: 'entries', request, nos })
    })
  }
}
