// When to sync. One cycle at a time; what happens during a cycle asks for one more. After a
// success the next comes by a timer with jitter, so that a thousand tablets do not come at once,
// and rarely while the server tells of news by itself; after a failure by full jitter over a
// doubling span. A server that asks to wait is obeyed.

/**
 * Why a cycle is asked for. `written` an op waits; `news` the server has some; `nudge` a person or
 * the device wants it now.
 */
export type Wake = 'written' | 'news' | 'nudge'

export interface CycleOutcome {
  ok: boolean
  /** Set when the server asked to wait this long. */
  retryAfterMs: number | null
}

export interface ScheduleDeps {
  now(): number
  /** From 0 to below 1. */
  random(): number
  /** Calls once after a while; returns what cancels it. */
  after(delayMs: number, call: () => void): () => void
}

const PERIOD_MIN_MS = 30_000
const PERIOD_SPREAD_MS = 30_000
/** Times the period while the server tells of news: polling is then only the safety net. */
const LIVE_FACTOR = 6
const BACKOFF_FIRST_MS = 2_000
const BACKOFF_MAX_MS = 60_000
/** While the server fails, a write or news do not try it again sooner than this. */
const FAILING_PAUSE_MS = 10_000

export class Schedule {
  readonly #cycle: () => Promise<CycleOutcome>
  readonly #deps: ScheduleDeps
  #cancel: (() => void) | null = null
  #isRunning = false
  #isAskedAgain = false
  /** Asked for by a person or the device during the cycle. */
  #isNudged = false
  /** The cycle follows one that failed, because of a nudge. */
  #isSecondTry = false
  #isStopped = false
  #isLive = false
  #failures = 0
  #triedAt = -Infinity
  #notBefore = -Infinity

  constructor(cycle: () => Promise<CycleOutcome>, deps: ScheduleDeps) {
    this.#cycle = cycle
    this.#deps = deps
  }

  wake(why: Wake): void {
    if (this.#isStopped) return
    if (this.#isRunning) {
      this.#isAskedAgain = true
      this.#isNudged ||= why === 'nudge'
      return
    }
    const pause = why !== 'nudge' && this.#failures > 0 ? FAILING_PAUSE_MS : 0
    const earliest = Math.max(this.#notBefore, this.#triedAt + pause)
    this.#plan(Math.max(0, earliest - this.#deps.now()))
  }

  /** Whether the server tells of news by itself. When it stops to, polling takes over. */
  setLive(isLive: boolean): void {
    const isLost = this.#isLive && !isLive
    this.#isLive = isLive
    if (isLost && this.#cancel && this.#failures === 0) this.#plan(this.#pauseMs(true))
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel?.()
    this.#cancel = null
  }

  #plan(delayMs: number): void {
    this.#cancel?.()
    this.#cancel = this.#deps.after(delayMs, () => {
      this.#cancel = null
      void this.#run()
    })
  }

  async #run(): Promise<void> {
    if (this.#isRunning || this.#isStopped) return
    this.#isRunning = true
    this.#isAskedAgain = false
    this.#isNudged = false
    this.#triedAt = this.#deps.now()
    const outcome = await this.#cycle()
    this.#isRunning = false
    if (this.#isStopped) return
    this.#failures = outcome.ok ? 0 : this.#failures + 1
    this.#notBefore = this.#deps.now() + (outcome.retryAfterMs ?? 0)
    // The network may have come back while the cycle failed: one try more, and not one after each.
    this.#isSecondTry = !outcome.ok && this.#isNudged && !this.#isSecondTry
    const isNext = this.#isSecondTry || (outcome.ok && this.#isAskedAgain)
    const pauseMs = isNext ? 0 : this.#pauseMs(outcome.ok)
    this.#plan(Math.max(outcome.retryAfterMs ?? 0, pauseMs))
  }

  #pauseMs(isOk: boolean): number {
    if (isOk) {
      const period = PERIOD_MIN_MS + this.#deps.random() * PERIOD_SPREAD_MS
      return this.#isLive ? period * LIVE_FACTOR : period
    }
    const span = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (this.#failures - 1))
    return this.#deps.random() * span
  }
}
