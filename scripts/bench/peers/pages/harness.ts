// Runs in the page: drives one contender and measures it. What it found goes back to the bench,
// which knows what must have been found.
import type { Contender, Found, Search } from '../contender.ts'

const TICK_MS = 4
const POLL_MS = 2

export interface Measured {
  ms: number
  first500Ms: number | null
  /** The longest time in which the page could not run anything else. */
  stallMs: number
}

export interface Harness {
  load(module: string): Promise<void>
  enrol(code: string): Promise<void>
  bootstrap(total: number): Promise<Measured>
  counts(): Promise<{ customers: number; visits: number }>
  finds(searches: Search[], limit: number): Promise<{ ms: number[]; ids: string[][] }>
  histories(ids: string[]): Promise<{ ms: number[]; visits: string[][] }>
  touch(ids: string[]): Promise<void>
  recents(): Promise<{ ms: number; ids: string[] }>
  reopen(search: Search, id: string): Promise<number>
  writes(visits: { customer: string; id: string }[]): Promise<{ ms: number[]; ids: string[] }>
  flush(): Promise<Measured>
  pull(search: Search, id: string): Promise<Measured>
  storageBytes(): Promise<number>
}

declare global {
  var bench: Harness
}

let contender: Contender | null = null

function current(): Contender {
  if (!contender) throw new Error('no contender is loaded')
  return contender
}

/** Every 4 ms something small wants to run; the longest time it could not is the stall. */
async function watched(work: (note500: () => void) => Promise<void>): Promise<Measured> {
  let [longest, last, first500Ms] = [0, performance.now(), null as number | null]
  const tick = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last - TICK_MS)
    last = now
  }
  const timer = setInterval(tick, TICK_MS)
  const start = performance.now()
  await work(() => (first500Ms ??= performance.now() - start))
  const ms = performance.now() - start
  await current().settle?.()
  tick()
  clearInterval(timer)
  return { ms, first500Ms, stallMs: longest }
}

/** Resolves when a look-up answers with the customer. */
async function untilFound(search: Search, id: string): Promise<void> {
  while (!(await isFound(search, id))) await new Promise((wake) => setTimeout(wake, POLL_MS))
}

async function isFound(search: Search, id: string): Promise<boolean> {
  const found = await current().find(search, 20)
  return found.some((one) => one.id === id)
}

/** A result counts only with all that a row of the list shows. */
function idsOf(found: Found[]): string[] {
  return found.flatMap((one) => (one.name && one.phone ? [one.id] : []))
}

async function each<I, O>(items: readonly I[], work: (item: I) => O | Promise<O>) {
  const ms: number[] = []
  const results: O[] = []
  for (const item of items) {
    const start = performance.now()
    const made = work(item)
    results.push(made instanceof Promise ? await made : made)
    ms.push(performance.now() - start)
  }
  return { ms, results }
}

globalThis.bench = {
  async load(module) {
    const loaded: { contender: Contender } = await import(/* @vite-ignore */ module)
    contender = loaded.contender
  },
  async enrol(code) {
    await current().open()
    await current().enrol?.(code)
  },
  bootstrap: (total) => watched((note500) => current().bootstrap(note500, total)),
  counts: () => current().counts(),
  async finds(searches, limit) {
    const { ms, results } = await each(searches, (search) => current().find(search, limit))
    return { ms, ids: results.map(idsOf) }
  },
  async histories(ids) {
    const { ms, results } = await each(ids, (id) => current().visitsOf(id))
    return { ms, visits: results.map((visits) => visits.map((visit) => visit.id)) }
  },
  async touch(ids) {
    for (const id of ids) await current().touch?.(id)
  },
  async recents() {
    const start = performance.now()
    await current().open()
    const found = (await current().recents?.()) ?? []
    return { ms: performance.now() - start, ids: found.map((one) => one.id) }
  },
  async reopen(search, id) {
    const start = performance.now()
    await current().open()
    await current().prepareFind?.()
    await untilFound(search, id)
    return performance.now() - start
  },
  async writes(visits) {
    const { ms, results } = await each(visits, ({ customer, id }) => current().write(customer, id))
    return { ms, ids: results }
  },
  /** Waits for the network first, so that the time counts from its return for everybody. */
  async flush() {
    if (!navigator.onLine) await new Promise((back) => addEventListener('online', back))
    return watched(() => current().flush())
  },
  pull: (search, id) => watched(() => current().pull(() => isFound(search, id))),
  async storageBytes() {
    return (await navigator.storage.estimate()).usage ?? 0
  },
}
