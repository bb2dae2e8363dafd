import { and, gte, inArray, lt, sql } from 'drizzle-orm'
import {
  ALERT_METRIC,
  type AlertMetric,
  WEEK_FLOWS,
  type WeekSums,
} from '#model/alerts/alert-metric.ts'
import { type StoreWeeks, WEEK_DAYS, type WeekFigures } from '#model/alerts/week-figures.ts'
import { businessDay } from '#model/calendar.ts'
import { asOfStores } from './as-of.ts'
import type { Ledger } from './ledger.ts'
import { readOrg, tagMetric } from './reports.ts'
import { levelRows } from './sums.ts'

// The figures of all stores by ISO week, from the kept ones of each day: one statement sums them,
// two more read the levels at which the first week opens.

const NO_WEEK: WeekSums = {
  ...{ identified: 0, anonymous: 0, identified_tallied: 0, new: 0, lost: 0 },
  ...{ new60: 0, second60: 0, spend: 0, sales: 0, active_open: 0, active: 0, tagged: 0 },
}

type Levels = Pick<WeekSums, 'active' | 'tagged'>

interface Weeks {
  sums: WeekSums[]
  /** Levels before the first week. */
  open: Levels
}

class WeeksOfStores {
  readonly #byStore = new Map<string, Weeks>()
  readonly #count: number

  constructor(storeIds: readonly string[], count: number) {
    this.#count = count
    for (const id of storeIds)
      this.#byStore.set(id, {
        sums: Array.from({ length: count }, () => ({ ...NO_WEEK })),
        open: { active: 0, tagged: 0 },
      })
  }

  /** Rows of regions and of the chain are none of a store. */
  of(storeId: string): Weeks | undefined {
    return this.#byStore.get(storeId)
  }

  /** Turns the weeks' changes of levels into the levels themselves. */
  sumLevels(): void {
    for (const { sums, open } of this.#byStore.values()) {
      const level = { ...open }
      for (const week of sums) {
        week.active_open = level.active
        level.active += week.active
        level.tagged += week.tagged
        week.active = level.active
        week.tagged = level.tagged
      }
    }
  }

  get count(): number {
    return this.#count
  }
}

type Field = keyof WeekSums

/** Under which kept metrics the fields of a week stand. */
function namesOf(metrics: readonly AlertMetric[], tag: string): Map<string, Field> {
  const fields = metrics.flatMap((metric) => ALERT_METRIC[metric].reads)
  return new Map(fields.map((field) => [field === 'tagged' ? tag : field, field]))
}

async function addFlows(
  ledger: Ledger,
  weeks: WeeksOfStores,
  names: ReadonlyMap<string, Field>,
  first: number,
): Promise<void> {
  const { rollupDay } = ledger.t
  // Whole numbers of ours, written out: as parameters they would not be one expression twice.
  const week = sql<number>`((${rollupDay.day} - ${sql.raw(String(first))}) / ${sql.raw('7')})`
  const rows = await ledger.db
    .select({
      scope: rollupDay.scope,
      metric: rollupDay.metric,
      week: week.mapWith(Number),
      value: sql<number>`sum(${rollupDay.value})`.mapWith(Number),
    })
    .from(rollupDay)
    .where(
      and(
        gte(rollupDay.day, first),
        lt(rollupDay.day, first + weeks.count * WEEK_DAYS),
        inArray(rollupDay.metric, [...names.keys()]),
      ),
    )
    .groupBy(rollupDay.scope, rollupDay.metric, week)
  for (const row of rows) {
    const sums = weeks.of(row.scope)?.sums[row.week]
    const field = names.get(row.metric)
    if (sums && field) sums[field] += row.value
  }
}

async function addLevels(
  ledger: Ledger,
  weeks: WeeksOfStores,
  names: ReadonlyMap<string, Field>,
  first: number,
): Promise<void> {
  const isLevel = (field: Field) => !WEEK_FLOWS.some((flow) => flow === field)
  const levels = [...names].flatMap(([name, field]) => (isLevel(field) ? [name] : []))
  if (levels.length === 0) return
  for (const { scope, metric, value } of await levelRows(ledger, first - 1, levels)) {
    const open = weeks.of(scope)?.open
    if (open) open[names.get(metric) === 'tagged' ? 'tagged' : 'active'] += value
  }
}

/**
 * The `count` ISO weeks from Monday `first` on, of every shop of the chain, per metric. Weeks that
 * a store's tablets have not wholly handed in count as not whole.
 */
export async function weekFigures(
  ledger: Ledger,
  metrics: readonly AlertMetric[],
  first: number,
  count: number,
): Promise<Map<AlertMetric, WeekFigures>> {
  const { stores } = await readOrg(ledger)
  const shops = stores.filter((store) => store.type !== 'head-office')
  const weeks = new WeeksOfStores(
    shops.map((store) => store.id),
    count,
  )
  const names = namesOf(metrics, await tagMetric(ledger))
  if (names.size > 0) await addFlows(ledger, weeks, names, first)
  await addLevels(ledger, weeks, names, first)
  weeks.sumLevels()
  const words = await asOfStores(ledger)
  const wholeOf = ({ id, zone, cutoff_minutes }: (typeof shops)[number]) => {
    const word = words.get(id)
    // Without a tablet that was ever heard of, all there is was imported.
    if (word === undefined) return count
    const days = businessDay(word, zone, cutoff_minutes) - first
    return Math.max(0, Math.min(count, Math.floor(days / WEEK_DAYS)))
  }
  const seriesOf = (metric: AlertMetric) =>
    shops.map((shop): StoreWeeks => {
      const pairs = (weeks.of(shop.id)?.sums ?? []).map((week) => ALERT_METRIC[metric].of(week))
      const { id: store_id, region_id, format } = shop
      const [x, n] = [pairs.map(([part]) => part), pairs.map(([, cases]) => cases)]
      return { store_id, region_id, format, x, n, whole: wholeOf(shop) }
    })
  return new Map(
    metrics.map((metric) => [metric, { metric, first, count, stores: seriesOf(metric) }]),
  )
}
