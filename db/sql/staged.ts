/**
 * Records as a batch leaves them, over what was loaded. A group of ops that is refused half-way
 * is rolled back here, in memory, so the database sees only what stands.
 */
export class Staged<T> {
  private readonly loaded = new Map<string, T>()
  private readonly changed = new Map<string, T>()
  private journal: [string, T | undefined][] = []

  load(key: string, value: T): void {
    this.loaded.set(key, value)
  }

  get(key: string): T | undefined {
    return this.changed.get(key) ?? this.loaded.get(key)
  }

  before(key: string): T | undefined {
    return this.loaded.get(key)
  }

  set(key: string, value: T): void {
    if (value === this.get(key)) return
    this.journal.push([key, this.changed.get(key)])
    this.changed.set(key, value)
  }

  /** Keys and values that differ from what was loaded. */
  changes(): [string, T][] {
    return [...this.changed]
  }

  /** All that is known, loaded or changed. */
  all(): [string, T][] {
    return [...new Map([...this.loaded, ...this.changed])]
  }

  begin(): void {
    this.journal = []
  }

  rollBack(): void {
    for (const [key, value] of this.journal.reverse())
      if (value === undefined) this.changed.delete(key)
      else this.changed.set(key, value)
    this.journal = []
  }
}
