import { and, asc, eq, min } from 'drizzle-orm'
import { type Actor, mayReadStore, type Scope } from '#model/access.ts'
import { businessDay } from '#model/calendar.ts'
import { NO_VALUES, recordedValues } from '#model/compare.ts'
import { commonCurrency, withoutMoney } from '#model/currency.ts'
import { CHAIN } from '#model/id.ts'
import { type MetricValues, metricsOf, NO_SUMS } from '#model/metrics.ts'
import { monthOf, type Period, periodAfter, periodBefore, weekOf } from '#model/period.ts'
import type { DeskSession, HistoryReport, ReportRow, StoresReport } from '#model/report.ts'
import { asOfStores, darkest } from './as-of.ts'
import { FigureColumns } from './figure-columns.ts'
import { keptByChain } from './kept-by-chain.ts'
import type { Ledger } from './ledger.ts'
import { countDirty } from './rollup.ts'
import { sumsOfSeries } from './series.ts'
import { loadFigures, sumsIn } from './sums.ts'
import type { ByScope } from './sums-by-scope.ts'

export type StoreColumns = Ledger['t']['store']['$inferSelect']
type RegionColumns = Ledger['t']['region']['$inferSelect']

interface Org {
  head: StoreColumns | null
  stores: readonly StoreColumns[]
  regions: readonly RegionColumns[]
  /** What a region, or the chain, counts in; null: in several currencies. */
  currencies: ReadonlyMap<string, string | null>
}

/**
 * What the stores of each region, and of the chain, count in. A scope without a store counts in
 * what the head office does.
 */
function currenciesOf(
  stores: readonly StoreColumns[],
  regions: readonly RegionColumns[],
  head: StoreColumns | null,
): Org['currencies'] {
  const common = (own: readonly StoreColumns[] | undefined) =>
    own ? commonCurrency(own.map((row) => row.currency)) : (head?.currency ?? '')
  const byRegion = Map.groupBy(stores, (row) => row.region_id)
  const ofRegions = regions.map(({ id }) => [id, common(byRegion.get(id))] as const)
  return new Map([...ofRegions, [CHAIN, common(stores.length === 0 ? undefined : stores)]])
}

/** With the head office among those that sell, and without it. */
const readOrgs = keptByChain(async (ledger): Promise<{ idle: Org; selling: Org }> => {
  const { store, region } = ledger.t
  const stores = await ledger.db.select().from(store).orderBy(asc(store.id))
  const regions = await ledger.db.select().from(region).orderBy(asc(region.order), asc(region.id))
  const head = stores.find((row) => row.type === 'head-office') ?? null
  const shops = stores.filter((row) => row !== head)
  const org = { head, stores, regions }
  return {
    idle: { ...org, currencies: currenciesOf(shops, regions, head) },
    selling: { ...org, currencies: currenciesOf(stores, regions, head) },
  }
})

/** The stores and regions, kept until one of them changes. */
export async function readOrg(ledger: Ledger): Promise<Org> {
  const { idle, selling } = await readOrgs(ledger)
  const isSame = [...idle.currencies].every(([id, one]) => selling.currencies.get(id) === one)
  if (isSame || !idle.head) return idle
  // A head office of another currency than the shops matters once it sells something itself.
  const { rollupDay } = ledger.t
  const [sale] = await ledger.db
    .select({ day: rollupDay.day })
    .from(rollupDay)
    .where(and(eq(rollupDay.scope, idle.head.id), eq(rollupDay.metric, 'sales')))
    .limit(1)
  return sale ? selling : idle
}

/** The business day at the head office. */
export function todayAt({ head }: Org, now: number): number {
  return businessDay(now, head?.zone ?? 'UTC', head?.cutoff_minutes ?? 0)
}

/** The stock that tag coverage reads: the first required group, else any tag at all. */
export const tagMetric = keptByChain(async (ledger): Promise<string> => {
  const { tagGroup } = ledger.t
  const [group] = await ledger.db
    .select({ id: tagGroup.id })
    .from(tagGroup)
    .where(eq(tagGroup.required, true))
    .orderBy(asc(tagGroup.order), asc(tagGroup.id))
    .limit(1)
  return `tagged:${group?.id ?? 'any'}`
})

/** What the desk shows of whoever signed in. */
export async function deskSession(
  ledger: Ledger,
  actor: Actor,
  now: number,
): Promise<Omit<DeskSession, 'email'>> {
  const org = await readOrg(ledger)
  const { head } = org
  const { staff, rollupDay } = ledger.t
  const [person] = await ledger.db.select().from(staff).where(eq(staff.id, actor.id))
  const [first] = await ledger.db
    .select({ day: min(rollupDay.day) })
    .from(rollupDay)
    .where(and(eq(rollupDay.scope, CHAIN), eq(rollupDay.metric, 'identified')))
  return {
    staff_id: actor.id,
    name: person?.name ?? '',
    role: actor.role,
    region_id: actor.region_id,
    chain_name: head?.name ?? '',
    today: todayAt(org, now),
    currency: head?.currency ?? '',
    first_day: first?.day ?? null,
    activity_days: ledger.activityDays,
  }
}

export interface Place {
  scope: string
  level: ReportRow['level']
  region_id: string | null
  name: string
  name_en: string | null
  code: string | null
  format: string | null
  /** Null: its stores keep several currencies, so that it has no figure of money. */
  currency: string | null
  as_of: number | null
}

export function placesOf(org: Org, scope: Scope, words: Map<string, number>): Place[] {
  const currencyOf = (id: string) => org.currencies.get(id) ?? null
  const stores = org.stores
    .filter((row) => mayReadStore(scope, row.id, row.region_id))
    .map((row): Place => {
      const { id, region_id, name, name_en, code, format } = row
      const as_of = words.get(id) ?? null
      return {
        scope: id,
        level: 'store',
        region_id,
        name,
        name_en,
        code,
        format,
        currency: row.currency,
        as_of,
      }
    })
  const oldest = (rows: Place[]) => darkest(rows.map((row) => row.as_of))
  const byRegion = Map.groupBy(stores, (store) => store.region_id)
  const regions = org.regions
    .filter((row) => scope.all || row.id === scope.region_id)
    .map(({ id, name, name_en }): Place => {
      const as_of = oldest(byRegion.get(id) ?? [])
      return {
        scope: id,
        level: 'region',
        region_id: id,
        name,
        name_en,
        code: null,
        format: null,
        currency: currencyOf(id),
        as_of,
      }
    })
  if (!scope.all) return [...regions, ...stores]
  const name = org.head?.name ?? ''
  const chain: Place = {
    scope: CHAIN,
    level: 'chain',
    region_id: null,
    name,
    name_en: org.head?.name_en ?? null,
    code: null,
    format: null,
    currency: currencyOf(CHAIN),
    as_of: oldest(stores),
  }
  return [chain, ...regions, ...stores]
}

/** One place, if the reader may see it; how far its numbers go is not told. */
export function placeOf(org: Org, scope: Scope, scopeId: string): Place | undefined {
  const isIt = ({ id }: { id: string }) => id === scopeId
  const own = { ...org, stores: org.stores.filter(isIt), regions: org.regions.filter(isIt) }
  return placesOf(own, scope, new Map()).find((place) => place.scope === scopeId)
}

/** The figures of a place as they are told of it. */
export function toldOf({ currency }: Pick<Place, 'currency'>, values: MetricValues): MetricValues {
  return currency === null ? withoutMoney(values) : values
}

/**
 * The table of stores, regions and the chain for a period and the one before. Rows are cut to the
 * scope; a head office without a figure of its own is left out.
 */
export async function storesReport(
  ledger: Ledger,
  scope: Scope,
  period: Period,
  now: number,
): Promise<StoresReport> {
  const before = periodBefore(period)
  const org = await readOrg(ledger)
  const today = todayAt(org, now)
  const asked = { tagMetric: await tagMetric(ledger), today }
  const columns = new FigureColumns(ledger)
  await loadFigures(columns, [before, period], asked)
  const sumsNow = await sumsIn(columns, ledger, period, asked)
  const sumsBefore = await sumsIn(columns, ledger, before, asked)
  const officeIsIdle = (place: Place) =>
    place.scope === org.head?.id && !sumsNow.has(place.scope) && !sumsBefore.has(place.scope)
  const figuresAt = (sums: ByScope, place: Place) => {
    const own = sums.get(place.scope)
    return own ? metricsOf(own) : NO_VALUES // Where nothing is known, a zero would be made up.
  }
  const rows = placesOf(org, scope, await asOfStores(ledger))
    .filter((place) => !officeIsIdle(place))
    .map((place): ReportRow => {
      const spendOf = (sums: ByScope) =>
        place.currency === null ? null : (sums.get(place.scope) ?? NO_SUMS).spend
      return {
        ...place,
        now: toldOf(place, figuresAt(sumsNow, place)),
        before: toldOf(place, figuresAt(sumsBefore, place)),
        spend_now: spendOf(sumsNow),
        spend_before: spendOf(sumsBefore),
      }
    })
  const dirty_days = await countDirty(ledger)
  return { period: period.text, before: before.text, rows, computed_at: now, dirty_days }
}

const POINTS_MAX = 60

/**
 * One scope's figures period by period from day `from` to day `to`, at most 60 of them.
 * Null when there is no such scope or it lies outside the reader's.
 */
export async function historyReport(
  ledger: Ledger,
  scope: Scope,
  scopeId: string,
  grain: 'month' | 'week',
  from: number,
  to: number,
  now: number,
): Promise<HistoryReport | null> {
  const org = await readOrg(ledger)
  const place = placeOf(org, scope, scopeId)
  if (!place) return null
  const periods: Period[] = []
  let period = grain === 'month' ? monthOf(from) : weekOf(from)
  while (period.from <= to && periods.length < POINTS_MAX) {
    periods.push(period)
    period = periodAfter(period)
  }
  const asked = { periods, tagMetric: await tagMetric(ledger), today: todayAt(org, now) }
  const series = await sumsOfSeries(ledger, { ...asked, scopes: [scopeId] })
  const values = recordedValues(series.get(scopeId) ?? [])
  const points = periods.map(({ text, from: first, to: end }, step) => {
    return { period: text, from: first, to: end, values: toldOf(place, values[step] ?? NO_VALUES) }
  })
  return { scope: scopeId, name: place.name, points }
}
