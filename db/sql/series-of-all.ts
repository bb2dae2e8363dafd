import { NO_SUMS, type ScopeSums } from '#model/metrics.ts'
import type { Period } from '#model/period.ts'
import { FigureColumns } from './figure-columns.ts'
import type { Ledger } from './ledger.ts'
import { loadFigures, sumsIn, type SumsAsked } from './sums.ts'
import type { ByScope } from './sums-by-scope.ts'

/** Per scope the sums of each period, in their order. */
export type SeriesByScope = ReadonlyMap<string, readonly Readonly<ScopeSums>[]>

interface KeptSeries {
  sums: readonly ByScope[]
  series: SeriesByScope
}

/** Series that are kept of a ledger, by their periods; those used longest ago go first. */
const SERIES_KEPT = 8
const kept = new WeakMap<Ledger, Map<string, KeptSeries>>()

/** Scopes with other sums than before in some period; all of them where nothing is known. */
function changedScopes(sums: readonly ByScope[], known: KeptSeries | undefined): Set<string> {
  const changed = new Set<string>()
  for (const [at, now] of sums.entries()) {
    const was = known?.sums[at]
    if (was === now) continue
    for (const [scope, own] of now) if (was?.get(scope) !== own) changed.add(scope)
    for (const scope of was?.keys() ?? []) if (!now.has(scope)) changed.add(scope)
  }
  return changed
}

function seriesOf(sums: readonly ByScope[], known: KeptSeries | undefined): SeriesByScope {
  const changed = changedScopes(sums, known)
  if (known && changed.size === 0) return known.series
  const series = new Map(known?.series)
  for (const scope of changed) {
    const own = sums.map((one) => one.get(scope))
    const isSomewhere = own.some((one) => one !== undefined)
    if (isSomewhere)
      series.set(
        scope,
        own.map((one) => one ?? NO_SUMS),
      )
    else series.delete(scope)
  }
  return series
}

/**
 * Of every scope there is. A scope of which no sum changed has the very same series as the time
 * before.
 */
export async function seriesOfAll(
  ledger: Ledger,
  periods: readonly Period[],
  asked: SumsAsked,
): Promise<SeriesByScope> {
  const columns = new FigureColumns(ledger)
  await loadFigures(columns, periods, asked)
  const sums: ByScope[] = []
  for (const period of periods) sums.push(await sumsIn(columns, ledger, period, asked))
  let own = kept.get(ledger)
  if (!own) kept.set(ledger, (own = new Map<string, KeptSeries>()))
  const key = periods.map(({ text }) => text).join(' ')
  const known = own.get(key)
  own.delete(key) // A map is in the order of insertion, so the oldest stands first.
  const series = seriesOf(sums, known)
  own.set(key, { sums, series })
  const [oldest] = own.keys()
  if (own.size > SERIES_KEPT && oldest !== undefined) own.delete(oldest)
  return series
}
