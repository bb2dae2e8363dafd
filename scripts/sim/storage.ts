// Where the simulated server keeps its ledger: a SQLite file in a folder of its own, or a database
// of a PostgreSQL server. Both can be copied and put back whole, as a backup is.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import Database from 'better-sqlite3'
import pg from 'pg'

export type EngineName = 'sqlite' | 'postgres'

export interface Storage {
  engine: EngineName
  /** What openLedger takes. */
  url: string
  /** Copies the whole ledger under a name; it must be closed on SQLite or idle on PostgreSQL. */
  save(name: string): Promise<void>
  /** Puts a copy back in the ledger's place; nobody may have the ledger open. */
  putBack(name: string): Promise<void>
  /** Rows of a statement as the database has them, read beside the ledger. */
  rows(statement: string): Promise<Record<string, unknown>[]>
  remove(): Promise<void>
}

const MEMORY_FOLDER = '/dev/shm'

/** A folder in memory where there is one: power cuts are tested elsewhere, by real files. */
function makeFolder(): string {
  const base = existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir()
  return mkdtempSync(join(base, 'regulars-sim-'))
}

export function openFileStorage(): Storage {
  const folder = makeFolder()
  const url = join(folder, 'ledger.sqlite')
  const place = (name: string) => join(folder, `${name}.copy`)
  let reader: Database.Database | null = null
  const prepared = new Map<string, Database.Statement>()
  const closeReader = () => {
    prepared.clear()
    reader?.close()
    reader = null
  }
  return {
    engine: 'sqlite',
    url,
    save: (name) => {
      rmSync(place(name), { force: true })
      const connection = new Database(url)
      connection.prepare('vacuum into ?').run(place(name))
      connection.close()
      return Promise.resolve()
    },
    putBack: (name) => {
      closeReader()
      for (const suffix of ['-wal', '-shm']) rmSync(url + suffix, { force: true })
      copyFileSync(place(name), url)
      return Promise.resolve()
    },
    rows: (statement) => {
      reader ??= new Database(url, { readonly: true })
      let known = prepared.get(statement)
      if (!known) prepared.set(statement, (known = reader.prepare(statement)))
      return Promise.resolve(known.all() as Record<string, unknown>[])
    },
    remove: () => {
      closeReader()
      rmSync(folder, { recursive: true, force: true })
      return Promise.resolve()
    },
  }
}

async function tablesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ tablename: string }>(
    "select tablename from pg_tables where schemaname = 'public' order by tablename",
  )
  return rows.map((row) => row.tablename)
}

/** Copies are schemas beside the ledger's: much faster than a database each. */
export async function openPostgresStorage(serverUrl: string): Promise<Storage> {
  const admin = new pg.Client({ connectionString: serverUrl })
  await admin.connect()
  const name = `sim_${randomUUID().replaceAll('-', '')}`
  await admin.query(`create database ${name} template template0 lc_collate 'C' lc_ctype 'C'`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  return {
    engine: 'postgres',
    url: url.href,
    save: async (copy) => {
      await client.query(`drop schema if exists copy_${copy} cascade`)
      await client.query(`create schema copy_${copy}`)
      const tables = await tablesOf(client)
      await client.query(
        tables.map((t) => `create table copy_${copy}.${t} as table public.${t}`).join(';'),
      )
    },
    putBack: async (copy) => {
      const tables = await tablesOf(client)
      const emptied = tables.map((t) => `delete from public.${t}`)
      const filled = tables.map((t) => `insert into public.${t} select * from copy_${copy}.${t}`)
      await client.query([...emptied, ...filled].join(';'))
    },
    rows: async (statement) => (await client.query<Record<string, unknown>>(statement)).rows,
    remove: async () => {
      await client.end()
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
    },
  }
}
