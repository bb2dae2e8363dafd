import { and, countDistinct, gte, isNotNull, lt, type SQL } from 'drizzle-orm'
import { CHAIN } from '#model/id.ts'
import type { ScopeSums } from '#model/metrics.ts'
import type { Period } from '#model/period.ts'
import { movedAndMerged, type Seen } from './counted-people.ts'
import type { Ledger } from './ledger.ts'
import { type Put, stepOf, within } from './steps.ts'

// Distinct people of weeks and free-form periods, of which no figure is kept: they are counted from
// the history rows themselves.

/** Neighbouring periods, and which scopes are asked for; null: all there are. */
interface Asked {
  periods: readonly Period[]
  scopes: readonly string[] | null
}

/** What the statements of one count have in common. */
interface Span {
  ledger: Ledger
  days: SQL | undefined
  step: SQL<number>
}

async function countVisitors({ ledger, days, step }: Span, { scopes }: Asked, put: Put) {
  const { history } = ledger.t
  const counted = { people: countDistinct(history.customer_id), step }
  const { at_store_id, region_id } = history
  const here = await ledger.db
    .select({ scope: at_store_id, ...counted })
    .from(history)
    .where(and(days, within(at_store_id, scopes)))
    .groupBy(at_store_id, step)
  for (const row of here) put(row.scope, row.step, 'visitors', row.people)
  const inRegions = await ledger.db
    .select({ scope: region_id, ...counted })
    .from(history)
    .where(and(days, isNotNull(region_id), within(region_id, scopes)))
    .groupBy(region_id, step)
  for (const row of inRegions)
    if (row.scope !== null) put(row.scope, row.step, 'visitors', row.people)
}

/** Who was seen, by the book that tells of them: that of the present home. */
function seenByBook({ ledger, days, step }: Span, books: readonly string[] | null) {
  const { store_id, customer_id } = ledger.t.history
  return ledger.db
    .select({ home: store_id, step, people: countDistinct(customer_id) })
    .from(ledger.t.history)
    .where(and(days, within(store_id, books)))
    .groupBy(store_id, step)
}

/**
 * Puts the distinct visitors of each period, and as returning whoever of a home was seen: the new
 * ones of the period are still among them; see `settleCounted`.
 */
export async function addSeen(ledger: Ledger, asked: Asked, put: Put): Promise<void> {
  const { history, store } = ledger.t
  const { periods, scopes } = asked
  const [from, to] = [periods[0]?.from ?? 0, periods.at(-1)?.to ?? 0]
  const ends = periods.map((period) => period.to)
  const days = and(gte(history.day, from), lt(history.day, to))
  const span: Span = { ledger, days, step: stepOf(history.day, ends) }
  await countVisitors(span, asked, put)
  const stores = await ledger.db.select({ id: store.id, region: store.region_id }).from(store)
  const regions = new Map(stores.map((row) => [row.id, row.region]))
  const isAsked = (id: string | null) => id !== null && scopes?.includes(id)
  const books =
    scopes === null || scopes.includes(CHAIN)
      ? null
      : stores.filter((row) => isAsked(row.id) || isAsked(row.region)).map((row) => row.id)
  const putSeen = ({ home, step, people }: Seen) => {
    const region = regions.get(home) ?? null
    put(home, step, 'returning', people)
    if (region !== null) put(region, step, 'returning', people)
    put(CHAIN, step, 'returning', people)
    put(CHAIN, step, 'visitors', people)
  }
  for (const seen of await seenByBook(span, books)) putSeen(seen)
  const corrections = await movedAndMerged(ledger, days, (day) =>
    ends.findIndex((end) => day < end),
  )
  for (const { scope, step, people } of corrections.visitors) put(scope, step, 'visitors', people)
  for (const seen of corrections.homes) if (books?.includes(seen.home) ?? true) putSeen(seen)
}

/** Once the days are summed: those who were first seen in a period are no returning ones. */
export function settleCounted(all: Iterable<ScopeSums>): void {
  for (const sums of all) {
    sums.returning -= sums.new // These count at the home of their first day, too.
    sums.visitors_first += sums.first_seen
  }
}
