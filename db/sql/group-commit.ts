import { setImmediate } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { diskFaultOf } from './errors.ts'
import type { Db } from './engine.ts'
import { takeScrub } from './scrub.ts'
import type { SqliteFile } from './sqlite-file.ts'

// What a commit costs is the wait for the disk, and one wait serves many. Transactions that came
// while another ran are committed together, each in a savepoint of its own: one that fails is
// taken back alone. Nobody is told of success before the disk has it all.

/** Transactions that are committed together at most. */
export const GROUP_MAX = 32
/** Turns of the event loop between two transactions of a group. */
const LOOP_TURNS = 5

/** A transaction that waits for its turn. */
export interface Turn {
  run(): Promise<void>
  /** Gives the caller what the run gave; called once it is on the disk. */
  resolve(): void
  reject(error: unknown): void
}

export function turnOf<T>(run: () => Promise<T>): { turn: Turn; done: Promise<T> } {
  const { promise: done, resolve, reject } = Promise.withResolvers<T>()
  let tell = () => reject(new Error('a transaction was resolved before it ran'))
  const turn: Turn = {
    run: async () => {
      const result = await run()
      tell = () => resolve(result)
    },
    resolve: () => tell(),
    reject,
  }
  return { turn, done }
}

/** Runs one of a group. False: it failed, its caller was told, and it left no trace. */
async function runOne(connection: Database.Database, turn: Turn): Promise<boolean> {
  connection.exec('SAVEPOINT turn')
  try {
    await turn.run()
  } catch (error) {
    // A disk that fails, or a transaction that SQLite ended by itself, takes all of them along.
    if (diskFaultOf(error) !== null || !connection.inTransaction) throw error
    connection.exec('ROLLBACK TO turn')
    connection.exec('RELEASE turn')
    turn.reject(error)
    return false
  }
  connection.exec('RELEASE turn')
  return true
}

/**
 * Whoever does not write is not held up by the whole group. The loop takes one new connection a
 * turn, so it makes a few: a crowd that arrives is then sent away in time, and not left waiting at
 * the door until it gives up.
 */
async function letOthersIn(): Promise<void> {
  for (let turn = 0; turn < LOOP_TURNS; turn += 1) await setImmediate()
}

async function runAll(connection: Database.Database, db: Db, group: readonly Turn[]) {
  const [only, ...others] = group
  let asksScrub = false
  takeScrub(db) // A transaction that failed may have asked before.
  if (only && others.length === 0) {
    await only.run()
    return { succeeded: group, asksScrub: takeScrub(db) }
  }
  const succeeded: Turn[] = []
  for (const turn of group) {
    await letOthersIn()
    if (await runOne(connection, turn)) succeeded.push(turn)
    asksScrub = takeScrub(db) || asksScrub
  }
  return { succeeded, asksScrub }
}

/**
 * Runs transactions one after the other and commits them together. Throws when the whole group
 * failed, after telling each of them.
 */
export async function runGroup(file: SqliteFile, db: Db, group: readonly Turn[]): Promise<void> {
  try {
    const { succeeded, asksScrub } = await committed(file, db, group)
    if (asksScrub) scrubQuietly(file)
    for (const turn of succeeded) turn.resolve()
  } catch (error) {
    for (const turn of group) turn.reject(error)
    throw error
  }
}

async function committed(file: SqliteFile, db: Db, group: readonly Turn[]) {
  const connection = file.writer()
  try {
    connection.exec('BEGIN IMMEDIATE')
    const outcome = await runAll(connection, db, group)
    connection.exec('COMMIT')
    return outcome
  } catch (error) {
    // After a failed sync nobody knows what is on the disk: this connection may not go on.
    if (diskFaultOf(error) === 'disk-fault') file.dropWriter()
    else if (connection.inTransaction) connection.exec('ROLLBACK')
    throw error
  }
}

/** The commit stands; where the log cannot be emptied at once, the next checkpoint does it. */
function scrubQuietly(file: SqliteFile): void {
  try {
    file.settle()
  } catch {
    // The next write meets the same fault of the disk, and tells of it.
  }
}
