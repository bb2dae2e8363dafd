import type { Scope } from '#model/access.ts'
import { isStale } from '#model/compare.ts'
import { NO_SUMS, type ScopeSums } from '#model/metrics.ts'
import { isOver, type Period } from '#model/period.ts'
import type { FunnelRate, FunnelReport } from '#model/report-compare.ts'
import { funnelOf } from '#model/stats/funnel.ts'
import type { Counted } from '#model/stats/shrink.ts'
import { asOfStores } from './as-of.ts'
import type { Ledger } from './ledger.ts'
import { type Place, placesOf, readOrg, tagMetric, todayAt } from './reports.ts'
import { countDirty } from './rollup.ts'
import { sumsOfSeries } from './series.ts'
import { flowRows } from './sums.ts'

// A rate of every store against how many cases it rests on: which stores differ from their peers by
// more than chance. The limits are those of the chain, or of one format of it.

/** Successes and trials of a rate whose sums every report reads. */
const COUNTED: Record<Exclude<FunnelRate, 'second_visit'>, (sums: ScopeSums) => Counted> = {
  identified_rate: ({ identified_tallied, anonymous }) => {
    return { x: identified_tallied, n: anonymous === 0 ? 0 : identified_tallied + anonymous }
  },
  tag_coverage: ({ tagged, active }) => ({ x: tagged, n: active }),
}

/** Per scope, new customers whose 60 days have passed in the period, and those who came again. */
async function secondVisits(ledger: Ledger, period: Period, today: number) {
  const to = Math.max(period.from, Math.min(period.to, today + 1))
  const counts = new Map<string, { x: number; n: number }>()
  const days = { from: period.from, to }
  for (const { scope, metric, value } of await flowRows(ledger, days, ['new60', 'second60'])) {
    const count = counts.get(scope) ?? { x: 0, n: 0 }
    count[metric === 'new60' ? 'n' : 'x'] += value
    counts.set(scope, count)
  }
  return (scope: string): Counted => counts.get(scope) ?? { x: 0, n: 0 }
}

async function countsOf(ledger: Ledger, rate: FunnelRate, period: Period, today: number) {
  if (rate === 'second_visit') return secondVisits(ledger, period, today)
  const asked = { periods: [period], tagMetric: await tagMetric(ledger), today, scopes: null }
  const series = await sumsOfSeries(ledger, asked)
  return (scope: string) => COUNTED[rate](series.get(scope)?.[0] ?? NO_SUMS)
}

export interface FunnelAsked {
  period: Period
  rate: FunnelRate
  /** One format only; null: all stores. */
  format: string | null
}

export async function funnelReport(
  ledger: Ledger,
  scope: Scope,
  { period, rate, format }: FunnelAsked,
  now: number,
): Promise<FunnelReport> {
  const org = await readOrg(ledger)
  const today = todayAt(org, now)
  const words = await asOfStores(ledger)
  const countOf = await countsOf(ledger, rate, period, today)
  const isStore = ({ level, scope: id }: Place) =>
    level === 'store' && (id !== org.head?.id || countOf(id).n > 0)
  const all = placesOf(org, { all: true }, words).filter(isStore)
  const seen = placesOf(org, scope, words).filter(isStore)
  const isPeer = (place: Place) => format === null || place.format === format
  const isIn = (place: Place) =>
    isPeer(place) && !isStale(place.as_of, period, now) && countOf(place.scope).n > 0
  const funnel = funnelOf(
    all.filter(isIn).map((place) => ({ id: place.scope, ...countOf(place.scope) })),
  )
  const pointOf = new Map(funnel?.points.map((point) => [point.id, point]))
  return {
    period: period.text,
    rate,
    format,
    formats: [...new Set(all.flatMap((place) => place.format ?? []))].sort(),
    funnel: funnel && {
      mean: funnel.mean,
      phi: funnel.phi,
      stretch: funnel.stretch,
      stores: funnel.points.length,
    },
    points: seen.flatMap(({ scope: id, name, name_en, region_id, as_of }) => {
      const point = pointOf.get(id)
      if (!point) return []
      const { x, n, verdict, direction } = point
      return [{ scope: id, name, name_en, region_id, as_of, x, n, verdict, direction }]
    }),
    left_out: seen
      .filter((place) => isPeer(place) && !isIn(place))
      .map(({ scope: id, name, name_en, as_of }) => ({ scope: id, name, name_en, as_of })),
    over: isOver(period, today),
    computed_at: now,
    dirty_days: await countDirty(ledger),
  }
}
