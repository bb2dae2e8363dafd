import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { postgres } from './dialect-postgres.ts'
import { LedgerError } from './errors.ts'
import type { Db, Engine, StatementWatch } from './engine.ts'
import { tables } from './tables.ts'
import { WriteWatch } from './writes.ts'

const MIGRATIONS = fileURLToPath(new URL('../migrations/postgres', import.meta.url))
const POOL_SIZE = 16

/** The shared face of PostgreSQL's builders; they make the same calls and the same SQL. */
function asDb(database: object): Db {
  return database as unknown as Db
}

interface Lockable<Q> {
  for(strength: 'update'): Q
}

/** PostgreSQL's select has `for`, which the shared type does not know. */
function withLock<Q>(query: Q): Q {
  return (query as unknown as Lockable<Q>).for('update')
}

/** Keys must sort by their bytes, or SQLite and PostgreSQL page and hash in different orders. */
async function checkCollation(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ datcollate: string }>(
    'select datcollate from pg_database where datname = current_database()',
  )
  const collation = rows[0]?.datcollate ?? ''
  if (/^(C|POSIX|C\.UTF-?8)$/i.test(collation)) return
  throw new LedgerError(
    'unsafe-database',
    `PostgreSQL must be created with collation C or C.UTF-8, found ${collation}`,
  )
}

export async function openPostgres(url: string, watch?: StatementWatch): Promise<Engine> {
  const pool = new pg.Pool({ connectionString: url, max: POOL_SIZE })
  // A connection that dies while idle is replaced by the pool; its users were not harmed.
  pool.on('error', () => undefined)
  // One that dies at work fails its statement; without a listener it would end the process, too.
  pool.on('connect', (client) => client.on('error', () => undefined))
  await checkCollation(pool)
  const database = drizzle(pool, watch ? { logger: { logQuery: watch } } : {})
  await migrate(database, { migrationsFolder: MIGRATIONS })
  const watched = new WriteWatch()
  const tx: Engine['tx'] = (run) =>
    watched.watch(() => database.transaction((inner) => run(asDb(inner))))
  return {
    dialect: 'postgres',
    t: tables(postgres),
    db: asDb(database),
    tx,
    writes: {
      get trouble() {
        return watched.trouble
      },
      onTrouble: (listener) => watched.onTrouble(listener),
      // A table for one transaction: it takes room, and fails where nothing may be written.
      probe: () =>
        watched.probe(() =>
          database.transaction((db) => db.execute('create temp table probe () on commit drop')),
        ),
    },
    forUpdate: withLock,
    // Deleted rows go with the next vacuum, which the server runs by itself.
    scrub: () => Promise.resolve(true),
    close: () => pool.end(),
  }
}
