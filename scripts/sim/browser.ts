// The browser that the simulated tablets run in: an IndexedDB in memory and the few other things
// that the local database and the sync ask of a browser, made so that nothing depends on real time
// or on a thread. It must be loaded before anything that opens a database.
import 'fake-indexeddb/auto'
import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { cloneValue } from './clone-value.ts'

const realImmediate = globalThis.setImmediate
const tasks: (() => void)[] = []
let isPumping = false

/** Runs the task that waited longest; the next follows when all promises of this one settled. */
function takeTask(): void {
  const task = tasks.shift()
  if (tasks.length > 0) queueMicrotask(() => process.nextTick(takeTask))
  else isPumping = false
  task?.()
}

/**
 * The tasks of the database, in order, each after the microtasks of the one before. A turn of the
 * real event loop for each would ask the kernel thousands of times a second for what never comes.
 */
function queueTask(task: (...args: unknown[]) => void, ...args: unknown[]): void {
  tasks.push(() => task(...args))
  if (isPumping) return
  isPumping = true
  queueMicrotask(() => process.nextTick(takeTask))
}

/** Turns of the event loop without a task after which all promises have settled that will. */
const IDLE_TURNS = 2

/** Waits until every tablet is at rest: each waits for an answer, a timer, or has ended. */
export async function untilQuiet(): Promise<void> {
  for (let idle = 0; idle < IDLE_TURNS;) {
    await new Promise((resolve) => realImmediate(resolve))
    idle = tasks.length === 0 ? idle + 1 : 0
  }
}

/** What tabs of one tablet tell each other; delivered as tasks, in order. */
class TabChannel {
  static readonly open = new Map<string, Set<TabChannel>>()
  onmessage: ((event: { data: unknown }) => void) | null = null
  readonly name: string

  constructor(name: string) {
    this.name = name
    const known = TabChannel.open.get(name)
    if (known) known.add(this)
    else TabChannel.open.set(name, new Set([this]))
  }

  postMessage(data: unknown): void {
    for (const other of TabChannel.open.get(this.name) ?? [])
      if (other !== this) queueTask(() => other.onmessage?.({ data }))
  }

  close(): void {
    const known = TabChannel.open.get(this.name)
    known?.delete(this)
    if (known?.size === 0) TabChannel.open.delete(this.name)
    this.onmessage = null
  }
}

/** Converts a stream in one go: the real ones do it on a thread, whose time nobody can repeat. */
class Instant extends TransformStream<Uint8Array, Uint8Array> {
  constructor(convert: (all: Uint8Array) => Uint8Array) {
    const chunks: Uint8Array[] = []
    super({
      transform: (chunk) => void chunks.push(chunk),
      flush: (out) => out.enqueue(new Uint8Array(convert(Buffer.concat(chunks)))),
    })
  }
}

class InstantDecompression extends Instant {
  constructor(_format: string) {
    super(gunzipSync)
  }
}

class InstantCompression extends Instant {
  constructor(_format: string) {
    super((all) => gzipSync(all, { level: 1 }))
  }
}

function digest(_name: string, data: ArrayBufferView): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const hash = new Uint8Array(createHash('sha256').update(bytes).digest())
  return Promise.resolve(hash.buffer)
}

/** Requests end by the virtual network alone. */
function neverAborts(): AbortSignal {
  return new AbortController().signal
}

function replace(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true })
}

/** Puts the browser in place of what Node has; for the whole process, once. */
export function installBrowser(): void {
  replace(globalThis, 'setImmediate', queueTask)
  replace(globalThis, 'structuredClone', cloneValue)
  replace(globalThis, 'BroadcastChannel', TabChannel)
  replace(globalThis, 'DecompressionStream', InstantDecompression)
  replace(globalThis, 'CompressionStream', InstantCompression)
  replace(crypto.subtle, 'digest', digest)
  replace(AbortSignal, 'timeout', neverAborts)
}

installBrowser()
