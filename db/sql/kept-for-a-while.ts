/** An answer is kept for so many times as long as it took: at most a twentieth of all time. */
const KEPT_TIMES = 20

interface Kept<T> {
  key: string
  at: number
  tookMs: number
  value: Promise<T>
}

/**
 * Keeps the last answer of a costly question about each owner, for longer the more it cost. The
 * same question asked meanwhile gets the same answer, also while that is being computed. `key`
 * tells questions apart; `clockMs` is any clock that only goes forward.
 */
export class KeptForAWhile<Owner extends object, T> {
  readonly #kept = new WeakMap<Owner, Kept<T>>()
  readonly #clockMs: () => number

  constructor(clockMs: () => number) {
    this.#clockMs = clockMs
  }

  get(owner: Owner, key: string, compute: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(owner)
    const now = this.#clockMs()
    const isFresh = known?.key === key && now - known.at <= known.tookMs * KEPT_TIMES
    if (known && isFresh) return known.value
    const kept: Kept<T> = { key, at: now, tookMs: Infinity, value: compute() }
    this.#kept.set(owner, kept)
    kept.value.then(
      () => {
        kept.at = this.#clockMs()
        kept.tookMs = kept.at - now
      },
      () => this.#kept.delete(owner), // Whoever asked hears of it; nobody else shall.
    )
    return kept.value
  }
}
