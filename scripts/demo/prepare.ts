import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '#api/config.ts'
import { openAccountsOf } from '#api/server.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { openDoors, type Doors } from './doors.ts'
import { type DemoSize, makeDemo } from './make.ts'

// The note beside the demo's databases says that they are a demo and how to get in. Without it
// nothing is ever deleted: the folder may hold somebody's real installation.
const NOTE = 'demo.json'
const DATABASES = ['ledger.sqlite', 'accounts.sqlite']
const SEED = 'qinghe'

interface Note {
  state: 'making' | 'made'
  made_at: number
  doors: Doors | null
}

/** The data folder holds something that is not a demo; the message says what to do. */
export class DemoError extends Error {
  override name = 'DemoError'
}

function readNote(dataDir: string): Note | null {
  const path = join(dataDir, NOTE)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Note) : null
}

function writeNote(dataDir: string, note: Note): void {
  writeFileSync(join(dataDir, NOTE), `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600 })
}

function clear(dataDir: string): void {
  for (const name of DATABASES)
    for (const suffix of ['', '-wal', '-shm'])
      rmSync(join(dataDir, `${name}${suffix}`), { force: true })
}

async function make(
  config: Config,
  size: DemoSize,
  now: number,
  say: (line: string) => void,
): Promise<Doors> {
  const ledger = await openLedger(config.ledgerUrl, nodePorts)
  const accounts = await openAccountsOf(config)
  try {
    const { chain, customers, ops } = await makeDemo(ledger, SEED, size, now, say)
    say(`${customers} customers, ${ops} records`)
    return await openDoors(ledger, accounts, chain, now)
  } finally {
    await accounts.close()
    await ledger.close()
  }
}

/**
 * Makes the demo's data unless it is there, and says how to get in. `fresh` starts over.
 * Throws DemoError when the folder holds an installation that is not a demo.
 */
export async function prepareDemo(
  config: Config,
  size: DemoSize,
  fresh: boolean,
  now: () => number,
  say: (line: string) => void,
): Promise<Doors> {
  const { dataDir } = config
  const note = readNote(dataDir)
  const isThere = DATABASES.some((name) => existsSync(join(dataDir, name)))
  if (isThere && !note)
    throw new DemoError(`${dataDir} holds an installation that is no demo: set another DATA_DIR`)
  if (note?.state === 'made' && note.doors && isThere && !fresh) return note.doors
  const startedAt = performance.now()
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const made_at = now()
  writeNote(dataDir, { state: 'making', made_at, doors: null })
  clear(dataDir)
  say('Making the demo chain: 24 stores, 18 months ...')
  const doors = await make(config, size, made_at, say)
  writeNote(dataDir, { state: 'made', made_at, doors })
  say(`made in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  return doors
}
