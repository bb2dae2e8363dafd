// Puts the rollups and the raw visits of a whole chain onto an engine, in bulk: through the
// ledger's own door five million visits would take a day. Raw visits are narrow rows of numbers,
// which is the best that can be done for whoever asks them.
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type pg from 'pg'
import type { FigureTable } from '#model/figures.ts'
import { CLUSTER, factsOfStore, type ScaleChain, type StoreFacts } from './chain.ts'
import { type Emit, StreamedRollups } from './figures.ts'

const TABLES = { d: 'rollup_day', m: 'rollup_month' } as const satisfies Record<FigureTable, string>
const BUFFER_CHARS = 1 << 20
const BATCH_ROWS = 200_000
const ROWS_AT_ONCE = 100

/** Numbers of store, home and customer (null: a tally), then day, spend (null: none), people. */
export type Raw = [number, number, number | null, number, number | null, number]

/** Where the rows go. */
export interface Sink {
  figure: Emit
  raw(visit: Raw): void
  end(): void
}

export interface Streamed {
  figures: number
  raws: number
}

function rawsOf({ customers, tallies }: StoreFacts, store: number, state: { customer: number }) {
  return (numberOf: ReadonlyMap<string, number>, put: (raw: Raw) => void) => {
    for (const { history } of customers) {
      state.customer += 1
      for (const { store_id, day, sales, spend_minor } of history) {
        const at = numberOf.get(store_id) ?? store
        put([at, store, state.customer, day, sales > 0 ? spend_minor : null, 1])
      }
    }
    for (const { day, count } of tallies) put([store, store, null, day, null, count])
  }
}

/** Streams the whole chain into the sinks. */
export function stream(chain: ScaleChain, sinks: readonly Sink[]): Streamed {
  const regions = new Map(chain.stores.map(({ id, region_id }) => [id, region_id]))
  const numberOf = new Map(chain.stores.map(({ id }, nth) => [id, nth]))
  const rollups = new StreamedRollups(regions)
  const counts: Streamed = { figures: 0, raws: 0 }
  const emit: Emit = (...row) => {
    counts.figures += 1
    for (const sink of sinks) sink.figure(...row)
  }
  const state = { customer: 0 }
  for (let first = 0; first < chain.stores.length; first += CLUSTER) {
    const cluster = chain.stores.slice(first, first + CLUSTER).map(({ id }, nth) => {
      return { store_id: id, facts: factsOfStore(chain, first + nth) }
    })
    rollups.addCluster(cluster, emit)
    for (const [nth, { facts }] of cluster.entries())
      rawsOf(
        facts,
        first + nth,
        state,
      )(numberOf, (visit) => {
        counts.raws += 1
        for (const sink of sinks) sink.raw(visit)
      })
    if (first % 500 === 0) console.log(`  ${first} of ${chain.stores.length} stores streamed`)
  }
  rollups.finish(emit)
  for (const sink of sinks) sink.end()
  return counts
}

const RAW_COLUMNS =
  'store integer not null, home integer not null, customer integer, day integer not null, ' +
  'spend integer, people integer not null'

/** Rows of one table, inserted by a hundred: calling the driver is what a row costs. */
class ManyInserts {
  readonly #many: Database.Statement
  readonly #one: Database.Statement
  readonly #width: number
  #values: unknown[] = []

  constructor(db: Database.Database, into: string, width: number) {
    const row = `(${Array.from({ length: width }, () => '?').join()})`
    const rows = Array.from({ length: ROWS_AT_ONCE }, () => row).join()
    this.#many = db.prepare(`insert into ${into} values ${rows}`)
    this.#one = db.prepare(`insert into ${into} values ${row}`)
    this.#width = width
  }

  add(row: readonly unknown[]): void {
    for (const value of row) this.#values.push(value)
    if (this.#values.length < ROWS_AT_ONCE * this.#width) return
    this.#many.run(this.#values)
    this.#values = []
  }

  end(): void {
    for (let at = 0; at < this.#values.length; at += this.#width)
      this.#one.run(this.#values.slice(at, at + this.#width))
    this.#values = []
  }
}

/** Writes into a ledger's file that nobody has open, and raw visits into one beside it. */
export function sqliteSink(path: string, rawPath: string): Sink {
  const db = new Database(path)
  const raw = new Database(rawPath)
  for (const one of [db, raw]) {
    one.pragma('journal_mode = OFF')
    one.pragma('synchronous = OFF')
    one.pragma('cache_size = -400000')
  }
  const indexes = db
    .prepare(
      "select name, sql from sqlite_master where tbl_name like 'rollup%' and sql like 'create index%'",
    )
    .all() as { name: string; sql: string }[] // Two columns of the schema, both text.
  for (const { name } of indexes) db.exec(`drop index ${name}`)
  raw.exec(`create table visit (${RAW_COLUMNS})`)
  const inserts = {
    d: new ManyInserts(db, 'rollup_day (scope, day, metric, value)', 4),
    m: new ManyInserts(db, 'rollup_month (scope, month, metric, value)', 4),
  }
  const insertRaw = new ManyInserts(raw, 'visit', 6)
  let rows = 0
  const begin = () => [db, raw].forEach((one) => one.exec('begin'))
  const commit = () => [db, raw].forEach((one) => one.exec('commit'))
  const count = () => {
    rows += 1
    if (rows % BATCH_ROWS !== 0) return
    commit()
    begin()
  }
  begin()
  return {
    figure: (table, ...row) => {
      inserts[table].add(row)
      count()
    },
    raw: (visit) => {
      insertRaw.add(visit)
      count()
    },
    end: () => {
      for (const one of [inserts.d, inserts.m, insertRaw]) one.end()
      commit()
      console.log('  indexes of SQLite')
      for (const { sql } of indexes) db.exec(sql)
      raw.exec('create index visit_day on visit (day, store, home, customer, spend, people)')
      raw.exec('create index visit_customer on visit (customer, day, home)')
      for (const one of [db, raw]) {
        one.exec('analyze')
        one.close()
      }
    },
  }
}

/** Rows as text in files, which PostgreSQL and DuckDB read by themselves. */
export function fileSink(folder: string): Sink {
  const texts = { d: new TextFile(folder, 'd'), m: new TextFile(folder, 'm') }
  const raws = new TextFile(folder, 'raw')
  return {
    figure: (table, scope, day, metric, value) =>
      texts[table].line(`${scope}\t${day}\t${metric}\t${value}`),
    raw: (visit) => raws.line(visit.map((part) => part ?? '').join('\t')),
    end: () => [texts.d, texts.m, raws].forEach((file) => file.close()),
  }
}

class TextFile {
  readonly #file: number
  #lines = ''

  constructor(folder: string, name: string) {
    this.#file = openSync(join(folder, `${name}.tsv`), 'w', 0o644)
  }

  line(text: string): void {
    this.#lines += `${text}\n`
    if (this.#lines.length > BUFFER_CHARS) this.#flush()
  }

  close(): void {
    this.#flush()
    closeSync(this.#file)
  }

  #flush(): void {
    writeSync(this.#file, this.#lines)
    this.#lines = ''
  }
}

/** Reads the files into PostgreSQL, which must be on this machine and may read them. */
export async function copyIntoPostgres(client: pg.Client, folder: string): Promise<void> {
  const fileOf = (name: string) => `'${join(folder, `${name}.tsv`)}'`
  await client.query("set maintenance_work_mem = '1GB'; set max_parallel_maintenance_workers = 0")
  for (const [table, name] of Object.entries(TABLES)) {
    const indexes = await client.query<{ indexname: string; indexdef: string }>(
      'select indexname, indexdef from pg_indexes where tablename = $1',
      [name],
    )
    const own = indexes.rows.filter((row) => !row.indexdef.includes('UNIQUE'))
    const keys = await client.query<{ conname: string; text: string }>(
      `select conname, pg_get_constraintdef(oid) as text from pg_constraint
       where conrelid = $1::regclass and contype = 'p'`,
      [name],
    )
    for (const { indexname } of own) await client.query(`drop index ${indexname}`)
    for (const { conname } of keys.rows)
      await client.query(`alter table ${name} drop constraint ${conname}`)
    console.log(`  ${name} of PostgreSQL`)
    await client.query(`copy ${name} from ${fileOf(table)}`)
    for (const { conname, text } of keys.rows)
      await client.query(`alter table ${name} add constraint ${conname} ${text}`)
    for (const { indexdef } of own) await client.query(indexdef)
  }
  await client.query(`create table raw_visit (${RAW_COLUMNS})`)
  await client.query(`copy raw_visit from ${fileOf('raw')} with (null '')`)
  await client.query(
    'create index raw_day on raw_visit (day, store, home, customer, spend, people)',
  )
  await client.query('create index raw_customer on raw_visit (customer, day, home)')
  for (const table of [...Object.values(TABLES), 'raw_visit'])
    await client.query(`vacuum analyze ${table}`)
}
