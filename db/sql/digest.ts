import { and, eq, gte, isNull } from 'drizzle-orm'
import type { Scope } from '#model/access.ts'
import { ALERT_METRICS, type AlertMetric } from '#model/alerts/alert-metric.ts'
import { lastWeek } from '#model/alerts/derive.ts'
import { DIGEST_WEEKS, digestOf, type DigestPractice } from '#model/alerts/digest.ts'
import { customersToSave, type HomeHistoryRow } from '#model/alerts/saves.ts'
import { WEEK_DAYS, type WeekFigures } from '#model/alerts/week-figures.ts'
import { type Period, weekOf } from '#model/period.ts'
import type { AlertPlace, MondayReport, MondayStores } from '#model/report-alerts.ts'
import { weekFigures } from './alert-figures.ts'
import { alertBook, alertPlaces, openAlertsOf } from './alerts.ts'
import { asOfStores } from './as-of.ts'
import { KeptForAWhile } from './kept-for-a-while.ts'
import type { Ledger } from './ledger.ts'
import { namesOf } from './names-of.ts'
import { readOrg, todayAt } from './reports.ts'

// The Monday page of a store: what the chain's figures say of its week, and which customers of its
// home book stay away longer than they use to.

/** Visits before this many days say nothing of a rhythm of today. */
const RHYTHM_DAYS = 730

type AllFigures = ReadonlyMap<AlertMetric, WeekFigures>

/** The pages of a whole chain are opened on one morning: the figures are the same for all. */
const figuresOf = new KeptForAWhile<Ledger, AllFigures>(() => performance.now())

function figuresUntil(ledger: Ledger, week: Period): Promise<AllFigures> {
  const first = week.from - (DIGEST_WEEKS - 1) * WEEK_DAYS
  return figuresOf.get(ledger, week.text, () =>
    weekFigures(ledger, ALERT_METRICS, first, DIGEST_WEEKS),
  )
}

export async function mondayStores(
  ledger: Ledger,
  scope: Scope,
  now: number,
): Promise<MondayStores> {
  const stores = [...(await alertPlaces(ledger, scope)).values()]
  const today = todayAt(await readOrg(ledger), now)
  return { stores, week: weekOf(lastWeek(today)).text }
}

async function homeHistory(ledger: Ledger, storeId: string, last: number) {
  const { customer, history } = ledger.t
  const { customer_id, day, visits, spend_minor } = history
  const rows: HomeHistoryRow[] = await ledger.db
    .select({ customer_id, day, visits, spend_minor })
    .from(history)
    // What is left of somebody who was forgotten is nobody to call.
    .innerJoin(
      customer,
      and(
        eq(customer.store_id, storeId),
        eq(customer.id, customer_id),
        isNull(customer.erased_on),
        isNull(customer.merged_into),
      ),
    )
    .where(and(eq(history.store_id, storeId), gte(history.day, last - RHYTHM_DAYS)))
    .orderBy(customer_id, day)
  return rows
}

/** A store outside the reader's sight is copied from without being named. */
function shown(practice: DigestPractice, place: AlertPlace | null) {
  return { ...practice, store_id: place ? practice.store_id : '', place }
}

/**
 * The Monday page about a week that is over. Null when there is no such store in the reader's
 * scope, or when the week is not over yet.
 */
export async function mondayReport(
  ledger: Ledger,
  scope: Scope,
  storeId: string,
  asked: Period | null,
  now: number,
): Promise<MondayReport | null> {
  const today = todayAt(await readOrg(ledger), now)
  const week = asked ?? weekOf(lastWeek(today))
  const places = await alertPlaces(ledger, scope)
  const store = places.get(storeId)
  if (!store || week.kind !== 'week' || week.from > lastWeek(today)) return null
  const figures = [...(await figuresUntil(ledger, week)).values()]
  const last = week.to - 1
  const saves = customersToSave(await homeHistory(ledger, storeId, last), last, ledger.activityDays)
  const placed = saves.map(({ customer_id }) => ({ store_id: storeId, customer_id }))
  const names = await namesOf(ledger, placed, new Set(places.keys()))
  const { improved, slipping, practice } = digestOf(figures, storeId, DIGEST_WEEKS - 1)
  const own = figures[0]?.stores.find((one) => one.store_id === storeId)
  return {
    ...{ store, week: week.text, from: week.from, to: week.to },
    as_of: (await asOfStores(ledger)).get(storeId) ?? null,
    is_whole: (own?.whole ?? 0) >= DIGEST_WEEKS,
    ...{ improved, slipping },
    saves: saves.map((save) => ({ ...save, name: names.get(save.customer_id) ?? null })),
    practice: practice && shown(practice, places.get(practice.store_id) ?? null),
    alerts: openAlertsOf(await alertBook(ledger, today), store),
    computed_at: now,
  }
}
