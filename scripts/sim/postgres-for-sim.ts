import { type Postgres, startPostgres } from '../postgres.ts'
import type { EngineChoice } from './tasks.ts'

/** A PostgreSQL for the engines that need one: that of DATABASE_URL, or one that is thrown away. */
export async function postgresFor(engine: EngineChoice): Promise<Postgres | null> {
  if (engine === 'sqlite') return null
  const given = process.env.DATABASE_URL
  return given ? { url: given, stop: () => Promise.resolve() } : startPostgres()
}
