import { and, asc, eq, gt, inArray, isNull, lte } from 'drizzle-orm'
import { CHAIN } from '#model/id.ts'
import { YEAR_DAYS } from '#model/calendar.ts'
import type { NoFit } from '#model/rhythm/bgnbd-fit.ts'
import type { CountedSummary } from '#model/rhythm/bgnbd.ts'
import { LAST_SEEN } from '#model/rhythm/cohort.ts'
import { quintileBreaksOfCounts, type RfmBreaks, spendBreaks } from '#model/rhythm/rfm.ts'
import {
  evenSample,
  fitOfStore,
  lendOf,
  LENT_SAMPLE_MAX,
  type StoreFit,
} from '#model/rhythm/store-fit.ts'
import { type RhythmSums, sumRhythms } from '#model/rhythm/store-rhythm.ts'
import { summariseVisits, type VisitSummary } from '#model/rhythm/visit-summary.ts'
import type { HistoryRow } from '#model/visit.ts'
import { headsOf } from './feed-heads.ts'
import type { Ledger } from './ledger.ts'
import { selectByKeys } from './rows.ts'

// The rhythm of one store's book, from the histories of its customers: read when it is asked for,
// and kept in memory until the book's feed moves on. A fit is that of its day: parameters of
// thousands of customers do not turn by one visit, and they are what costs.

/** Visits of one life, in the order of days. */
export type Visits = Pick<HistoryRow, 'day' | 'sales' | 'spend_minor'>[]

/** What is the same for all stores on a day. */
export interface ChainRhythm {
  today: number
  breaks: RfmBreaks
  several_currencies: boolean
  lent: readonly CountedSummary[]
}

export interface StoreRhythm {
  sums: RhythmSums
  fit: StoreFit | NoFit
}

interface Kept {
  lent: { today: number; summaries: CountedSummary[] } | null
  fits: Map<string, { today: number; fit: StoreFit | NoFit }>
  sums: Map<string, { mark: string; sums: RhythmSums }>
}

const kept = new WeakMap<Ledger, Kept>()
const STORES_KEPT = 500

function keptOf(ledger: Ledger): Kept {
  let known = kept.get(ledger)
  if (!known) kept.set(ledger, (known = { lent: null, fits: new Map(), sums: new Map() }))
  return known
}

/** Keeps a value as the latest of at most `STORES_KEPT`. */
function keep<T>(values: Map<string, T>, key: string, value: T): T {
  values.delete(key)
  values.set(key, value)
  const [oldest] = values.keys()
  if (values.size > STORES_KEPT && oldest !== undefined) values.delete(oldest)
  return value
}

/** Ids of the customers who are at home in a store, but for those who were forgotten; in order. */
async function peopleOf(ledger: Ledger, storeId: string): Promise<string[]> {
  const { customer } = ledger.t
  const rows = await ledger.db
    .select({ id: customer.id })
    .from(customer)
    .where(
      and(eq(customer.store_id, storeId), isNull(customer.erased_on), isNull(customer.merged_into)),
    )
    .orderBy(asc(customer.id))
  return rows.map((row) => row.id)
}

function byPerson(
  rows: readonly ({ customer_id: string } & Visits[number])[],
): Map<string, Visits> {
  const people = new Map<string, Visits>()
  for (const { customer_id, ...row } of rows) {
    const known = people.get(customer_id)
    if (known) known.push(row)
    else people.set(customer_id, [row])
  }
  return people
}

const columnsOf = ({ t }: Ledger) => {
  const { customer_id, day, sales, spend_minor } = t.history
  return { customer_id, day, sales, spend_minor }
}

/** The histories of a store's customers by id, in its order; empty for those who never came. */
export async function historiesOf(ledger: Ledger, storeId: string): Promise<Map<string, Visits>> {
  const { history } = ledger.t
  const people = await peopleOf(ledger, storeId)
  const rows = await ledger.db
    .select(columnsOf(ledger))
    .from(history)
    .where(eq(history.store_id, storeId))
    .orderBy(asc(history.customer_id), asc(history.day))
  const known = byPerson(rows)
  return new Map(people.map((id) => [id, known.get(id) ?? []]))
}

function summariesOf(histories: Iterable<Visits>, today: number): VisitSummary[] {
  return [...histories].flatMap((visits) => {
    const summary = summariseVisits(
      visits.map(({ day }) => day),
      today,
    )
    return summary ? [summary] : []
  })
}

const SAMPLED_STORES = 20

/** Customers of the whole chain who join each store's fit: some of each of some stores. */
async function lentBy(ledger: Ledger, today: number): Promise<CountedSummary[]> {
  const cache = keptOf(ledger)
  if (cache.lent?.today === today) return cache.lent.summaries
  const { store, history } = ledger.t
  const all = await ledger.db.select({ id: store.id }).from(store).orderBy(asc(store.id))
  const stores = evenSample(all, SAMPLED_STORES)
  const found: VisitSummary[] = []
  for (const { id } of stores) {
    const people = evenSample(
      await peopleOf(ledger, id),
      Math.ceil(LENT_SAMPLE_MAX / stores.length),
    )
    const rows = await selectByKeys(people, (slice) =>
      ledger.db
        .select(columnsOf(ledger))
        .from(history)
        .where(and(eq(history.store_id, id), inArray(history.customer_id, slice))),
    )
    found.push(...summariesOf(byPerson(rows).values(), today))
  }
  const summaries = lendOf(found)
  cache.lent = { today, summaries }
  return summaries
}

/** Whether all stores count in one currency; spend of several is not compared. */
async function hasSeveralCurrencies(ledger: Ledger): Promise<boolean> {
  const { store } = ledger.t
  const rows = await ledger.db.selectDistinct({ currency: store.currency }).from(store)
  return rows.length > 1
}

/** The chain's days of the last year that scores are cut by. */
async function breaksOf(ledger: Ledger, today: number, withSpend: boolean): Promise<RfmBreaks> {
  const { rollupDay } = ledger.t
  const rows = await ledger.db
    .select({ day: rollupDay.day, metric: rollupDay.metric, value: rollupDay.value })
    .from(rollupDay)
    .where(
      and(
        eq(rollupDay.scope, CHAIN),
        gt(rollupDay.day, today - YEAR_DAYS),
        lte(rollupDay.day, today),
        inArray(rollupDay.metric, [LAST_SEEN, 'spend', 'sales']),
      ),
    )
  const seen = rows.filter((row) => row.metric === LAST_SEEN)
  const sum = (metric: string) =>
    rows.reduce((total, row) => total + (row.metric === metric ? row.value : 0), 0)
  // Without anybody seen within the year nobody is scored by these bounds.
  const daysSince = quintileBreaksOfCounts(
    new Map(seen.map(({ day, value }) => [today - day, value])),
  ) ?? [0, 0, 0, 0]
  return { daysSince, spendMinor: withSpend ? spendBreaks(sum('spend'), sum('sales')) : null }
}

export async function chainRhythm(ledger: Ledger, today: number): Promise<ChainRhythm> {
  const several_currencies = await hasSeveralCurrencies(ledger)
  const breaks = await breaksOf(ledger, today, !several_currencies)
  return { today, breaks, several_currencies, lent: await lentBy(ledger, today) }
}

function fitFor(
  cache: Kept,
  storeId: string,
  { today, lent }: ChainRhythm,
  histories: ReadonlyMap<string, Visits>,
): StoreFit | NoFit {
  const known = cache.fits.get(storeId)
  if (known?.today === today) return known.fit
  const fit = fitOfStore(summariesOf(histories.values(), today), lent)
  return keep(cache.fits, storeId, { today, fit }).fit
}

/** The fit of a store on a day, and its customers' histories. */
export async function storeModel(ledger: Ledger, storeId: string, chain: ChainRhythm) {
  const histories = await historiesOf(ledger, storeId)
  return { histories, fit: fitFor(keptOf(ledger), storeId, chain, histories) }
}

/** Whether the rhythm of a store, whose feed stands at `head`, is in memory. */
function knownOf(cache: Kept, storeId: string, mark: string): StoreRhythm | null {
  const [sums, fit] = [cache.sums.get(storeId), cache.fits.get(storeId)]
  return sums?.mark === mark && fit ? { sums: sums.sums, fit: fit.fit } : null
}

/**
 * The rhythm of some stores, of as many as can be read within `budgetMs` and one at least; what is
 * in memory takes no time. Writers get their turn between two stores.
 */
export async function storeRhythms(
  ledger: Ledger,
  storeIds: readonly string[],
  chain: ChainRhythm,
  budgetMs: number,
): Promise<Map<string, StoreRhythm>> {
  const cache = keptOf(ledger)
  const heads = await headsOf(ledger, storeIds)
  const found = new Map<string, StoreRhythm>()
  const began = performance.now()
  for (const id of storeIds) {
    const mark = `${chain.today} ${heads[id] ?? 0} ${JSON.stringify(chain.breaks)}`
    const known = knownOf(cache, id, mark)
    if (known) {
      found.set(id, known)
      continue
    }
    if (found.size > 0 && performance.now() - began > budgetMs) continue
    const { histories, fit } = await storeModel(ledger, id, chain)
    const model = 'params' in fit ? fit.params : null
    const rules = { today: chain.today, breaks: chain.breaks, model }
    const sums = sumRhythms(histories.values(), rules)
    keep(cache.sums, id, { mark, sums })
    found.set(id, { sums, fit })
    await new Promise((resolve) => setImmediate(resolve))
  }
  return found
}
