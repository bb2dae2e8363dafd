import type { Db, Engine } from './engine.ts'

/** Feeds whose head moved, with the number it moved to. */
export type Heads = Record<string, number>
export type HeadsListener = (heads: Heads) => void

/** Heads that the running transaction bumped, by its handle. */
const running = new WeakMap<Db, Map<string, number>>()

/** Notes a head that was bumped; outside of a watched transaction nobody is told. */
export function noteHead(db: Db, feed: string, seq: number): void {
  running.get(db)?.set(feed, seq)
}

/**
 * The engine's transactions, and news of the heads they moved: told after the commit, never of
 * what was rolled back. A listener must not throw: what it is told of has happened.
 */
export function watchHeads(engine: Engine): {
  tx: Engine['tx']
  onHeads(listener: HeadsListener): () => void
} {
  const listeners = new Set<HeadsListener>()
  return {
    tx: async (run) => {
      let moved = new Map<string, number>()
      const result = await engine.tx((db) => {
        running.set(db, (moved = new Map()))
        return run(db)
      })
      if (moved.size > 0) for (const listener of listeners) listener(Object.fromEntries(moved))
      return result
    },
    onHeads: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
