/** Groups values by key; sets keep the locks' lists free of repetitions. */
export class Groups {
  private readonly sets = new Map<string, Set<string>>()

  get size(): number {
    return this.sets.size
  }

  add(key: string, value: string): void {
    const set = this.sets.get(key)
    if (set) set.add(value)
    else this.sets.set(key, new Set([value]))
  }

  sorted(): [string, string[]][] {
    return [...this.sets]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, set]) => [key, [...set].sort()])
  }
}
