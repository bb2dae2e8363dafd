// Parts stay packed. To find one customer among them, the ids of every part are held in memory as
// bytes; to read one, its part is unpacked, and the last few unpacked parts are kept.
import { Dexie } from 'dexie'
import type { CustomerRow } from '#model/customer.ts'
import { idOfDigits } from '#model/id.ts'
import {
  type CustomersSegment,
  type PartPast,
  pastOf,
  type PastSegment,
  unpackCustomers,
  unpackPast,
} from '#model/part.ts'
import type { HistoryRow, Visit } from '#model/visit.ts'
import type { Changes } from './changes.ts'
import { unpack } from './gzip.ts'
import { readMetas } from './meta.ts'
import type { LocalDatabase } from './schema.ts'
import type { PartIndexRow } from './tables.ts'

const KEPT_PARTS = 12
const ID_BYTES = 16
const ID_WORDS = 4

/** A place among the parts: which part, and the how manieth customer in it. */
export interface PartPlace {
  no: number
  index: number
}

interface IndexedPart {
  no: number
  words: Uint32Array
  last: Float64Array | null
  isCut: boolean
}

interface Catalogue {
  generation: Generation
  parts: IndexedPart[]
}

function partOf({ no, ids, last, isCut }: PartIndexRow): IndexedPart {
  return { no, words: wordsOf(ids), last, isCut: isCut ?? false }
}

export function idBytes(ids: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(ids.length * ID_BYTES)
  ids.forEach((id, row) => {
    const hex = id.replaceAll('-', '')
    for (let i = 0; i < ID_BYTES; i += 1)
      bytes[row * ID_BYTES + i] = parseInt(hex.slice(i * 2, i * 2 + 2), 16)
  })
  return bytes
}

export function idsOfBytes(bytes: Uint8Array): string[] {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const digits = ID_BYTES * 2
  return Array.from({ length: bytes.length / ID_BYTES }, (_, row) =>
    idOfDigits(hex.slice(row * digits, (row + 1) * digits)),
  )
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(new Uint8Array(bytes).buffer)
}

/** Ids made in one go share their first bytes, so the last word is compared first. */
function indexOfId(words: Uint32Array, id: Uint32Array): number {
  for (let at = 0; at < words.length; at += ID_WORDS) {
    if (
      words[at + 3] === id[3] &&
      words[at + 2] === id[2] &&
      words[at + 1] === id[1] &&
      words[at] === id[0]
    )
      return at / ID_WORDS
  }
  return -1
}

/** Dexie follows what a live query reads only through its own promises. */
function followed<T>(work: Promise<T>): PromiseLike<T> {
  return Dexie.Promise.resolve(work)
}

/** The set of parts that answers now. */
export interface Generation {
  set: number
  seq: number
}

/** The complete parts, else those of the first download so far. */
export async function generationOf(db: LocalDatabase): Promise<Generation | null> {
  const { snapshot, download } = await readMetas(db, ['snapshot', 'download'])
  if (snapshot) return { set: snapshot.set, seq: snapshot.seq }
  return download ? { set: download.set, seq: download.manifest.seq } : null
}

function ofSet(db: LocalDatabase, set: number) {
  return db.part_index.where('[set+no]').between([set, -Infinity], [set, Infinity])
}

/** The index rows of a set, in the order of its parts. */
export function indexOfSet(db: LocalDatabase, set: number): PromiseLike<PartIndexRow[]> {
  return ofSet(db, set).toArray()
}

/** The numbers of the parts of a set that are stored. */
export async function storedParts(db: LocalDatabase, set: number): Promise<Set<number>> {
  const keys = await ofSet(db, set).primaryKeys()
  return new Set(keys.map(([, no]) => no))
}

/** Reads one segment of a part; null where the part is gone. */
type ReadSegment<T> = (db: LocalDatabase, key: [set: number, no: number]) => Promise<T | null>

async function readCustomers(db: LocalDatabase, key: [number, number]) {
  const stored = await db.part.get(key)
  return stored ? unpackCustomers(await unpack<CustomersSegment>(stored.customers)) : null
}

/** The past of a part's customers, packed, and whose it is. */
interface PackedPast {
  segment: PastSegment
  ids: string[]
}

/** In one transaction, because a part and its ids are written anew when somebody is erased. */
async function readPast(db: LocalDatabase, key: [number, number]): Promise<PackedPast | null> {
  const [stored, index] = await db.transaction('r', db.part, db.part_index, () =>
    Promise.all([db.part.get(key), db.part_index.get(key)]),
  )
  if (!stored || !index) return null
  return { segment: await unpack<PastSegment>(stored.past), ids: idsOfBytes(index.ids) }
}

const NO_PAST: PackedPast = { segment: {}, ids: [] }

/** One customer's past. `isCut`: it was given up for want of room. */
export interface OnePast {
  visits: Visit[]
  history: HistoryRow[]
  isCut: boolean
}

export class PartCache {
  readonly #db: LocalDatabase
  readonly #unpacked = new Map<string, Promise<unknown>>()
  #catalogue: Promise<Catalogue | null> | null = null

  constructor(db: LocalDatabase, changes: Changes) {
    this.#db = db
    changes.listen((change) => {
      if (change.type === 'parts') this.#renew(change.nos)
      if (change.type !== 'reset' && change.type !== 'rewritten') return
      this.#unpacked.clear()
      this.#catalogue = null
    })
  }

  /** Names the generation that every answer is about; null when there are no parts. */
  generation(): PromiseLike<Generation | null> {
    return followed(this.#parts().then((found) => found?.generation ?? null))
  }

  numbers(): PromiseLike<number[]> {
    return followed(this.#parts().then((found) => found?.parts.map((part) => part.no) ?? []))
  }

  find(id: string): PromiseLike<PartPlace | null> {
    return followed(this.#find(id))
  }

  /** When each customer of a part was last seen, in the part's order; null when not read yet. */
  lastOf(no: number): PromiseLike<Float64Array | null> {
    const last = this.#parts().then((found) => found?.parts.find((part) => part.no === no)?.last)
    return followed(last.then((found) => found ?? null))
  }

  customers(no: number): PromiseLike<CustomerRow[]> {
    return followed(this.#read(no, 'customers', readCustomers, []))
  }

  past(no: number): PromiseLike<PartPast> {
    const read = this.#read(no, 'past', readPast, NO_PAST)
    return followed(read.then(({ segment, ids }) => unpackPast(segment, ids)))
  }

  /** What the parts hold of one customer's past; null when they do not hold the customer. */
  pastOf(id: string): PromiseLike<OnePast | null> {
    return followed(this.#pastOf(id))
  }

  customer(id: string): PromiseLike<CustomerRow | null> {
    return followed(this.#customer(id))
  }

  async #find(id: string): Promise<PartPlace | null> {
    const wanted = wordsOf(idBytes([id]))
    for (const { no, words } of (await this.#parts())?.parts ?? []) {
      const index = indexOfId(words, wanted)
      if (index >= 0) return { no, index }
    }
    return null
  }

  async #pastOf(id: string): Promise<OnePast | null> {
    const place = await this.#find(id)
    if (!place) return null
    const { segment, ids } = await this.#read(place.no, 'past', readPast, NO_PAST)
    const index = ids.indexOf(id)
    const past = index < 0 ? { visits: [], history: [] } : pastOf(segment, id, index)
    return { ...past, isCut: await this.#isCut(place.no) }
  }

  /** Whether the past of a part's customers was given up for want of room. */
  async #isCut(no: number): Promise<boolean> {
    return (await this.#parts())?.parts.find((part) => part.no === no)?.isCut ?? false
  }

  async #customer(id: string): Promise<CustomerRow | null> {
    const place = await this.#find(id)
    if (!place) return null
    const customers = await this.#read(place.no, 'customers', readCustomers, [])
    return customers[place.index] ?? null
  }

  async #read<T>(no: number, segment: string, read: ReadSegment<T>, empty: T): Promise<T> {
    const generation = (await this.#parts())?.generation
    if (!generation) return empty
    const key = `${generation.set} ${no} ${segment}`
    const known = this.#unpacked.get(key) as Promise<T | null> | undefined
    const reading = known ?? read(this.#db, [generation.set, no])
    this.#keep(key, reading)
    const found = await reading
    if (found !== null) return found
    // Another context replaced the parts and its message is still on the way: look again.
    this.#unpacked.delete(key)
    this.#catalogue = null
    const renewed = (await this.#parts())?.generation
    if (renewed?.set === generation.set) return empty
    return this.#read(no, segment, read, empty)
  }

  /** Spares the next reader of a part that was just stored its unpacking. */
  remember(set: number, no: number, customers: CustomerRow[]): void {
    this.#keep(`${set} ${no} customers`, Promise.resolve(customers))
  }

  #keep(key: string, reading: Promise<unknown>): void {
    this.#unpacked.delete(key)
    this.#unpacked.set(key, reading)
    reading.catch(() => this.#unpacked.delete(key))
    const [oldest] = this.#unpacked.keys()
    if (this.#unpacked.size > KEPT_PARTS && oldest) this.#unpacked.delete(oldest)
  }

  #parts(): Promise<Catalogue | null> {
    const reading = (this.#catalogue ??= this.#readCatalogue())
    reading.catch(() => {
      if (this.#catalogue === reading) this.#catalogue = null
    })
    return reading
  }

  /** Parts come one by one: each is added to what is known, for reading all again adds up. */
  #renew(nos: readonly number[]): void {
    const known = this.#catalogue
    this.#catalogue = null
    if (!known || nos.length === 0) return
    const renewed = known.then((catalogue) =>
      catalogue ? this.#withParts(catalogue, nos) : this.#readCatalogue(),
    )
    renewed.catch(() => undefined) // Whoever reads it next meets the error.
    this.#catalogue = renewed
  }

  async #withParts({ generation, parts }: Catalogue, nos: readonly number[]): Promise<Catalogue> {
    const keys = nos.map((no): [number, number] => [generation.set, no])
    const rows = await this.#db.part_index.bulkGet(keys)
    const added = rows.flatMap((row) => (row ? [partOf(row)] : []))
    const others = parts.filter((part) => !nos.includes(part.no))
    return { generation, parts: [...others, ...added] }
  }

  async #readCatalogue(): Promise<Catalogue | null> {
    const generation = await generationOf(this.#db)
    if (!generation) return null
    const rows = await indexOfSet(this.#db, generation.set)
    return { generation, parts: rows.map(partOf) }
  }
}
