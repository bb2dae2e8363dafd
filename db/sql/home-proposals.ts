import { and, eq, gt, gte, isNull, lt, ne, notExists, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { mayReadStore, type Scope } from '#model/access.ts'
import { CHAIN } from '#model/id.ts'
import { type HomeProposal, isAnswered, proposeHome } from '#model/home-proposal.ts'
import type { HomeProposalsReport } from '#model/report.ts'
import type { StoreColumns } from './reports.ts'
import { asOfStores, darkest } from './as-of.ts'
import { derivedId } from './derived-id.ts'
import { listDeskRecords } from './desk-records.ts'
import { presentHome } from './forwards.ts'
import type { Ledger } from './ledger.ts'
import { among } from './rows.ts'
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

/**
 * Visits elsewhere since the customer was last at home, of everybody whom another store has seen
 * since the day; of `homes`, or of all (null). One statement however many stores there are. Which
 * of two visits is the later one is told as `proposeHome` tells it.
 */
function awayVisits(ledger: Ledger, homes: readonly string[] | null, since: number) {
  const { customer, customerLink, history } = ledger.t
  const atHome = alias(history, 'at_home')
  const seen = ledger.db
    .selectDistinct({ home: customerLink.store_id, id: customerLink.customer_id })
    .from(customerLink)
    .where(
      and(
        gte(customerLink.last_day, since),
        homes ? among(customerLink.store_id, homes) : undefined,
      ),
    )
    .as('seen')
  const isLater = or(
    gt(atHome.first_at, history.first_at),
    and(eq(atHome.first_at, history.first_at), lt(atHome.at_store_id, history.at_store_id)),
  )
  const cameHomeSince = ledger.db
    .select({ one: sql`1` })
    .from(atHome)
    .where(
      and(
        eq(atHome.store_id, history.store_id),
        eq(atHome.customer_id, history.customer_id),
        eq(atHome.at_store_id, history.store_id),
        or(gt(atHome.day, history.day), and(eq(atHome.day, history.day), isLater)),
      ),
    )
  return (
    ledger.db
      .select({
        customer_id: customer.id,
        name: customer.name,
        home: customer.store_id,
        day: history.day,
        store_id: history.at_store_id,
        first_at: history.first_at,
      })
      .from(seen)
      // SQLite reads a cross join in the order that is written: else it begins with all history.
      .crossJoin(customer)
      .crossJoin(history)
      .where(
        and(
          eq(customer.store_id, seen.home),
          eq(customer.id, seen.id),
          eq(history.store_id, seen.home),
          eq(history.customer_id, seen.id),
          isNull(customer.erased_on),
          isNull(customer.merged_into),
          ne(history.at_store_id, history.store_id),
          notExists(cameHomeSince),
        ),
      )
  )
}

async function findAway(
  ledger: Ledger,
  homes: readonly string[] | null,
  since: number,
): Promise<Found[]> {
  const visits = await awayVisits(ledger, homes, since)
  const byCustomer = Map.groupBy(visits, (visit) => `${visit.home} ${visit.customer_id}`)
  return [...byCustomer.values()].flatMap((own): Found[] => {
    const [first] = own
    const made = first ? proposeHome(own, first.home) : null
    if (!first || !made) return []
    const { customer_id, name, home: home_store_id } = first
    return [{ customer_id, name, home_store_id, ...made }]
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
  now: number,
): Promise<HomeProposalsReport> {
  const readable = new Set(
    stores.filter((row) => mayReadStore(scope, row.id, row.region_id)).map((row) => row.id),
  )
  const known = await answers(ledger)
  const homes = scope.all ? null : [...readable]
  const away = await findAway(ledger, homes, today - SEEN_WITHIN_DAYS)
  const found = away.filter(
    (one) =>
      readable.has(one.home_store_id) &&
      readable.has(one.to_store_id) &&
      !isAnswered(one, one.home_store_id, known.get(one.customer_id)),
  )
  const latest = ({ visits }: Found) => visits[0]?.day ?? 0
  found.sort((a, b) => latest(b) - latest(a) || (a.customer_id < b.customer_id ? -1 : 1))
  const rows = found.slice(0, ROWS_MAX)
  const named = new Set(
    rows.flatMap((row) => [row.home_store_id, ...row.visits.map((visit) => visit.store_id)]),
  )
  const shown = stores
    .filter((row) => named.has(row.id) && readable.has(row.id))
    .map(({ id, name, name_en }) => ({ id, name, name_en }))
  const words = await asOfStores(ledger)
  const as_of = darkest([...readable].map((store) => words.get(store) ?? null))
  return { rows, total: found.length, stores: shown, as_of, computed_at: now }
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
