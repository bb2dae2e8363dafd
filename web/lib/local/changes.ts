// Who else shows this database must hear of a change: the sync worker's pulls reach the pages, and
// one page's writes reach the other tabs. Messages carry ids and times, never personal data.
export type Change =
  /** Customers whose row or view changed, came or went. */
  | { type: 'customers'; ids: string[] }
  /** Latest visit by customer; null when a visit was taken back and the past must be read again. */
  | { type: 'visits'; latest: [customerId: string, at: number | null][] }
  /** Parts stored, or their last visits read. */
  | { type: 'parts'; nos: number[] }
  /** Parts hold less than before: nothing unpacked of them may be kept. */
  | { type: 'rewritten'; nos: number[] }
  /** Everything was replaced. */
  | { type: 'reset' }
  /** A pull was completed. */
  | { type: 'pulled'; at: number }
  /** Ops were written and wait to be sent. */
  | { type: 'written' }

export type ChangeListener = (change: Change) => void

export interface Changes {
  /** Tells every listener of this context and all other contexts. */
  announce(change: Change): void
  /** Returns the function that stops listening. */
  listen(listener: ChangeListener): () => void
  close(): void
}

/** An open channel keeps a Node process alive unless told not to; browsers have no such word. */
function release(channel: BroadcastChannel): void {
  if ('unref' in channel && typeof channel.unref === 'function') channel.unref()
}

export function openChanges(name: string): Changes {
  const listeners = new Set<ChangeListener>()
  const channel = new BroadcastChannel(`${name}:changes`)
  const tell = (change: Change) => {
    for (const listener of listeners) listener(change)
  }
  channel.onmessage = (event: MessageEvent<Change>) => tell(event.data)
  release(channel)
  return {
    announce(change) {
      tell(change)
      channel.postMessage(change)
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      listeners.clear()
      channel.close()
    },
  }
}
