import { ApiError } from './errors.ts'

// Thousands of tablets come back at once when a network does. What is at work and what waits is
// bounded, so that whoever is let in is answered soon; the others are told when to come back,
// spread over the time that it takes to answer those before them.

/** Requests of one device that are served at a time, by what they do; a next one waits. */
const WIDTH = { push: 1, pull: 1, fetch: 2 } as const
export type Lane = keyof typeof WIDTH

/** Requests of one device that wait for its own earlier ones. */
const LANE_WAITING_MAX = 4
const RETRY_MIN_MS = 5_000
const RETRY_MAX_MS = 60_000
/** A device may come this share of its wait later than told, so that they do not come in step. */
const JITTER = 0.25
const FIRST_PACE_MS = 5
const PACE_WEIGHT = 0.05

interface Settings {
  /** Requests at work at a time. */
  atWork: number
  /** Requests that wait for their turn. */
  waiting: number
  /** Nobody is kept waiting for longer; their client gives up at about that time. */
  patienceMs?: number
  /** A number from 0 up to 1. */
  random?: () => number
}

interface Waiter {
  lane: LaneState
  since: number
  isGone: boolean
  start(): void
  refuse(error: ApiError): void
}

interface LaneState {
  key: string
  width: number
  /** Requests that wait for a place or have one. */
  open: number
  behind: Waiter[]
}

export class Admission {
  readonly #settings: Required<Settings>
  readonly #lanes = new Map<string, LaneState>()
  readonly #queue: Waiter[] = []
  #working = 0
  #waiting = 0
  #reading = 0
  /** Ms between two answers while others wait, and when the last one was given. */
  #paceMs = FIRST_PACE_MS
  #answeredAt: number | null = null
  /** Until when the time is promised to those who were sent away. */
  #promisedUntil = 0

  constructor(settings: Settings) {
    this.#settings = { patienceMs: 20_000, random: Math.random, ...settings }
  }

  get working(): number {
    return this.#working
  }

  get waiting(): number {
    return this.#waiting
  }

  /**
   * Reads a request before it waits for its turn: a body that trickles in over a bad network holds
   * up nobody else. As many are read at a time as may wait; throws ApiError `busy` beyond that.
   */
  async read<T>(body: () => Promise<T>): Promise<T> {
    const { waiting, atWork } = this.#settings
    if (this.#waiting >= waiting || this.#reading >= waiting + atWork) throw this.#busy()
    this.#reading += 1
    try {
      return await body()
    } finally {
      this.#reading -= 1
    }
  }

  /** Does the work in its turn. Throws ApiError `busy` when there is no room to wait. */
  async run<T>(
    device: string,
    lane: Lane,
    work: () => T | Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const state = this.#laneOf(device, lane)
    await this.#enter(state, signal)
    try {
      return await work()
    } finally {
      this.#leave(state)
    }
  }

  #laneOf(device: string, lane: Lane): LaneState {
    const key = `${lane} ${device}`
    let state = this.#lanes.get(key)
    if (!state) this.#lanes.set(key, (state = { key, width: WIDTH[lane], open: 0, behind: [] }))
    return state
  }

  #enter(lane: LaneState, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        lane,
        since: performance.now(),
        isGone: false,
        start: () => {
          this.#working += 1
          resolve()
        },
        refuse: reject,
      }
      signal?.addEventListener('abort', () => (waiter.isGone = true), { once: true })
      const isFree = lane.open < lane.width
      if (isFree && this.#working < this.#settings.atWork) {
        lane.open += 1
        waiter.start()
      } else if (this.#waiting >= this.#settings.waiting || isCrowded(lane)) {
        this.#tidy(lane)
        reject(this.#busy())
      } else {
        this.#waiting += 1
        if (!isFree) lane.behind.push(waiter)
        else this.#line(waiter)
      }
    })
  }

  /** Stands in line for a place, with the lane's own place taken. */
  #line(waiter: Waiter): void {
    waiter.lane.open += 1
    this.#queue.push(waiter)
  }

  #leave(lane: LaneState): void {
    this.#working -= 1
    this.#measure()
    this.#free(lane)
    while (this.#working < this.#settings.atWork) {
      const next = this.#queue.shift()
      if (!next) return
      this.#waiting -= 1
      if (this.#isTooLate(next)) this.#free(next.lane)
      else next.start()
    }
  }

  /** Gives a lane's place to the device's next request. */
  #free(lane: LaneState): void {
    lane.open -= 1
    const next = lane.behind.shift()
    if (next) this.#line(next)
    this.#tidy(lane)
  }

  #tidy(lane: LaneState): void {
    if (lane.open === 0 && lane.behind.length === 0) this.#lanes.delete(lane.key)
  }

  #isTooLate(waiter: Waiter): boolean {
    const isLate = performance.now() - waiter.since > this.#settings.patienceMs
    if (isLate || waiter.isGone) waiter.refuse(this.#busy())
    return isLate || waiter.isGone
  }

  /** How fast answers leave while others wait; with nobody waiting, time says nothing of it. */
  #measure(): void {
    const now = performance.now()
    if (this.#answeredAt !== null)
      this.#paceMs += (now - this.#answeredAt - this.#paceMs) * PACE_WEIGHT
    this.#answeredAt = this.#queue.length > 0 ? now : null
  }

  /** Everyone who is sent away is promised a later moment than the one before. */
  #busy(): ApiError {
    const now = performance.now()
    const free = now + Math.max(RETRY_MIN_MS, this.#waiting * this.#paceMs)
    this.#promisedUntil = Math.max(free, this.#promisedUntil + this.#paceMs)
    const last = RETRY_MAX_MS / (1 + JITTER)
    const { random } = this.#settings
    const waitMs = this.#promisedUntil - now
    // Beyond what may be promised, all that is left is to spread them.
    const isFar = waitMs > last
    if (isFar) this.#promisedUntil = now + last
    const baseMs = isFar ? (last / 2) * (1 + random()) : waitMs
    return new ApiError('busy', undefined, baseMs * (1 + JITTER * random()))
  }
}

function isCrowded(lane: LaneState): boolean {
  return lane.behind.length >= LANE_WAITING_MAX
}
