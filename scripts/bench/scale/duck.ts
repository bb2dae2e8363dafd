// DuckDB over the raw visits: the strongest that can be had without keeping figures. It is no
// dependency of the project, see ../peers/packages.ts.
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fetchPackages } from '../peers/packages.ts'
import type { RawEngine } from './asked.ts'

const DUCKDB = { '@duckdb/node-api': '1.5.6-r.1' } as const

/** The part of its interface that is used here. */
interface Connection {
  run(sql: string): Promise<unknown>
  runAndReadAll(sql: string): Promise<{ getRowObjects(): Record<string, unknown>[] }>
}
interface Duck {
  DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<Connection> }> }
}

function isDuck(value: unknown): value is Duck {
  const name = 'DuckDBInstance'
  return typeof value === 'object' && value !== null && name in value
}

/** DuckDB in memory with the raw visits in it; null, and said so, where it cannot be had. */
export async function openDuck(folder: string, packages: string): Promise<RawEngine | null> {
  const missing = fetchPackages(packages, DUCKDB)
  if (missing.length > 0) {
    console.log(`Left out: DuckDB, because ${missing.join(', ')} could not be fetched`)
    return null
  }
  const path = createRequire(join(resolve(packages), 'package.json')).resolve('@duckdb/node-api')
  const loaded: unknown = await import(pathToFileURL(path).href)
  if (!isDuck(loaded)) throw new Error('this is not the DuckDB that was asked for')
  const connection = await (await loaded.DuckDBInstance.create(':memory:')).connect()
  const columns =
    "{'store': 'INTEGER', 'home': 'INTEGER', 'customer': 'INTEGER', 'day': 'INTEGER', " +
    "'spend': 'INTEGER', 'people': 'INTEGER'}"
  await connection.run(
    `create table visit as select * from read_csv('${join(folder, 'raw.tsv')}',
       delim = '\\t', header = false, nullstr = '', columns = ${columns})`,
  )
  return {
    name: 'DuckDB',
    table: 'visit',
    ask: async (sql) => {
      const rows = (await connection.runAndReadAll(sql)).getRowObjects()
      return rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value ?? 0)])),
      )
    },
    close: () => Promise.resolve(),
  }
}
