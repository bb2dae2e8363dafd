import { and, eq, gte, inArray, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm'
import { mayReadStore, type Scope } from '#model/access.ts'
import { DAY_MS, instantOf, MINUTE_MS, zoneOffsetMs } from '#model/calendar.ts'
import { afterHours, burstsOf, type Entry, sameNotes, TWO_PLACES_MINUTES } from '#model/entries.ts'
import { isLonger } from '#model/lag.ts'
import type { Period } from '#model/period.ts'
import type { EntriesReport, TwoPlaces } from '#model/report-entries.ts'
import { HOUR_MS } from './fleet-lag.ts'
import { namesOf as staffNames } from './fleet-scope.ts'
import { Groups } from './groups.ts'
import type { Ledger } from './ledger.ts'
import { type Placed, namesOf } from './names-of.ts'
import { readOrg, type StoreColumns } from './reports.ts'
import { selectByKeys } from './rows.ts'
import { enrolledIn } from './staff-report.ts'

/** Of each kind so many are told; who has more has found what there is to ask about. */
const TOLD_MAX = 20

interface Visit extends Entry {
  day: number
  customer_id: string
  home_store_id: string | null
}

async function readVisits(ledger: Ledger, store: StoreColumns, period: Period): Promise<Visit[]> {
  const { visit } = ledger.t
  const { at, day, customer_id, home_store_id, actor_id, note } = visit
  const rows = await ledger.db
    .select({ at, day, customer_id, home_store_id, actor_id, note })
    .from(visit)
    .where(
      and(
        eq(visit.store_id, store.id),
        eq(visit.void, false),
        isNotNull(customer_id),
        isNull(visit.receipt), // The time of a receipt is its source's, not a person's.
        gte(day, period.from),
        lt(day, period.to),
      ),
    )
  return rows.map((row) => {
    const local = row.at + zoneOffsetMs(store.zone, row.at)
    const customer = row.customer_id ?? ''
    return { ...row, customer_id: customer, local_minute: Math.floor(local / MINUTE_MS) }
  })
}

type Placeless = Omit<TwoPlaces, 'name'> & Placed

/** Whoever was in another store within half an hour of a visit here; the books' rows tell. */
async function readTwoPlaces(
  ledger: Ledger,
  store: StoreColumns,
  period: Period,
  visits: readonly Visit[],
): Promise<Placeless[]> {
  const { history } = ledger.t
  const homes = new Groups()
  for (const { home_store_id: home, customer_id } of visits) if (home) homes.add(home, customer_id)
  const here = Map.groupBy(visits, ({ customer_id, day }) => `${customer_id} ${day}`)
  const found: Placeless[] = []
  for (const [home, ids] of homes.sorted()) {
    const elsewhere = await selectByKeys(ids, (slice) =>
      ledger.db
        .select({
          id: history.customer_id,
          day: history.day,
          other_store_id: history.at_store_id,
          first_at: history.first_at,
        })
        .from(history)
        .where(
          and(
            eq(history.store_id, home),
            inArray(history.customer_id, slice),
            ne(history.at_store_id, store.id),
            gte(history.day, period.from),
            lt(history.day, period.to),
          ),
        ),
    )
    for (const { id, day, other_store_id, first_at } of elsewhere)
      for (const { at } of here.get(`${id} ${day}`) ?? []) {
        const minutes = Math.abs(at - first_at) / MINUTE_MS
        if (minutes < TWO_PLACES_MINUTES)
          found.push({
            ...{ customer_id: id, store_id: home, at, other_store_id },
            minutes: Math.floor(minutes),
          })
      }
  }
  return found.sort((a, b) => a.at - b.at || (a.customer_id < b.customer_id ? -1 : 1))
}

/** Customers added here in the period, and which of them turned out to be known already. */
async function readEnrolled(ledger: Ledger, store: StoreColumns, period: Period) {
  const rows = await enrolledIn(ledger, store, period)
  return { customers: rows.length, merged: rows.filter(({ into }) => into !== null).length }
}

/** Records by how long they took; null where none came in, or what came in is kept no longer. */
async function readReceived(ledger: Ledger, store: StoreColumns, period: Period) {
  const { lagHour } = ledger.t
  const hourOf = (day: number) =>
    Math.floor(instantOf(day, store.cutoff_minutes, store.zone) / HOUR_MS)
  const rows = await ledger.db
    .select({ bucket: lagHour.bucket, ops: sql<number>`sum(${lagHour.ops})`.mapWith(Number) })
    .from(lagHour)
    .where(
      and(
        eq(lagHour.store_id, store.id),
        gte(lagHour.hour, hourOf(period.from)),
        lt(lagHour.hour, hourOf(period.to)),
      ),
    )
    .groupBy(lagHour.bucket)
  const sumOf = (some: typeof rows) => some.reduce((sum, { ops }) => sum + ops, 0)
  const records = sumOf(rows)
  const late = sumOf(rows.filter(({ bucket }) => isLonger(bucket, DAY_MS)))
  return records === 0 ? null : { records, late }
}

/**
 * How the records of a store's period came to be, and what of it is worth a question. Null when
 * there is no such store for the reader.
 */
export async function entriesReport(
  ledger: Ledger,
  scope: Scope,
  storeId: string,
  period: Period,
): Promise<EntriesReport | null> {
  const { stores } = await readOrg(ledger)
  const store = stores.find(({ id }) => id === storeId)
  if (!store || !mayReadStore(scope, store.id, store.region_id)) return null
  const visits = await readVisits(ledger, store, period)
  const bursts = burstsOf(visits).slice(0, TOLD_MAX)
  const names = await staffNames(
    ledger,
    'staff',
    bursts.map(({ actor_id }) => actor_id),
  )
  const both = (await readTwoPlaces(ledger, store, period, visits)).slice(0, TOLD_MAX)
  const isReadable = ({ id, region_id }: StoreColumns) => mayReadStore(scope, id, region_id)
  const readable = new Set(stores.filter(isReadable).map(({ id }) => id))
  const known = both.filter(({ store_id: home }) => readable.has(home))
  const people = await namesOf(ledger, known, readable)
  const two_places = both.map(({ store_id: _home, ...one }): TwoPlaces => {
    return { ...one, name: people.get(one.customer_id) ?? '' }
  })
  const spokenOf = new Set(two_places.map(({ other_store_id }) => other_store_id))
  return {
    period: period.text,
    zone: store.zone,
    entries: visits.length,
    received: await readReceived(ledger, store, period),
    enrolled: await readEnrolled(ledger, store, period),
    bursts: bursts.map((burst) => ({ ...burst, name: names.get(burst.actor_id) ?? '' })),
    two_places,
    after_hours: afterHours(visits, store.hours ?? undefined),
    same_notes: sameNotes(visits).slice(0, TOLD_MAX),
    stores: stores
      .filter(({ id }) => spokenOf.has(id))
      .map(({ id, name, name_en }) => ({ id, name, name_en })),
  }
}
