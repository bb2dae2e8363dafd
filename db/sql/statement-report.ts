import {
  and,
  count,
  countDistinct,
  desc,
  eq,
  gt,
  gte,
  inArray,
  isNull,
  lt,
  lte,
  notInArray,
  or,
  type SQL,
  sql,
} from 'drizzle-orm'
import type { Scope } from '#model/access.ts'
import { must } from '#model/assert.ts'
import type { MovementKind } from '#model/movements.ts'
import { wholeMonths } from '#model/as-closed.ts'
import { monthOf, type Period } from '#model/period.ts'
import type {
  MovementsReport,
  PlaceStatement,
  StatementReport,
  ToldStatement,
} from '#model/report.ts'
import { type FootingFault, footingFaults, type ScopedStatement } from '#model/statement.ts'
import { asOfStores } from './as-of.ts'
import { firstMonth, readCloses, statementsAsClosed } from './close.ts'
import { namesOf as staffNames } from './fleet-scope.ts'
import type { Ledger } from './ledger.ts'
import { namesOf } from './names-of.ts'
import { type Place, placeOf, placesOf, readOrg, todayAt } from './reports.ts'
import { lastRecount } from './recount.ts'
import { readRestatements } from './restatements.ts'
import { countDirty } from './rollup.ts'
import { notesOf } from './statement-notes.ts'
import { footedStatements, statementOf } from './statement.ts'

// The statement as the desk reads it: cut to who asks, and with the way down to the customers.

const ROWS_MAX = 500

/** The stores of a scope that the reader may see; null when there is no such scope for them. */
export function storesOf(places: readonly Place[], scopeId: string): string[] | null {
  const place = places.find((one) => one.scope === scopeId)
  if (!place) return null
  if (place.level === 'store') return [scopeId]
  const isPart = (one: Place) => place.level === 'chain' || one.region_id === scopeId
  return places.filter((one) => one.level === 'store' && isPart(one)).map((one) => one.scope)
}

/** Of several currencies the value is not told: they do not add up. */
function toldOf({ currency }: Place, statement: ScopedStatement): ToldStatement {
  return { ...statement, value: currency === null ? null : statement.value, currency }
}

function isEmpty({ customers, value }: ScopedStatement): boolean {
  return [customers, value].every((side) => Object.values(side).every((amount) => amount === 0))
}

export type View = StatementReport['view']

/** The last close, and the month that may be closed next: the first one with figures at first. */
async function closesOf(ledger: Ledger, today: number) {
  const last = (await readCloses(ledger)).at(-1)
  const first = last ? monthOf(last.month).to : await firstMonth(ledger)
  const next = first === null ? null : monthOf(first)
  const names = await staffNames(ledger, 'staff', last ? [last.by] : [])
  return {
    closed: last ? { period: last.text, at: last.at, by_name: names.get(last.by) ?? '' } : null,
    closable: next && next.to <= today ? next.text : null,
  }
}

async function recountOf(ledger: Ledger, shown: ReadonlySet<string>) {
  const last = await lastRecount(ledger)
  if (!last) return null
  const { day, counted_at, stores, faults } = last
  const differing = faults.filter((fault) => shown.has(fault.store_id)).length
  return { day, counted_at, stores, differing }
}

/** Those by which figures of a period that began on a day were counted anew. */
async function restatementsSince(ledger: Ledger, from: number) {
  return (await readRestatements(ledger)).filter(({ day }) => day >= from).reverse()
}

/** The statements that a reader may see, and whether those of the whole chain foot. */
export async function statementReport(
  ledger: Ledger,
  scope: Scope,
  period: Period,
  asked: View,
  now: number,
): Promise<StatementReport> {
  const org = await readOrg(ledger)
  const today = todayAt(org, now)
  const stood = asked === 'closed' ? await statementsAsClosed(ledger, period, today) : null
  const footed = stood
    ? { all: stood, faults: footingFaults(stood) }
    : await footedStatements(ledger, period, today)
  const { all } = footed
  const byScope = new Map(all.map((one) => [one.scope, one]))
  const rows = placesOf(org, scope, await asOfStores(ledger)).flatMap((place) => {
    const one = byScope.get(place.scope)
    // A head office has no customers of its own, as a rule.
    if (!one || (place.scope === org.head?.id && isEmpty(one))) return []
    const { name, name_en, as_of } = place
    return [{ ...toldOf(place, one), name, name_en, as_of }]
  })
  const to = Math.max(period.from, Math.min(period.to, today + 1)) - 1
  const dirty_days = await countDirty(ledger)
  const shown = new Set(rows.map((row) => row.scope))
  const mixed = new Set(rows.flatMap((row) => (row.currency === null ? [row.scope] : [])))
  const isTold = ({ side, scope: id }: FootingFault) => side === 'customers' || !mixed.has(id)
  const faults = footed.faults.filter((fault) => shown.has(fault.scope) && isTold(fault))
  const { text, from } = period
  return {
    ...{ period: text, from, to, rows, faults, computed_at: now, dirty_days },
    view: stood ? 'closed' : 'restated',
    ...(await closesOf(ledger, today)),
    notes: await notesOf(ledger, text, shown),
    restatements: await restatementsSince(ledger, from),
    recount: await recountOf(ledger, shown),
  }
}

/** The statement of one place as it stands now. Null when there is no such place for the reader. */
export async function placeStatement(
  ledger: Ledger,
  scope: Scope,
  scopeId: string,
  period: Period,
  now: number,
): Promise<PlaceStatement | null> {
  const org = await readOrg(ledger)
  const place = placeOf(org, scope, scopeId)
  const statement = place && (await statementOf(ledger, scopeId, period, todayAt(org, now)))
  return statement ? toldOf(place, statement) : null
}

/**
 * The customers behind a line of a scope's statement. Null when there is no such scope for the
 * reader. Of a region's moves only those that crossed its border are its movements.
 */
export async function movementsReport(
  ledger: Ledger,
  scope: Scope,
  scopeId: string,
  kind: MovementsReport['kind'],
  period: Pick<Period, 'from' | 'to'>,
  now: number,
): Promise<MovementsReport | null> {
  const org = await readOrg(ledger)
  const places = placesOf(org, scope, new Map())
  const ids = storesOf(places, scopeId)
  if (!ids) return null
  const { movement } = ledger.t
  const to = Math.min(period.to, todayAt(org, now) + 1)
  const where = and(
    inArray(movement.store_id, ids),
    kind === 'late' ? await becameKnownLate(ledger, period, to) : ofKind(ledger, kind, period, to),
    crosses(ledger, ids),
  )
  const rows = await ledger.db
    .select()
    .from(movement)
    .where(where)
    .orderBy(desc(movement.day), movement.customer_id)
    .limit(ROWS_MAX)
  const currencies = new Map(places.map((place) => [place.scope, place.currency]))
  const names = await namesOf(ledger, rows, new Set(places.map((place) => place.scope)))
  const { total, people } =
    rows.length < ROWS_MAX ? counted(rows) : await countMovements(ledger, where)
  return {
    scope: scopeId,
    kind,
    rows: rows.map((row) => ({
      customer_id: row.customer_id,
      name: names.get(row.customer_id) ?? null,
      store_id: row.store_id,
      kind: row.kind,
      day: row.day,
      counterparty: row.counterparty,
      value_minor: row.value_minor,
      currency: currencies.get(row.store_id) ?? null,
    })),
    total,
    people,
  }
}

function counted(rows: readonly { customer_id: string }[]) {
  return { total: rows.length, people: new Set(rows.map((row) => row.customer_id)).size }
}

/** The same of more rows than are listed. */
async function countMovements({ db, t: { movement } }: Ledger, where: SQL | undefined) {
  const [found] = await db
    .select({ total: count(), people: countDistinct(movement.customer_id) })
    .from(movement)
    .where(where)
  return must(found, 'a count')
}

function ofKind(
  { t: { movement } }: Ledger,
  kind: MovementKind,
  { from }: Pick<Period, 'from'>,
  to: number,
) {
  return and(eq(movement.kind, kind), gte(movement.day, from), lt(movement.day, to))
}

/**
 * Movements of closed months that were written after their close, and before that of the month
 * whose adjustment they are: what a late-data line is made of, less what a late fact took away,
 * which leaves no row.
 */
async function becameKnownLate(ledger: Ledger, period: Pick<Period, 'from' | 'to'>, to: number) {
  const { movement } = ledger.t
  const closes = new Map((await readCloses(ledger)).map(({ month, at }) => [month, at]))
  const ofMonths = (wholeMonths({ from: period.from, to: period.to }) ?? []).flatMap((month) => {
    const before = closes.get(monthOf(month - 1).from)
    if (before === undefined || month > to) return []
    const own = closes.get(month)
    const until = own === undefined ? undefined : lte(movement.written_at, own)
    return [and(lt(movement.day, month), gt(movement.written_at, before), until)]
  })
  return ofMonths.length === 0 ? sql`1 = 0` : or(...ofMonths)
}

function crosses(ledger: Ledger, ids: readonly string[]) {
  const { counterparty } = ledger.t.movement
  return or(isNull(counterparty), notInArray(counterparty, [...ids]))
}
