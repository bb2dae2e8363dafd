// The servers' databases before the work begins. Filling them takes minutes, so they are kept below
// data/ until what they were made by changes; every run works on copies.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashSources } from '../../build.ts'
import { PEERS } from './packages.ts'
import { seedOurs } from './seed-ours.ts'
import { seedFloor, seedPouch, seedRxdb } from './seed-peers.ts'
import type { ServerName } from './server.ts'
import type { Work } from './work.ts'

const DAY_MS = 86_400_000
const MAX_AGE_DAYS = 30
const SOURCES = [
  'db/migrations/sqlite',
  'db/model/limits.ts',
  ...['work', 'seed-ours', 'seed-peers'].map((name) => `scripts/bench/peers/${name}.ts`),
]

/** The day up to which the work's visits go: that of the seeds that are there, else today. */
export function baseOf(folder: string, now: number): number {
  const path = join(folder, 'base.json')
  if (existsSync(path)) {
    const { base, hash } = JSON.parse(readFileSync(path, 'utf8')) as { base: number; hash: string }
    if (hash === hashOfSeeds() && now - base < MAX_AGE_DAYS * DAY_MS) return base
  }
  const base = Math.floor(now / DAY_MS) * DAY_MS
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, JSON.stringify({ base, hash: hashOfSeeds() }))
  return base
}

function hashOfSeeds(): string {
  return `${hashSources(SOURCES)} ${JSON.stringify(PEERS)}`
}

/** The folder of a server's database as it is before the work. */
export async function seedOf(
  name: ServerName,
  folder: string,
  work: Work,
  packages: string,
): Promise<string> {
  const path = join(folder, name)
  const mark = join(folder, `${name}.done`)
  if (existsSync(mark)) return path
  console.log(`Filling the database of ${name} (once)`)
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path, { recursive: true })
  if (name === 'ours') await seedOurs(path, work)
  else if (name === 'floor') seedFloor(path, work)
  else if (name === 'rxdb') seedRxdb(path, work)
  else await seedPouch(path, work, packages)
  writeFileSync(mark, '')
  return path
}
