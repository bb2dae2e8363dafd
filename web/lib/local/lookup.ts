// The look-up of one page: every customer of the store in memory, so that an answer needs no
// database. It fills in the background and follows every change of this and other contexts.
import { createSubscriber } from 'svelte/reactivity'
import { normalisePhone } from '#model/phone.ts'
import { type LookupEntry, parseQuery } from '#model/search-text.ts'
import type { Change } from './changes.ts'
import type { Local } from './database.ts'
import { entriesHere } from './entries.ts'
import { packEntry, type PackedEntry } from './entry.ts'
import { LookupIndex } from './lookup-index.ts'
import { readMeta } from './meta.ts'
import { getPast, lastSeenOf } from './past.ts'
import { readCustomers } from './read.ts'

const DUPLICATES_SHOWN = 5
const DUPLICATE_MIN_DIGITS = 7
const TELL_MS = 50

/** What is being typed about a new customer. */
export interface DuplicateDraft {
  name?: string
  phone?: string
}

export class Lookup {
  readonly #local: Local
  #index = new LookupIndex()
  /** Ids that changed while the index was loading: what a slice says of them is older. */
  #changed: Set<string> | null = null
  #loading: Promise<void> | null = null
  readonly #pending: number[] = []
  #isAdding = false
  #ready = false
  #asOf: number | null = null
  #tell: (() => void) | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  readonly #subscribe = createSubscriber((tell) => {
    this.#tell = tell
    return () => (this.#tell = null)
  })

  constructor(local: Local) {
    this.#local = local
    local.changes.listen((change) => {
      void this.follow(change)
    })
  }

  /** Customers in the index. Like every answer of this class it is reactive in an effect. */
  get size(): number {
    this.#subscribe()
    return this.#index.size
  }

  /** When the store's data was last completely pulled, in ms; null when never. */
  get asOf(): number | null {
    this.#subscribe()
    return this.#asOf
  }

  /** False while customers may still be missing. */
  get ready(): boolean {
    this.#subscribe()
    return this.#ready
  }

  /** Fills the index; what is there already answers meanwhile. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = null))
    return this.#loading
  }

  /** Customers that answer what was typed, the best first; none for too short a query. */
  search(input: string, limit = 50): LookupEntry[] {
    this.#subscribe()
    const query = parseQuery(input)
    return query ? this.#index.search(query, limit) : []
  }

  /** Customers who may be the one being typed: the same phone first, then the same name. */
  duplicates(draft: DuplicateDraft, country: string): LookupEntry[] {
    this.#subscribe()
    const found = new Map<string, LookupEntry>()
    for (const entry of [...this.#samePhone(draft, country), ...this.#sameName(draft)])
      found.set(entry.id, entry)
    return [...found.values()].slice(0, DUPLICATES_SHOWN)
  }

  /** Takes one change of the database into the index. */
  async follow(change: Change): Promise<void> {
    if (change.type === 'customers') await this.#refresh(change.ids)
    else if (change.type === 'visits') await this.#seen(change.latest)
    else if (change.type === 'parts') await this.#addParts(change.nos)
    else if (change.type === 'reset') await this.#reload()
    else if (change.type === 'pulled') this.#asOf = change.at
    this.#changedNow()
  }

  #samePhone({ phone = '' }: DuplicateDraft, country: string): LookupEntry[] {
    const digits = normalisePhone(phone, country)?.digits ?? ''
    if (digits.length < DUPLICATE_MIN_DIGITS) return []
    return this.#index.equals({ text: digits, digitsOnly: true }, DUPLICATES_SHOWN, () => true)
  }

  #sameName({ name = '' }: DuplicateDraft): LookupEntry[] {
    const query = parseQuery(name)
    if (!query || query.digitsOnly) return []
    const isSame = (entry: LookupEntry) => parseQuery(entry.name)?.text === query.text
    return this.#index.equals(query, DUPLICATES_SHOWN, isSame)
  }

  async #reload(): Promise<void> {
    await this.#loading
    await this.load()
  }

  async #load(): Promise<void> {
    const changed = (this.#changed = new Set<string>())
    const next = new LookupIndex()
    if (this.#index.size === 0) this.#index = next
    const source = this.#local.entries ?? entriesHere(this.#local)
    await source.all((slice) => {
      for (const packed of slice) if (!changed.has(packed.entry.id)) next.put(packed)
      this.#changedNow()
    })
    if (next !== this.#index) for (const id of changed) copy(id, this.#index, next)
    this.#index = next
    this.#changed = null
    this.#ready = true
    this.#asOf = (await readMeta(this.#local.db, 'success'))?.last_pull_at ?? null
    this.#changedNow()
  }

  /** Parts come faster than they are read: those that came meanwhile are read together. */
  async #addParts(nos: readonly number[]): Promise<void> {
    this.#pending.push(...nos)
    if (this.#isAdding) return
    this.#isAdding = true
    try {
      for (let next = this.#pending.splice(0); next.length > 0; next = this.#pending.splice(0))
        await this.#readParts(next)
    } finally {
      this.#isAdding = false
    }
  }

  async #readParts(nos: readonly number[]): Promise<void> {
    const source = this.#local.entries ?? entriesHere(this.#local)
    await source.ofParts(nos, (slice) => {
      for (const packed of slice) if (!this.#changed?.has(packed.entry.id)) this.#index.put(packed)
      this.#changedNow()
    })
  }

  async #refresh(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#changed?.add(id)
    const rows = await readCustomers(this.#local, ids)
    for (const [place, id] of ids.entries()) {
      const row = rows[place]
      if (!row) this.#index.remove(id)
      else this.#index.put(packEntry(row, await this.#lastOf(id)))
    }
  }

  async #lastOf(id: string): Promise<number | null> {
    const known = this.#index.get(id)
    return known ? known.last_at : lastSeenOf(await getPast(this.#local, id))
  }

  async #seen(latest: readonly [string, number | null][]): Promise<void> {
    for (const [id, at] of latest) {
      const known = this.#index.get(id)
      if (!known) continue
      this.#changed?.add(id)
      const last = at === null ? lastSeenOf(await getPast(this.#local, id)) : at
      this.#index.setLast(id, at === null ? last : Math.max(at, known.last_at ?? at))
    }
  }

  /** Slices come fast while loading: what shows the answers is told a few times a second. */
  #changedNow(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#tell?.()
    }, TELL_MS)
  }
}

function copy(id: string, from: LookupIndex, to: LookupIndex): void {
  const packed: PackedEntry | undefined = from.packed(id)
  if (packed) to.put(packed)
  else to.remove(id)
}
