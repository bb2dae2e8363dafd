// The chain of one size, made once per engine and used again.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import pg from 'pg'
import * as v from 'valibot'
import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { loadBooks } from './books.ts'
import { foundChain, recallChain, type ScaleChain, scalePorts, type Size } from './chain.ts'
import { copyIntoPostgres, fileSink, sqliteSink, stream } from './load.ts'

const Ready = v.object({ figures: v.number(), raws: v.number(), seconds: v.number() })
export type Ready = v.InferOutput<typeof Ready>

/** Stores whose books are filled, too: a store's page asks who its customers are. */
const SAMPLE = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

export interface Place {
  folder: string
  ledger: string
  raw: string
}

export function placeOf(root: string, { stores, days, visits }: Size): Place {
  const folder = resolve(root, `${stores}-stores-${days}-days-${visits}-visits`)
  const [ledger, raw] = ['ledger.sqlite', 'raw.sqlite'].map((name) => join(folder, name))
  return { folder, ledger: ledger ?? '', raw: raw ?? '' }
}

async function found(url: string, size: Size): Promise<ScaleChain> {
  const ledger = await openLedger(url, scalePorts())
  const chain = await foundChain(ledger, size)
  await loadBooks(ledger, chain, SAMPLE)
  await ledger.close()
  return chain
}

/** The chain on SQLite, and its rows as text for other engines. */
export async function prepareSqlite(place: Place, size: Size): Promise<Ready> {
  const mark = join(place.folder, 'ready.json')
  if (existsSync(mark)) return v.parse(Ready, JSON.parse(readFileSync(mark, 'utf8')))
  rmSync(place.folder, { recursive: true, force: true })
  mkdirSync(place.folder, { recursive: true })
  const start = performance.now()
  console.log(`Making the chain in ${place.folder}`)
  const chain = await found(place.ledger, size)
  const counts = stream(chain, [sqliteSink(place.ledger, place.raw), fileSink(place.folder)])
  const ready = { ...counts, seconds: Math.round((performance.now() - start) / 1000) }
  writeFileSync(mark, JSON.stringify(ready))
  return ready
}

/** The same rows on PostgreSQL, unless they are there. Gives the seconds that it took. */
export async function preparePostgres(url: string, place: Place, size: Size): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query("select 1 from pg_tables where tablename = 'raw_visit'")
    if (rows.length > 0) return 0
    const start = performance.now()
    console.log('Making the chain on PostgreSQL')
    const chain = await found(url, size)
    const kept = await openLedger(place.ledger, nodePorts)
    const { stores } = await recallChain(kept, size)
    await kept.close()
    if (stores.some(({ id }, nth) => chain.stores[nth]?.id !== id))
      throw new Error('the two engines made different ids, so their rows cannot be shared')
    await copyIntoPostgres(client, place.folder)
    return Math.round((performance.now() - start) / 1000)
  } finally {
    await client.end()
  }
}

/** With ids of its own: those of the chain were given out when it was founded. */
export async function withLedger<T>(url: string, use: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await openLedger(url, nodePorts)
  try {
    return await use(ledger)
  } finally {
    await ledger.close()
  }
}
