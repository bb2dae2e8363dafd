// The floor: what a browser must do at least. Bare IndexedDB, the server's packed parts stored as
// they come, an index in memory, strict writes, an outbox. It checks, resumes and merges nothing.
import type { Contender, Found, PastVisit, Search } from '../contender.ts'

interface Lean extends Found {
  py: string
  last4: string
  phone: string
}

interface LeanVisit extends PastVisit {
  c: string
}

interface Part {
  no: number
  customers: Uint8Array
  visits: Uint8Array
}

const PARTS_AT_ONCE = 4
const BATCH = 500

let db: IDBDatabase | null = null
const entries: Lean[] = []
const texts: string[] = []
const slots = new Map<string, number>()
const partOf = new Map<string, number>()
let cursor = 0

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
  })
}

function write(stores: string[], work: (store: (name: string) => IDBObjectStore) => void) {
  return new Promise<void>((resolve, reject) => {
    if (!db) throw new Error('the database is not open')
    const tx = db.transaction(stores, 'readwrite', { durability: 'strict' })
    tx.oncomplete = () => resolve()
    tx.onerror = () => reject(tx.error ?? new Error('IndexedDB'))
    work((name) => tx.objectStore(name))
  })
}

function read(name: string): IDBObjectStore {
  if (!db) throw new Error('the database is not open')
  return db.transaction(name, 'readonly').objectStore(name)
}

async function unpack<T>(bytes: Uint8Array): Promise<T> {
  const { readable, writable } = new DecompressionStream('gzip')
  const writer = writable.getWriter()
  const written = writer.write(new Uint8Array(bytes)).then(() => writer.close())
  const [value] = await Promise.all([new Response(readable).json() as Promise<T>, written])
  return value
}

function put(one: Lean): void {
  const slot = slots.get(one.id) ?? entries.length
  slots.set(one.id, slot)
  entries[slot] = one
  texts[slot] = `|${one.py}|${one.last4}|`
}

async function index({ no, customers }: Part): Promise<void> {
  for (const one of await unpack<Lean[]>(customers)) {
    put(one)
    partOf.set(one.id, no)
  }
}

/** Two segments behind the length of the first, as a part of ours has them. */
async function fetchPart(no: number): Promise<Part> {
  const bytes = new Uint8Array(await (await fetch(`/floor/part/${no}`)).arrayBuffer())
  const length = new DataView(bytes.buffer).getUint32(0, true)
  return { no, customers: bytes.slice(4, 4 + length), visits: bytes.slice(4 + length) }
}

async function ask<T>(path: string, body?: object): Promise<T> {
  const options = body ? { method: 'POST', body: JSON.stringify(body) } : {}
  return (await fetch(path, options)).json() as Promise<T>
}

async function takeChanges(): Promise<void> {
  type Page = { customers: Lean[]; visits: LeanVisit[]; cursor: number; more: boolean }
  for (let more = true; more;) {
    const page = await ask<Page>(`/floor/pull?after=${cursor}`)
    await write(['customer', 'visit', 'meta'], (store) => {
      for (const one of page.customers) store('customer').put(one)
      for (const one of page.visits) store('visit').put(one)
      store('meta').put({ key: 'cursor', value: page.cursor })
    })
    for (const one of page.customers) put(one)
    cursor = page.cursor
    more = page.more
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open('floor', 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore('part', { keyPath: 'no' })
    request.result.createObjectStore('customer', { keyPath: 'id' })
    request.result.createObjectStore('visit', { keyPath: 'id' }).createIndex('c', 'c')
    request.result.createObjectStore('outbox', { keyPath: 'id' })
    request.result.createObjectStore('meta', { keyPath: 'key' })
  }
  return done(request)
}

export const contender: Contender = {
  async open() {
    db = await openDatabase()
  },
  async bootstrap(on500) {
    const manifest = await ask<{ parts: number; cursor: number }>('/floor/manifest')
    const coming: Promise<Part>[] = []
    for (let no = 0; no < manifest.parts; no += 1) {
      while (coming.length < Math.min(manifest.parts, no + PARTS_AT_ONCE))
        coming.push(fetchPart(coming.length))
      const part = await coming[no]
      if (!part) throw new Error('unreachable: the part was asked for')
      await write(['part'], (store) => store('part').put(part))
      await index(part)
      if (entries.length >= BATCH) on500()
    }
    cursor = manifest.cursor
    await write(['meta'], (store) => store('meta').put({ key: 'cursor', value: cursor }))
  },
  async prepareFind() {
    const parts: Part[] = await done(read('part').getAll())
    for (const part of parts) await index(part)
    const changed: Lean[] = await done(read('customer').getAll())
    for (const one of changed) put(one)
    cursor = ((await done(read('meta').get('cursor'))) as { value: number }).value
  },
  find({ text }: Search, limit) {
    const found: Lean[] = []
    for (let slot = 0; slot < texts.length && found.length < limit; slot += 1) {
      const one = texts[slot]?.includes(`|${text}`) ? entries[slot] : undefined
      if (one) found.push(one)
    }
    return found
  },
  async visitsOf(id) {
    const no = partOf.get(id)
    const part: Part | undefined = no === undefined ? undefined : await done(read('part').get(no))
    const packed = part ? await unpack<Record<string, LeanVisit[]>>(part.visits) : {}
    const later: LeanVisit[] = await done(read('visit').index('c').getAll(id))
    return [...(packed[id] ?? []), ...later].sort((a, b) => b.at - a.at)
  },
  async write(c, id) {
    const visit = { id, c, at: Date.now(), purpose: 'buy' }
    await write(['visit', 'outbox'], (store) => {
      store('visit').put(visit)
      store('outbox').put(visit)
    })
    return id
  },
  async flush() {
    const waiting: LeanVisit[] = await done(read('outbox').getAll())
    for (let from = 0; from < waiting.length; from += BATCH) {
      const ops = waiting.slice(from, from + BATCH)
      await ask('/floor/push', { ops })
      await write(['outbox'], (store) => {
        for (const op of ops) store('outbox').delete(op.id)
      })
    }
    await takeChanges()
  },
  async pull(isThere) {
    await takeChanges()
    if (!(await isThere())) throw new Error('the change did not come')
  },
  async counts() {
    const parts: Part[] = await done(read('part').getAll())
    let visits = 0
    for (const part of parts)
      for (const own of Object.values(await unpack<Record<string, LeanVisit[]>>(part.visits)))
        visits += own.length
    return { customers: entries.length, visits }
  },
}
