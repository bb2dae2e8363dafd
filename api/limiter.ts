const KEYS_MAX = 10_000

interface Window {
  count: number
  endsAt: number
}

/**
 * Counts attempts per key in fixed windows, in memory: a guesser is slowed down for as long as the
 * process lives, and a restart forgives. Bounded, so that made-up keys cannot fill the memory.
 */
export class Limiter {
  readonly #windows = new Map<string, Window>()
  readonly #max: number
  readonly #windowMs: number

  /** At most `max` attempts per key within `windowMs`. */
  constructor(max: number, windowMs: number) {
    this.#max = max
    this.#windowMs = windowMs
  }

  /** Counts an attempt. Returns null when it is allowed, else ms until the next one is. */
  take(key: string, now: number): number | null {
    const window = this.#windows.get(key)
    if (!window || window.endsAt <= now) {
      this.#makeRoom(now)
      this.#windows.delete(key)
      this.#windows.set(key, { count: 1, endsAt: now + this.#windowMs })
      return null
    }
    if (window.count >= this.#max) return window.endsAt - now
    window.count += 1
    return null
  }

  get size(): number {
    return this.#windows.size
  }

  /** Forgets the attempts of a key: whoever succeeded was not guessing. */
  forget(key: string): void {
    this.#windows.delete(key)
  }

  /** Takes back the last attempt of a key that others share, and no more than that one. */
  giveBack(key: string): void {
    const window = this.#windows.get(key)
    if (window && window.count > 0) window.count -= 1
  }

  #makeRoom(now: number): void {
    if (this.#windows.size < KEYS_MAX) return
    // Insertion order is the order of ending, so the first keys are the ones to lose.
    for (const [key, window] of this.#windows) {
      if (window.endsAt > now && this.#windows.size < KEYS_MAX) return
      this.#windows.delete(key)
    }
  }
}
