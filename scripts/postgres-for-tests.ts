// One PostgreSQL for a whole test run. Tests ask for it with inject('postgresUrl'), and each makes
// a database of its own there: a shared one would make them depend on their order.
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openPostgres } from '#sql/open-postgres.ts'
import { startPostgres } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL, or '' where no PostgreSQL can be had: then skip, with a reason. */
    postgresUrl: string
    /** An empty ledger there, to be copied: making its tables takes longer than most tests. */
    emptyLedger: string
  }
}

/** Runs statements that belong to no database of ours. */
async function administer(url: string, statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(statement)
  await admin.end()
}

/** Makes the ledger that tests copy; gives what takes it away again. */
async function provide(project: TestProject, url: string): Promise<() => Promise<void>> {
  const name = `empty_${randomUUID().replaceAll('-', '')}`
  await administer(url, `create database ${name} template template0 lc_collate 'C' lc_ctype 'C'`)
  const place = new URL(url)
  place.pathname = `/${name}`
  const engine = await openPostgres(place.href)
  await engine.close()
  project.provide('postgresUrl', url)
  project.provide('emptyLedger', name)
  return () => administer(url, `drop database ${name}`)
}

/** Where CI runs, an engine that cannot be tested is a failure: nobody reads the skipped ones. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.DATABASE_URL
  if (given) {
    return provide(project, given)
  }
  const server = await startPostgres().catch((error: unknown) => {
    if (process.env.CI) throw error
    const reason = error instanceof Error ? error.message : String(error)
    console.warn(`Tests on PostgreSQL are skipped; set DATABASE_URL to run them. ${reason}`)
    return null
  })
  if (!server) {
    project.provide('postgresUrl', '')
    project.provide('emptyLedger', '')
    return undefined
  }
  await provide(project, server.url)
  return server.stop
}
