import { and, eq, gte, inArray, lt, lte, or } from 'drizzle-orm'
import type { Scope } from '#model/access.ts'
import { monthStart } from '#model/calendar.ts'
import type { CohortsReport, SecondVisits } from '#model/report-rhythm.ts'
import { type CohortCount, cohortTable } from '#model/rhythm/cohort-table.ts'
import {
  COHORT_MONTHS,
  type CohortSide,
  cohortMetric,
  parseCohortMetric,
} from '#model/rhythm/cohort.ts'
import { asOfStores } from './as-of.ts'
import type { Ledger } from './ledger.ts'
import { placesOf, readOrg, todayAt } from './reports.ts'
import { headOf } from './rhythm-report.ts'
import { countDirty } from './rollup.ts'

// Retention and second visits of one scope, from its rollups alone: what a question costs does not
// depend on how many customers there are.

const SUM = 'sum:'

async function cohortCounts(
  ledger: Ledger,
  scopeId: string,
  side: CohortSide,
): Promise<CohortCount[]> {
  const { rollupMonth } = ledger.t
  const metrics = Array.from({ length: COHORT_MONTHS + 1 }, (_, k) => SUM + cohortMetric(side, k))
  const rows = await ledger.db
    .select({ month: rollupMonth.month, metric: rollupMonth.metric, value: rollupMonth.value })
    .from(rollupMonth)
    .where(and(eq(rollupMonth.scope, scopeId), inArray(rollupMonth.metric, metrics)))
  return rows.flatMap(({ month, metric, value }) => {
    const k = parseCohortMetric(metric.slice(SUM.length))?.k
    return k === undefined ? [] : [{ day: month, k, customers: value }]
  })
}

/** Second visits by the month in which they were due: whole months, and the days up to today. */
async function secondVisits(
  ledger: Ledger,
  scopeId: string,
  today: number,
): Promise<SecondVisits[]> {
  const { rollupMonth, rollupDay } = ledger.t
  const running = monthStart(today)
  const past = await ledger.db
    .select({ month: rollupMonth.month, metric: rollupMonth.metric, value: rollupMonth.value })
    .from(rollupMonth)
    .where(
      and(
        eq(rollupMonth.scope, scopeId),
        lt(rollupMonth.month, running),
        or(eq(rollupMonth.metric, `${SUM}new60`), eq(rollupMonth.metric, `${SUM}second60`)),
      ),
    )
  const days = await ledger.db
    .select({ month: rollupDay.day, metric: rollupDay.metric, value: rollupDay.value })
    .from(rollupDay)
    .where(
      and(
        eq(rollupDay.scope, scopeId),
        gte(rollupDay.day, running),
        lte(rollupDay.day, today),
        inArray(rollupDay.metric, ['new60', 'second60']),
      ),
    )
  const months = new Map<number, SecondVisits>()
  for (const row of [...past, ...days]) {
    const month = monthStart(row.month)
    const known = months.get(month) ?? { month, due: 0, done: 0 }
    const isDue = row.metric.endsWith('new60')
    months.set(month, {
      month,
      due: known.due + (isDue ? row.value : 0),
      done: known.done + (isDue ? 0 : row.value),
    })
  }
  return [...months.values()].filter(({ due }) => due > 0).sort((a, b) => a.month - b.month)
}

/** Who of a scope's customers came back. Null when there is no such scope for the reader. */
export async function cohortsReport(
  ledger: Ledger,
  scope: Scope,
  scopeId: string,
  side: CohortSide,
  now: number,
): Promise<CohortsReport | null> {
  const org = await readOrg(ledger)
  const places = placesOf(org, scope, await asOfStores(ledger))
  const place = places.find((one) => one.scope === scopeId)
  if (!place) return null
  const today = todayAt(org, now)
  return {
    ...headOf(place, today, now),
    side,
    rows: cohortTable(await cohortCounts(ledger, scopeId, side), today),
    second: await secondVisits(ledger, scopeId, today),
    dirty_days: await countDirty(ledger),
  }
}
