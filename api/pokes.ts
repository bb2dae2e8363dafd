import { type Listener, PokeStream } from './poke-stream.ts'

const STREAMS_PER_DEVICE = 4
const STREAMS_PER_PERSON = 8
const HEARTBEAT_MS = 25_000
/** Streams take turns: at each tick a few have their heartbeat. */
const TURNS = 25
// A new head of the chain concerns every tablet, and each answers it with a pull: told at once,
// they would all come at once. News of few listeners is told at once.
const FEW = 50
const SPREAD_EVERY_MS = 100
/** Somebody who looks at many stores is told once a second. */
const DESK_EVERY_MS = 1_000
const RETRY_MIN_MS = 2_000
const RETRY_SPREAD_MS = 13_000

interface Settings {
  /** Streams of all together. */
  max: number
  heartbeatMs?: number
  /** A number from 0 up to 1. */
  random?: () => number
}

function addTo(index: Map<string, Set<PokeStream>>, key: string, stream: PokeStream): void {
  const known = index.get(key)
  if (known) known.add(stream)
  else index.set(key, new Set([stream]))
}

function takeFrom(index: Map<string, Set<PokeStream>>, key: string, stream: PokeStream): void {
  const known = index.get(key)
  known?.delete(stream)
  if (known?.size === 0) index.delete(key)
}

/** Whoever listens for news, and what they hear of: heads of feeds, never data. */
export class Pokes {
  readonly #max: number
  readonly #tickMs: number
  readonly #random: () => number
  readonly #streams = new Map<PokeStream, number>()
  readonly #byFeed = new Map<string, Set<PokeStream>>()
  readonly #byKey = new Map<string, Set<PokeStream>>()
  readonly #ofAll = new Set<PokeStream>()
  readonly #known = new Map<string, number>()
  /** Streams with news that may wait a moment, the longest waiting first. */
  readonly #waiting = new Set<PokeStream>()
  #turn = 0
  #opened = 0
  #ticking: NodeJS.Timeout | undefined
  #spreading: NodeJS.Timeout | undefined
  #isClosed = false

  constructor({ max, heartbeatMs = HEARTBEAT_MS, random = Math.random }: Settings) {
    this.#max = max
    this.#tickMs = heartbeatMs / TURNS
    this.#random = random
  }

  get size(): number {
    return this.#streams.size
  }

  /** Feeds that somebody listens to; `all` when somebody listens to every one. */
  get feeds(): string[] | 'all' {
    return this.#ofAll.size > 0 ? 'all' : [...this.#byFeed.keys()]
  }

  /** Opens a stream, and closes the oldest of one who has too many. Null: no room at all. */
  open(listener: Listener): PokeStream | null {
    if (this.#isClosed || this.#streams.size >= this.#max) return null
    this.#closeOldest(listener)
    const retryMs = Math.round(RETRY_MIN_MS + this.#random() * RETRY_SPREAD_MS)
    const stream = new PokeStream(listener, retryMs, (ended) => this.#forget(ended))
    this.#streams.set(stream, this.#opened++ % TURNS)
    addTo(this.#byKey, listener.key, stream)
    this.#listen(stream)
    this.#ticking ??= setInterval(() => this.#tick(), this.#tickMs).unref()
    return stream
  }

  /** Says that heads moved. A head that is known already is no news. */
  hear(heads: Record<string, number>): void {
    for (const [feed, seq] of Object.entries(heads)) {
      if (seq <= (this.#known.get(feed) ?? -1)) continue
      const listeners = [...(this.#byFeed.get(feed) ?? []), ...this.#ofAll]
      if (listeners.length > 0) this.#known.set(feed, seq)
      const isForFew = listeners.length <= FEW
      for (const stream of listeners) {
        stream.note(feed, seq)
        if (isForFew && stream.listener.who === 'device') stream.flush()
        else this.#tellSoon(stream)
      }
    }
  }

  /** A device of the store was in touch: the dashboard has news. */
  contact(storeId: string): void {
    for (const stream of [...(this.#byFeed.get(storeId) ?? []), ...this.#ofAll]) {
      if (stream.listener.who === 'device') continue
      stream.noteFleet()
      this.#tellSoon(stream)
    }
  }

  /** Ends the streams of a device or person whose session is over. */
  end(key: string): void {
    for (const stream of [...(this.#byKey.get(key) ?? [])]) this.#endOne(stream)
  }

  close(): void {
    this.#isClosed = true
    clearInterval(this.#ticking)
    clearInterval(this.#spreading)
    for (const stream of [...this.#streams.keys()]) this.#endOne(stream)
  }

  #closeOldest({ key, who }: Listener): void {
    const most = who === 'device' ? STREAMS_PER_DEVICE : STREAMS_PER_PERSON
    const own = [...(this.#byKey.get(key) ?? [])]
    for (const stream of own.slice(0, Math.max(0, own.length - most + 1))) this.#endOne(stream)
  }

  #listen(stream: PokeStream): void {
    const { feeds } = stream.listener
    if (feeds === 'all') {
      this.#ofAll.add(stream)
      return
    }
    for (const feed of feeds) addTo(this.#byFeed, feed, stream)
  }

  #unlisten(stream: PokeStream): void {
    this.#ofAll.delete(stream)
    const { feeds } = stream.listener
    for (const feed of feeds === 'all' ? [] : feeds) takeFrom(this.#byFeed, feed, stream)
  }

  #forget(stream: PokeStream): void {
    this.#streams.delete(stream)
    this.#waiting.delete(stream)
    takeFrom(this.#byKey, stream.listener.key, stream)
    this.#unlisten(stream)
    if (this.#streams.size > 0) return
    clearInterval(this.#ticking)
    this.#ticking = undefined
  }

  #endOne(stream: PokeStream): void {
    this.#forget(stream)
    stream.end()
  }

  #tick(): void {
    this.#turn = (this.#turn + 1) % TURNS
    for (const [stream, turn] of this.#streams) if (turn === this.#turn) void this.#beat(stream)
  }

  async #beat(stream: PokeStream): Promise<void> {
    if (!stream.beat()) {
      this.#forget(stream)
      stream.drop()
      return
    }
    // A session that cannot be looked up now is looked up at the next heartbeat.
    const feeds = await stream.listener.check().catch(() => stream.listener.feeds)
    if (!this.#streams.has(stream)) return
    if (feeds === null) {
      this.#endOne(stream)
      return
    }
    this.#unlisten(stream)
    stream.listener.feeds = feeds
    this.#listen(stream)
  }

  #tellSoon(stream: PokeStream): void {
    this.#waiting.add(stream)
    this.#spreading ??= setInterval(() => this.#spread(), SPREAD_EVERY_MS).unref()
  }

  #spread(): void {
    const now = performance.now()
    let left = FEW
    for (const stream of this.#waiting) {
      if (stream.listener.who === 'desk' && now - stream.saidAt < DESK_EVERY_MS) continue
      this.#waiting.delete(stream)
      stream.flush()
      left -= 1
      if (left === 0) return
    }
    if (this.#waiting.size > 0) return
    clearInterval(this.#spreading)
    this.#spreading = undefined
  }
}
