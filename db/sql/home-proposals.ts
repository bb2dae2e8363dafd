import { and, eq, gte, inArray } from 'drizzle-orm'
import { mayReadStore, type Scope } from '#model/access.ts'
import { CHAIN } from '#model/id.ts'
import { type HomeProposal, isAnswered, proposeHome } from '#model/home-proposal.ts'
import type { HomeProposalsReport } from '#model/report.ts'
import type { StoreColumns } from './reports.ts'
import { derivedId } from './derived-id.ts'
import { listDeskRecords } from './desk-records.ts'
import { presentHome } from './forwards.ts'
import type { Ledger } from './ledger.ts'
import { among, selectByKeys } from './rows.ts'
import { type TimedDraft, type Writer, writeDrafts } from './write.ts'

// Customers whose last visits were all elsewhere. Only those with a link can be: a link is what a
// store gets that sees somebody else's customer, so nobody else's history is read.

const ROWS_MAX = 500
/** A link older than this is no reason to move anybody. */
const SEEN_WITHIN_DAYS = 180

interface Found extends HomeProposal {
  customer_id: string
  name: string
  home_store_id: string
}

async function ofBook(ledger: Ledger, home: string, since: number): Promise<Found[]> {
  const { customer, customerLink, history } = ledger.t
  const links = await ledger.db
    .selectDistinct({ id: customerLink.customer_id })
    .from(customerLink)
    .where(and(eq(customerLink.store_id, home), gte(customerLink.last_day, since)))
  const ids = links.map((link) => link.id).sort()
  if (ids.length === 0) return []
  const rows = await selectByKeys(ids, (slice) =>
    ledger.db
      .select({
        customer_id: history.customer_id,
        day: history.day,
        store_id: history.at_store_id,
        first_at: history.first_at,
      })
      .from(history)
      .where(and(eq(history.store_id, home), among(history.customer_id, slice))),
  )
  const people = await selectByKeys(ids, (slice) =>
    ledger.db
      .select({ id: customer.id, name: customer.name, erased_on: customer.erased_on })
      .from(customer)
      .where(and(eq(customer.store_id, home), among(customer.id, slice))),
  )
  const seen = Map.groupBy(rows, (row) => row.customer_id)
  return people.flatMap(({ id, name, erased_on }): Found[] => {
    const made = erased_on === null ? proposeHome(seen.get(id) ?? [], home) : null
    return made ? [{ customer_id: id, name, home_store_id: home, ...made }] : []
  })
}

async function answers(ledger: Ledger) {
  const kept = await listDeskRecords(ledger, 'home_kept')
  return new Map(
    kept.map(({ fields }) => [
      String(fields['customer_id']),
      { home_store_id: String(fields['home_store_id']), day: Number(fields['day']) },
    ]),
  )
}

/** Moves of home that the rule proposes within a reader's scope, the latest seen first. */
export async function homeProposals(
  ledger: Ledger,
  scope: Scope,
  stores: readonly StoreColumns[],
  today: number,
): Promise<HomeProposalsReport> {
  const readable = new Set(
    stores.filter((row) => mayReadStore(scope, row.id, row.region_id)).map((row) => row.id),
  )
  const known = await answers(ledger)
  const found: Found[] = []
  for (const home of await linkedBooks(ledger, [...readable], today - SEEN_WITHIN_DAYS))
    for (const one of await ofBook(ledger, home, today - SEEN_WITHIN_DAYS))
      if (
        readable.has(one.to_store_id) &&
        !isAnswered(one, one.home_store_id, known.get(one.customer_id))
      )
        found.push(one)
  const latest = ({ visits }: Found) => visits[0]?.day ?? 0
  found.sort((a, b) => latest(b) - latest(a) || (a.customer_id < b.customer_id ? -1 : 1))
  const rows = found.slice(0, ROWS_MAX)
  const named = new Set(
    rows.flatMap((row) => [row.home_store_id, ...row.visits.map((visit) => visit.store_id)]),
  )
  const shown = stores
    .filter((row) => named.has(row.id) && readable.has(row.id))
    .map(({ id, name, name_en }) => ({ id, name, name_en }))
  return { rows, total: found.length, stores: shown }
}

async function linkedBooks(ledger: Ledger, books: readonly string[], since: number) {
  const { customerLink } = ledger.t
  const rows = await selectByKeys(books, (slice) =>
    ledger.db
      .selectDistinct({ id: customerLink.store_id })
      .from(customerLink)
      .where(and(inArray(customerLink.store_id, slice), gte(customerLink.last_day, since))),
  )
  return rows.map((row) => row.id).sort()
}

export interface HomeAnswer {
  customer_id: string
  home_store_id: string
  /** The new home, or null: the customer stays. */
  to_store_id: string | null
}

/**
 * Writes a manager's answers, each an op of its own: one that the ledger refuses stops no other.
 * Whoever has moved on from the home that is named is unknown there, and answered for elsewhere.
 * Gives the reason per answer, or null where it stands.
 */
export async function answerHomes(
  ledger: Ledger,
  writer: Writer,
  given: readonly HomeAnswer[],
  today: number,
  now: number,
): Promise<(string | null)[]> {
  const known = await answers(ledger)
  const atHome: HomeAnswer[] = []
  for (const one of given)
    if ((await presentHome(ledger, one.home_store_id, one.customer_id)) === one.home_store_id)
      atHome.push(one)
  const drafts = atHome.map(({ customer_id, home_store_id, to_store_id }): TimedDraft => {
    if (to_store_id !== null) {
      const payload = { home_store_id, to_store_id }
      const move = { kind: 'transfer', record_id: customer_id, type: 'set', payload } as const
      return { store_id: home_store_id, ...move }
    }
    const record = {
      store_id: CHAIN,
      kind: 'home_kept',
      record_id: derivedId(ledger, `home_kept|${customer_id}`),
    }
    const said = { home_store_id, day: today, by: writer.actor_id }
    return known.has(customer_id)
      ? { ...record, type: 'set', payload: said }
      : { ...record, type: 'create', payload: { ...said, customer_id } }
  })
  const results = drafts.length === 0 ? [] : await writeDrafts(ledger, writer, drafts, now)
  return given.map((one) => {
    const result = results[atHome.indexOf(one)]
    if (!result) return 'unknown-customer'
    return result.status === 'applied' ? null : (result.reason ?? 'fault')
  })
}
