import type { Poke } from '#model/protocol.ts'

const encoder = new TextEncoder()
/** Heartbeats in a row that a reader may leave lying before it is let go. */
const STALLS_MAX = 2

/** What one reader of pokes listens to, and how it is found out that it still may. */
export interface Listener {
  /** The device or person; each may have a few streams. */
  key: string
  who: 'device' | 'desk'
  /** Feeds that it hears of; `all`: every one. */
  feeds: ReadonlySet<string> | 'all'
  /** Asked at every heartbeat: the feeds it may hear of today, or null when its session ended. */
  check(): Promise<Listener['feeds'] | null>
  /** Cuts the connection of a reader who does not read. */
  cut(): void
}

/**
 * One stream of server-sent events. It holds one message at most: what happens while the reader
 * is not ready is put together, the newest head of each feed counts.
 */
export class PokeStream {
  readonly listener: Listener
  readonly body: ReadableStream<Uint8Array>
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null
  #heads = new Map<string, number>()
  #fleet = false
  /** It is time to say the news, and the reader was not ready. */
  #isDue = false
  #stalls = 0
  /** By the monotonic clock, in ms. */
  saidAt = -Infinity

  constructor(listener: Listener, retryMs: number, onEnd: (stream: PokeStream) => void) {
    this.listener = listener
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller
        controller.enqueue(encoder.encode(`retry: ${retryMs}\n\n`))
      },
      pull: () => {
        if (this.#isDue) this.flush()
      },
      cancel: () => {
        this.#controller = null
        onEnd(this)
      },
    })
  }

  /** Notes news; `flush` says it as soon as the reader is ready. */
  note(feed: string, seq: number): void {
    this.#heads.set(feed, seq)
  }

  noteFleet(): void {
    this.#fleet = true
  }

  flush(): void {
    if (this.#heads.size === 0 && !this.#fleet) return
    this.#isDue = !this.#isReady
    if (this.#isDue) return
    const heads = this.#heads.size === 0 ? {} : { heads: Object.fromEntries(this.#heads) }
    const poke: Poke = { ...heads, ...(this.#fleet ? { fleet: true } : {}) }
    this.#heads = new Map()
    this.#fleet = false
    this.saidAt = performance.now()
    this.#write(`data: ${JSON.stringify(poke)}\n\n`)
  }

  /** A comment line that keeps proxies from closing the stream. False: nobody reads any more. */
  beat(): boolean {
    this.#stalls = this.#isReady ? 0 : this.#stalls + 1
    if (this.#isReady) this.#write(':\n\n')
    return this.#stalls < STALLS_MAX
  }

  /** Ends the stream in order. */
  end(): void {
    this.#controller?.close()
    this.#controller = null
  }

  /** Lets go of a reader who leaves lying what it was told. */
  drop(): void {
    this.end()
    this.listener.cut()
  }

  get #isReady(): boolean {
    return (this.#controller?.desiredSize ?? 0) > 0
  }

  #write(text: string): void {
    this.#controller?.enqueue(encoder.encode(text))
  }
}
