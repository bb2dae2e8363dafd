// One PostgreSQL for a whole test run. Tests ask for it with inject('postgresUrl'), and each makes
// a database of its own there: a shared one would make them depend on their order.
import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL, or '' where no PostgreSQL can be had: then skip, with a reason. */
    postgresUrl: string
  }
}

/** Where CI runs, an engine that cannot be tested is a failure: nobody reads the skipped ones. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.DATABASE_URL
  if (given) {
    project.provide('postgresUrl', given)
    return undefined
  }
  try {
    const server = await startPostgres()
    project.provide('postgresUrl', server.url)
    return server.stop
  } catch (error) {
    if (process.env.CI) throw error
    const reason = error instanceof Error ? error.message : String(error)
    console.warn(`Tests on PostgreSQL are skipped; set DATABASE_URL to run them. ${reason}`)
    project.provide('postgresUrl', '')
    return undefined
  }
}
