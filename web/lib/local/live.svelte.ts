import { liveQuery } from 'dexie'

/**
 * A query of the local database as state: it runs again when a table it read was written, by this
 * page, another tab or the sync worker. Reactive values are read in `deps`: inside the query they
 * are not tracked.
 */
export function live<T, D>(deps: () => D, query: (deps: D) => T | Promise<T>, initial: T) {
  let value = $state.raw(initial)
  let error = $state.raw<unknown>()
  $effect(() => {
    const given = deps()
    const subscription = liveQuery(() => query(given)).subscribe({
      next: (result) => {
        value = result
        error = undefined
      },
      error: (fault: unknown) => {
        error = fault
      },
    })
    return () => subscription.unsubscribe()
  })
  return {
    get value() {
      return value
    },
    get error() {
      return error
    },
  }
}
