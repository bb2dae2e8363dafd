// The server's word that there is news, without the news themselves: a stream of feed heads. While
// it stands polling is rare; when it breaks it is opened again by full jitter, for the browser's
// own way would bring a thousand tablets back in the same second.
import * as v from 'valibot'

/** What is used of the browser's EventSource. */
export interface Stream {
  onopen: ((event: Event) => void) | null
  onmessage: ((event: MessageEvent<string>) => void) | null
  onerror: ((event: Event) => void) | null
  close(): void
}

export type Heads = Record<string, number>

export interface PokeDeps {
  /** Null where the browser has no streams: polling does it all. */
  open: ((path: string) => Stream) | null
  /** From 0 to below 1. */
  random(): number
  /** Calls once after a while; returns what cancels it. */
  after(delayMs: number, call: () => void): () => void
  onHeads(heads: Heads): void
  /** Whether the stream stands. */
  onLive(isLive: boolean): void
}

const PATH = '/api/sync/poke'
const REOPEN_FIRST_MS = 2_000
const REOPEN_MAX_MS = 120_000

const Message = v.object({ heads: v.optional(v.record(v.string(), v.number())) })

export class Pokes {
  readonly #deps: PokeDeps
  #stream: Stream | null = null
  #cancel: (() => void) | null = null
  #isWanted = false
  #failures = 0

  constructor(deps: PokeDeps) {
    this.#deps = deps
  }

  /** A hidden tab, or a tablet that is nobody's, wants none. */
  setWanted(isWanted: boolean): void {
    if (isWanted === this.#isWanted) return
    this.#isWanted = isWanted
    if (isWanted) this.#open()
    else this.#close()
  }

  #open(): void {
    const { open, onHeads, onLive } = this.#deps
    if (!open || !this.#isWanted) return
    const stream = open(PATH)
    this.#stream = stream
    stream.onopen = () => {
      this.#failures = 0
      onLive(true)
    }
    stream.onmessage = ({ data }) => {
      const heads = headsOf(data)
      if (heads) onHeads(heads)
    }
    stream.onerror = () => this.#reopen()
  }

  #reopen(): void {
    this.#close()
    if (!this.#isWanted) return
    const span = Math.min(REOPEN_MAX_MS, REOPEN_FIRST_MS * 2 ** this.#failures)
    this.#failures += 1
    this.#cancel = this.#deps.after(this.#deps.random() * span, () => {
      this.#cancel = null
      this.#open()
    })
  }

  #close(): void {
    this.#cancel?.()
    this.#cancel = null
    const stream = this.#stream
    if (!stream) return
    this.#stream = null
    stream.onopen = stream.onmessage = stream.onerror = null
    stream.close()
    this.#deps.onLive(false)
  }
}

/** Null for what is no poke of this version: the next poll brings what it meant. */
function headsOf(data: string): Heads | null {
  try {
    const read = v.safeParse(Message, JSON.parse(data))
    return read.success ? (read.output.heads ?? null) : null
  } catch {
    return null
  }
}
