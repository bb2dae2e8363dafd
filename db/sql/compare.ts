import { and, countDistinct, eq, isNull } from 'drizzle-orm'
import type { Scope } from '#model/access.ts'
import {
  casesOf,
  CASES_MIN,
  endingWith,
  isStale,
  lineOf,
  NO_VALUES,
  perMetric,
  recordedValues,
  seriesOf,
  type ValuesOfSums,
  yearEarlier,
} from '#model/compare.ts'
import { LEVELS, type MetricValues, NO_SUMS, type ScopeSums } from '#model/metrics.ts'
import { type BandsOfPeers, peerGroups, peerKeyOf } from '#model/peer-groups.ts'
import { isOver, type Period, periodBefore } from '#model/period.ts'
import type {
  ComparePlace,
  CompareReport,
  CompareWith,
  PeerGroup,
  TagMixReport,
} from '#model/report-compare.ts'
import { asOfStores } from './as-of.ts'
import { isStoreInScope } from './fleet-scope.ts'
import type { Ledger } from './ledger.ts'
import { type Place, placesOf, readOrg, tagMetric, toldOf, todayAt } from './reports.ts'
import { countDirty } from './rollup.ts'
import { sumsOfSeries } from './series.ts'
import type { SeriesByScope } from './series-of-all.ts'

// Stores beside each other and beside their own past: one read of the kept figures for however many
// stores and periods. The whole chain is read, because bands are those of the chain; what a reader
// may not see leaves as numbers without a name.

interface Asked {
  period: Period
  /** Periods wanted, the one asked for included. */
  periods: number
  vs: CompareWith
  /** Places by id, or null for all that the reader may see. */
  scopes: readonly string[] | null
}

/** The figures of all places, and of the period that is compared with. */
interface Figures {
  /** Whether anything was ever recorded in these periods. */
  has: (scope: string) => boolean
  values: (place: Place) => MetricValues[]
  before: (place: Place) => MetricValues
}

/** What the comparisons of a ledger came to, as far as it follows from figures that still stand. */
interface Compared {
  values: ValuesOfSums
  lines: WeakMap<readonly Readonly<ScopeSums>[], MetricValues[]>
  bands: BandsOfPeers
}

/** Groups whose bands are kept: some formats over a few spans of time. */
const BANDS_MAX = 60
const comparedOf = new WeakMap<Ledger, Compared>()

function compared(ledger: Ledger): Compared {
  let known = comparedOf.get(ledger)
  if (!known || known.bands.size > BANDS_MAX)
    comparedOf.set(
      ledger,
      (known = { values: new WeakMap(), lines: new WeakMap(), bands: new Map() }),
    )
  return known
}

async function readFigures(
  ledger: Ledger,
  periods: readonly Period[],
  before: Period,
  today: number,
): Promise<Figures> {
  const asked = { tagMetric: await tagMetric(ledger), today, scopes: null }
  const series = await sumsOfSeries(ledger, { ...asked, periods })
  const nothing = periods.map(() => NO_SUMS)
  const known = compared(ledger)
  const valuesIn = (all: SeriesByScope, { scope }: Place) => {
    const sums = all.get(scope) ?? nothing
    let line = known.lines.get(sums)
    if (!line) known.lines.set(sums, (line = recordedValues(sums, known.values)))
    return line
  }
  const told = (place: Place, line: MetricValues[]) =>
    place.currency === null ? line.map((one) => toldOf(place, one)) : line
  const values = (place: Place) => told(place, valuesIn(series, place))
  const at = periods.findIndex((one) => one.text === before.text)
  const has = (scope: string) => series.has(scope)
  if (at >= 0) return { has, values, before: (place) => values(place)[at] ?? NO_VALUES }
  const earlier = await sumsOfSeries(ledger, { ...asked, periods: [before] })
  return { has, values, before: (place) => told(place, valuesIn(earlier, place))[0] ?? NO_VALUES }
}

function describe(
  place: Place,
  { values, before }: Figures,
  stale: boolean,
  isOver: boolean,
  groups: readonly PeerGroup[],
): ComparePlace {
  const own = values(place)
  const now = own.at(-1) ?? NO_VALUES
  return {
    ...place,
    peer_group: place.level === 'store' ? peerKeyOf(place.format, groups) : null,
    stale,
    now,
    before: before(place),
    lines: perMetric((metric) => {
      const isThin = (casesOf(metric, now) ?? CASES_MIN) < CASES_MIN
      return lineOf(seriesOf(metric, own), isOver && !stale && !isThin, LEVELS.includes(metric))
    }),
  }
}

/**
 * Places beside each other over some periods. Null when one of the places asked for is none, or
 * lies outside the reader's scope. A head office without figures of its own is left out.
 */
export async function compareReport(
  ledger: Ledger,
  scope: Scope,
  { period, periods: count, vs, scopes }: Asked,
  now: number,
): Promise<CompareReport | null> {
  const org = await readOrg(ledger)
  const today = todayAt(org, now)
  const periods = endingWith(period, count)
  const before = vs === 'year' ? yearEarlier(period) : periodBefore(period)
  const figures = await readFigures(ledger, periods, before, today)
  const words = await asOfStores(ledger)
  const isIdle = (place: Place) => place.scope === org.head?.id && !figures.has(place.scope)
  const stale = (place: Place) => place.level === 'store' && isStale(place.as_of, period, now)
  const everywhere = placesOf(org, { all: true }, words)
  const peers = everywhere
    .filter((place) => place.level === 'store' && !isIdle(place))
    .map((place) => {
      const { format, currency } = place
      return { format, currency, stale: stale(place), values: figures.values(place) }
    })
  const named = periods.map((one) => one.text)
  const groups = peerGroups(peers, named, compared(ledger).bands)
  const readable = scope.all ? everywhere : placesOf(org, scope, words)
  const seen = readable.filter((place) => !isIdle(place))
  const shown = scopes === null ? seen : seen.filter((place) => scopes.includes(place.scope))
  if (scopes !== null && shown.length !== scopes.length) return null
  const over = isOver(period, today)
  // Of a store that never recorded anything nothing is awaited; nor is a visit while it may come.
  const stores = seen.filter(({ scope: id, level }) => level === 'store' && figures.has(id))
  const hasCome = (place: Place) => !over || figures.values(place).at(-1)?.visits !== null
  const isFresh = (place: Place) => !stale(place) && hasCome(place)
  return {
    periods: named,
    before: before.text,
    places: shown.map((place) => describe(place, figures, stale(place), over, groups)),
    groups,
    coverage: {
      fresh: stores.filter(isFresh).length,
      stores: stores.length,
    },
    over,
    computed_at: now,
    dirty_days: await countDirty(ledger),
  }
}

/**
 * What the customers at home in a store are tagged with now; whoever was erased, or is part of
 * another record, is left out. Null when there is no such store for the reader.
 */
export async function tagMix(
  ledger: Ledger,
  scope: Scope,
  storeId: string,
): Promise<TagMixReport | null> {
  if (!(await isStoreInScope(ledger, scope, storeId))) return null
  const { customer, tag, tagGroup, tagging } = ledger.t
  const isSomebody = and(isNull(customer.erased_on), isNull(customer.merged_into))
  const home = and(eq(customer.store_id, storeId), isSomebody)
  const sameCustomer = and(
    eq(customer.store_id, tagging.store_id),
    eq(customer.id, tagging.customer_id),
  )
  const standing = and(home, eq(tagging.store_id, storeId), isNull(tagging.off_at))
  const people = countDistinct(tagging.customer_id)
  const tags = await ledger.db
    .select({ id: tag.id, label: tag.label, label_en: tag.label_en, group: tag.group_id, people })
    .from(tagging)
    .innerJoin(customer, sameCustomer)
    .innerJoin(tag, eq(tag.id, tagging.tag_id))
    .where(standing)
    .groupBy(tag.id, tag.label, tag.label_en, tag.group_id)
  const byGroup = await ledger.db
    .select({ group: tag.group_id, people })
    .from(tagging)
    .innerJoin(customer, sameCustomer)
    .innerJoin(tag, eq(tag.id, tagging.tag_id))
    .where(standing)
    .groupBy(tag.group_id)
  const groups = await ledger.db.select().from(tagGroup).orderBy(tagGroup.order, tagGroup.id)
  return {
    customers: await ledger.db.$count(customer, home),
    groups: groups.map(({ id, label, label_en }) => ({
      id,
      label,
      label_en,
      customers: byGroup.find((one) => one.group === id)?.people ?? 0,
      tags: tags
        .filter((one) => one.group === id)
        .map((one) => ({
          id: one.id,
          label: one.label,
          label_en: one.label_en,
          customers: one.people,
        }))
        .sort((a, b) => b.customers - a.customers || (a.id < b.id ? -1 : 1)),
    })),
  }
}
