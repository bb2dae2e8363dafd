import { and, eq } from 'drizzle-orm'
import type { Db } from './engine.ts'
import { kinOf } from '#model/merge.ts'
import { Groups } from './groups.ts'
import { keptQuery } from './kept-query.ts'
import type { Ledger } from './ledger.ts'
import { among, selectByKeys } from './rows.ts'
import type { Work } from './work.ts'

// Where a customer lives who is not found under the home that an op names. A home that ended has a
// forwarding row for ever; it is read only for customers who are not there. A row of a customer
// always counts before a forwarding row: whoever came back left an old one behind.

export type CustomerColumns = Ledger['t']['customer']['$inferSelect']

const STEPS_MAX = 100
const HINTS_MAX = 10_000

/**
 * A customer lives elsewhere than the op says, and rows are locked already. The transaction begins
 * anew, so that all locks are taken in sorted order; the code is that of a serialization failure.
 */
class LivesElsewhere extends Error {
  readonly code = '40001'
}

/**
 * Where customers were found the last time, by the home they were sought at. Only a hint: whoever
 * is not there is looked up. From the last home none leads on, so hints never run in a circle.
 */
const hints = new WeakMap<Ledger, Map<string, string>>()

function hintsOf(ledger: Ledger): Map<string, string> {
  let known = hints.get(ledger)
  if (!known) hints.set(ledger, (known = new Map()))
  return known
}

function hint(ledger: Ledger, named: string, id: string, home: string): void {
  const known = hintsOf(ledger)
  if (known.size >= HINTS_MAX) known.clear()
  known.delete(`${home}|${id}`)
  if (home !== named) known.set(`${named}|${id}`, home)
}

/**
 * Records that are part of one another, by the id of each: whoever changes one of them needs all.
 * A hint as well, so that the next batch locks them in order at once.
 */
const kinHints = new WeakMap<Ledger, Map<string, { id: string; home: string }[]>>()

function hintKin(ledger: Ledger, row: CustomerColumns): void {
  let known = kinHints.get(ledger)
  if (!known || known.size >= HINTS_MAX) kinHints.set(ledger, (known = new Map()))
  known.set(row.id, kinOf(row))
}

/** Adds whoever is known to belong together, and those who belong to them. */
function withKinHints(ledger: Ledger, meant: Groups): Groups {
  const known = kinHints.get(ledger)
  if (!known) return meant
  const all = new Groups()
  const seen = new Set<string>()
  const add = (home: string, id: string) => {
    all.add(home, id) // Of several homes that ops name, some may be wrong.
    if (seen.has(id)) return
    seen.add(id)
    for (const kin of known.get(id) ?? []) add(kin.home, kin.id)
  }
  for (const [home, ids] of meant.sorted()) for (const id of ids) add(home, id)
  return all
}

function withHints(ledger: Ledger, named: Groups): Groups {
  const meant = withKinHints(ledger, named)
  const known = hintsOf(ledger)
  if (known.size === 0) return meant
  const last = (home: string, id: string): string => {
    const next = known.get(`${home}|${id}`)
    return next === undefined ? home : last(next, id)
  }
  const homes = new Groups()
  for (const [home, ids] of meant.sorted()) for (const id of ids) homes.add(last(home, id), id)
  return homes
}

const selectLocked = keptQuery(
  (ledger, db, { home, ids }: { home: string; ids: readonly string[] }) => {
    const { customer } = ledger.t
    const named = and(eq(customer.store_id, home), among(customer.id, ids))
    return ledger.forUpdate(db.select().from(customer).where(named).orderBy(customer.id))
  },
)

/** Locks customers one home at a time in sorted order; returns those that were not there. */
async function lockIn(work: Work, wanted: Groups, locked: Map<string, CustomerColumns>) {
  const missing: [home: string, ids: string[]][] = []
  for (const [home, ids] of wanted.sorted()) {
    const rows = await selectByKeys(ids, (slice) =>
      selectLocked(work.ledger, work.db, { home, ids: slice }),
    )
    for (const row of rows) locked.set(row.id, row)
    const absent = ids.filter((id) => !locked.has(id))
    if (absent.length > 0) missing.push([home, absent])
  }
  return missing
}

function forwardsAt(ledger: Ledger, db: Db, home: string, ids: readonly string[]) {
  const { customerForward } = ledger.t
  return selectByKeys(ids, (slice) =>
    db
      .select()
      .from(customerForward)
      .where(and(eq(customerForward.store_id, home), among(customerForward.customer_id, slice))),
  )
}

/** The home at the end of a customer's forwarding rows; `erased` when they end in nothing. */
async function follow(ledger: Ledger, db: Db, from: string, id: string) {
  const { customer } = ledger.t
  let home = from
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const [row] = await db
      .select({ id: customer.id })
      .from(customer)
      .where(and(eq(customer.store_id, home), eq(customer.id, id)))
    if (row) return { home }
    const [forward] = await forwardsAt(ledger, db, home, [id])
    if (!forward) return null
    if (forward.to_store_id === null) return 'erased'
    home = forward.to_store_id
  }
  throw new LivesElsewhere(`customer ${id} moves faster than it can be followed`)
}

/** Follows the forwarding rows of the missing; remembers who was erased. */
async function findMoved(
  work: Work,
  missing: readonly [home: string, ids: string[]][],
  locked: Map<string, CustomerColumns>,
): Promise<Groups> {
  const moved = new Groups()
  for (const [home, ids] of missing)
    for (const { customer_id: id } of await forwardsAt(work.ledger, work.db, home, ids)) {
      if (locked.has(id)) continue
      const found = await follow(work.ledger, work.db, home, id)
      if (found === 'erased') work.forgotten.add(id)
      if (found === 'erased' || found === null) continue
      hint(work.ledger, home, id, found.home)
      moved.add(found.home, id)
    }
  return moved
}

/** Adds the kin of locked records that were not looked for yet. */
function addKin(
  work: Work,
  locked: Map<string, CustomerColumns>,
  sought: Set<string>,
  wanted: Groups,
): void {
  for (const row of locked.values()) {
    if (row.merges === null && row.absorbed === null) continue
    hintKin(work.ledger, row)
    for (const { id, home } of kinOf(row)) {
      if (locked.has(id) || sought.has(id)) continue
      sought.add(id)
      wanted.add(home, id)
    }
  }
}

/** Whether a lock stands already that sorts behind one that is wanted. */
function isOutOfOrder(locked: Map<string, CustomerColumns>, wanted: Groups): boolean {
  const [home, [id] = []] = wanted.sorted()[0] ?? []
  if (home === undefined || id === undefined) return false
  return [...locked.values()].some(
    (row) => row.store_id > home || (row.store_id === home && row.id > id),
  )
}

/**
 * Locks the customers that are meant, in whatever home they live, with all records that are or
 * were one person with them, and returns their rows. SQLite
 * has one writer, so the order of locks is of no concern there.
 */
export async function lockCustomers(work: Work, meant: Groups): Promise<CustomerColumns[]> {
  const locked = new Map<string, CustomerColumns>()
  const kin = new Set<string>()
  let wanted = withHints(work.ledger, meant)
  for (let step = 0; wanted.size > 0; step += 1) {
    if (step >= STEPS_MAX) throw new LivesElsewhere('customers move while they are looked for')
    const missing = await lockIn(work, wanted, locked)
    wanted = await findMoved(work, missing, locked)
    addKin(work, locked, kin, wanted)
    if (work.ledger.dialect === 'postgres' && isOutOfOrder(locked, wanted))
      throw new LivesElsewhere('a customer lives elsewhere than an op says')
  }
  return [...locked.values()]
}

/** The present home of a customer said to live at `home`; null when there is none. */
export async function presentHome(
  ledger: Ledger,
  home: string,
  customerId: string,
): Promise<string | null> {
  const found = await follow(ledger, ledger.db, home, customerId)
  return found === null || found === 'erased' ? null : found.home
}
