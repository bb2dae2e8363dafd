import { and, countDistinct, eq, gt, inArray, isNotNull, max } from 'drizzle-orm'
import { mayReadStore, type Scope } from '#model/access.ts'
import { digitsOf } from '#model/phone.ts'
import type { DuplicateRecord, DuplicatesReport, MergedRecord } from '#model/report-duplicates.ts'
import type { CustomerColumns } from './forwards.ts'
import type { Ledger } from './ledger.ts'
import type { StoreColumns } from './reports.ts'
import { among, selectByKeys } from './rows.ts'

// People who are known twice: records with a phone in common. That is a proposal and no more, for a
// family may share a number; merge-acts.ts is what a manager makes of it.

const GROUPS_MAX = 200
/** For so long a merge is listed with a way back. */
export const UNDO_DAYS = 30

interface Place {
  home: string
  id: string
}

/** Records by the phones that several have, as far as a reader may see their homes. */
async function sharedPhones(ledger: Ledger, readable: ReadonlySet<string>): Promise<Place[][]> {
  const { phoneDirectory } = ledger.t
  const { phone_hash, store_id, customer_id } = phoneDirectory
  const shared = await ledger.db
    .select({ phone_hash })
    .from(phoneDirectory)
    .groupBy(phone_hash)
    .having(gt(countDistinct(customer_id), 1))
  const rows = await selectByKeys(shared.map((row) => row.phone_hash).sort(), (slice) =>
    ledger.db
      .select({ phone_hash, store_id, customer_id })
      .from(phoneDirectory)
      .where(among(phone_hash, slice)),
  )
  const seen = rows.filter((row) => readable.has(row.store_id))
  return [...Map.groupBy(seen, (row) => row.phone_hash).values()].map((group) =>
    group.map((row): Place => ({ home: row.store_id, id: row.customer_id })),
  )
}

/** Records by id, each read where it is at home. */
export async function readPeople(ledger: Ledger, places: readonly Place[]) {
  const { customer } = ledger.t
  const people = new Map<string, CustomerColumns>()
  for (const [home, some] of Map.groupBy(places, (place) => place.home)) {
    const rows = await selectByKeys([...new Set(some.map((one) => one.id))].sort(), (slice) =>
      ledger.db
        .select()
        .from(customer)
        .where(and(eq(customer.store_id, home), among(customer.id, slice))),
    )
    for (const row of rows) people.set(row.id, row)
  }
  return people
}

/** How often and when each was last seen, by id. */
async function readVisits(ledger: Ledger, people: Iterable<CustomerColumns>) {
  const { history } = ledger.t
  const seen = new Map<string, { days: number; last: number }>()
  for (const [home, rows] of Map.groupBy(people, (row) => row.store_id)) {
    const found = await selectByKeys(rows.map((row) => row.id).sort(), (slice) =>
      ledger.db
        .select({
          id: history.customer_id,
          days: countDistinct(history.day),
          last: max(history.day),
        })
        .from(history)
        .where(and(eq(history.store_id, home), among(history.customer_id, slice)))
        .groupBy(history.customer_id),
    )
    for (const { id, days, last } of found)
      if (last !== null) seen.set(id, { days: Number(days), last: Number(last) })
  }
  return seen
}

function recordOf(
  row: CustomerColumns,
  seen: { days: number; last: number } | undefined,
): DuplicateRecord {
  const phone = row.phone ?? row.phone_alt
  return {
    customer_id: row.id,
    home_store_id: row.store_id,
    name: row.name,
    phone_end: phone === null ? null : digitsOf(phone).slice(-4),
    created_at: row.created_at,
    visit_days: seen?.days ?? 0,
    last_day: seen?.last ?? null,
  }
}

const lastDay = (group: readonly DuplicateRecord[]) =>
  Math.max(...group.map((record) => record.last_day ?? 0))

async function candidates(ledger: Ledger, readable: ReadonlySet<string>) {
  const groups = await sharedPhones(ledger, readable)
  const people = await readPeople(ledger, groups.flat())
  const seen = await readVisits(ledger, people.values())
  const listed = new Map<string, DuplicateRecord[]>()
  for (const group of groups) {
    const ids = [...new Set(group.map((place) => place.id))].sort()
    const rows = ids.flatMap((id) => people.get(id) ?? [])
    const standing = rows.filter((row) => row.merged_into === null && row.erased_on === null)
    if (standing.length < 2) continue
    const records = standing.map((row) => recordOf(row, seen.get(row.id)))
    // Two records may share both their phones.
    listed.set(standing.map((row) => row.id).join(), records)
  }
  return [...listed.values()].sort((a, b) => lastDay(b) - lastDay(a))
}

async function mergedSince(
  ledger: Ledger,
  readable: ReadonlySet<string>,
  since: number,
): Promise<MergedRecord[]> {
  const { customer } = ledger.t
  const rows = await selectByKeys([...readable].sort(), (slice) =>
    ledger.db
      .select()
      .from(customer)
      .where(and(inArray(customer.store_id, slice), isNotNull(customer.merged_into))),
  )
  const recent = rows.flatMap((row) => {
    const day = row.merges?.at(-1)?.from ?? 0
    return row.merged_into !== null && row.erased_on === null && day >= since
      ? [{ row, into: row.merged_into, day }]
      : []
  })
  const places = recent.map(({ row, into }): Place => ({ home: row.store_id, id: into }))
  const people = await readPeople(ledger, places)
  return recent
    .map(({ row, into, day }) => ({
      customer_id: row.id,
      home_store_id: row.store_id,
      name: row.name,
      into_id: into,
      into_name: people.get(into)?.name ?? '',
      day,
    }))
    .sort((a, b) => b.day - a.day || (a.customer_id < b.customer_id ? -1 : 1))
}

/** Who may be known twice within a reader's scope, and who was made one lately. */
export async function duplicates(
  ledger: Ledger,
  scope: Scope,
  stores: readonly StoreColumns[],
  today: number,
): Promise<DuplicatesReport> {
  const mine = stores.filter((row) => mayReadStore(scope, row.id, row.region_id))
  const readable = new Set(mine.map((row) => row.id))
  const groups = await candidates(ledger, readable)
  const merged = await mergedSince(ledger, readable, today - UNDO_DAYS)
  const shown = groups.slice(0, GROUPS_MAX)
  const named = new Set([...shown.flat(), ...merged].map((record) => record.home_store_id))
  return {
    groups: shown,
    total: groups.length,
    merged,
    stores: mine
      .filter((row) => named.has(row.id))
      .map(({ id, name, name_en }) => ({ id, name, name_en })),
  }
}
