import type { Db } from './engine.ts'

// A transaction that erases somebody asks that the database's log does not keep what was there.

const asked = new WeakSet<Db>()

/** Asks that what the running transaction deletes leaves the disk with its commit. */
export function scrubAfter(db: Db): void {
  asked.add(db)
}

/** Whether it was asked for; asking ends with the answer. */
export function takeScrub(db: Db): boolean {
  return asked.delete(db)
}
