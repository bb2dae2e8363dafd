// Real customers, and figures that others have published about them: what the model computes from
// visit days alone must be what they found. CDNOW has no stores, FoodMart is invented, and Complete
// Journey is a sample, so none of them shows how well the model predicts for a chain of stores.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { ACTIVITY_DAYS } from '#model/activity-window.ts'
import { must } from '#model/assert.ts'
import { businessDay, parseDay } from '#model/calendar.ts'
import { foldCustomer } from '#model/fold.ts'
import { addFigure, parseFigureKey } from '#model/figures.ts'
import { CHAIN } from '#model/id.ts'
import {
  type BgNbd,
  expectedVisits,
  expectedVisitsOfCohort,
  expectedVisitsOfNew,
  logLikelihood,
  probabilityAlive,
} from '#model/rhythm/bgnbd.ts'
import { countSummaries, fitBgNbd, isFit, logLikelihoodOf } from '#model/rhythm/bgnbd-fit.ts'
import { acquiringStore, cohortContributions, parseCohortMetric } from '#model/rhythm/cohort.ts'
import { type CohortRow, cohortTable } from '#model/rhythm/cohort-table.ts'
import { campaignFunnel, type Touch } from '#model/rhythm/campaign-funnel.ts'
import { summariseVisits, type VisitSummary } from '#model/rhythm/visit-summary.ts'
import type { HistoryRow } from '#model/visit.ts'

const DATA = fileURLToPath(new URL('../../shared/data', import.meta.url))
const Rows = v.array(v.record(v.string(), v.string()))
type Row = v.InferOutput<typeof Rows>[number]

/** Whether the data are there; if not, says so, and stands as a skipped test in the report. */
function isThere(source: string): boolean {
  const found = existsSync(join(DATA, source))
  const reason = `skipped: ../shared/data/${source} is not there`
  if (!found) console.log(reason)
  if (!found) test.skip(reason, () => undefined)
  return found
}

function readRows(source: string, file: string): Row[] {
  const text = gunzipSync(readFileSync(join(DATA, source, `${file}.csv.gz`)))
  return v.parse(Rows, parse(text, { columns: true }))
}

/** The file's values are numbers by names; each test names those that it reads. */
function readExpected<T>(source: string): T {
  return JSON.parse(readFileSync(join(DATA, source, 'expected.json'), 'utf8')) as T
}

function dayOf(text: string | undefined): number {
  return must(parseDay(text ?? ''), 'a day')
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}

/** The visits of each customer as rows of history; the region is known for some stores. */
function historiesOf(
  visits: readonly { customer: string; store: string; day: number; region: string | null }[],
): HistoryRow[][] {
  const rows = visits.map(({ customer, store, day, region }) => ({
    ...{ customer_id: customer, store_id: store, region_id: region, day, first_at: day },
    ...{ visits: 1, sales: 0, spend_minor: 0, purposes: 1 },
  }))
  return [...groupBy(rows, (row) => row.customer_id).values()]
}

function homesOf(history: readonly HistoryRow[]) {
  const store_id = must(acquiringStore(history), 'a visit')
  return [{ store_id, from: -Infinity, to: Infinity }]
}

function retentionOf(histories: readonly HistoryRow[][], today: string): CohortRow[] {
  const counts = histories.flatMap((history) =>
    cohortContributions({ history, homes: homesOf(history), erased_on: null }).flatMap(
      ({ day, metric }) => {
        const cohort = parseCohortMetric(metric)
        return cohort?.side === 'acquired' ? [{ day, k: cohort.k, customers: 1 }] : []
      },
    ),
  )
  return cohortTable(counts, dayOf(today))
}

/** The known cells of a retention table by month and k, without the zeros. */
function cellsOf(table: readonly CohortRow[]): Record<string, Record<string, number>> {
  const cells = table.map(({ month, seen }) => [
    new Date(month * 86_400_000).toISOString().slice(0, 7),
    Object.fromEntries(Object.entries(seen).filter(([, count]) => count)),
  ])
  return Object.fromEntries(cells)
}

/** Customers seen per calendar month: the cells of the months since the first add up to it. */
function activeByMonth(table: readonly CohortRow[]): number[] {
  return table.map((_, at) =>
    table.slice(0, at + 1).reduce((sum, { seen }, row) => sum + (seen[at - row] ?? 0), 0),
  )
}

/** Sums of `visitors_*` per scope, metric and the day on which they were counted. */
function visitorsOf(histories: readonly HistoryRow[][]) {
  const sums = new Map<string, number>()
  for (const history of histories) {
    const facts = { history, homes: homesOf(history), tagged: [], merged: [], erased_on: null }
    for (const figures of foldCustomer(facts, ACTIVITY_DAYS.standard).values())
      for (const [key, amount] of figures) addFigure(sums, key, amount)
  }
  return (scope: string, metric: string, from: string, to: string) => {
    let sum = 0
    for (const [text, amount] of sums) {
      const key = parseFigureKey(text)
      const isMeant = key.table === 'd' && key.scope === scope && key.metric === metric
      if (isMeant && key.day >= dayOf(from) && key.day <= dayOf(to)) sum += amount
    }
    return sum
  }
}

interface Cdnow {
  published: {
    bgnbd: {
      params: BgNbd
      log_likelihood: number
      expected_transactions_new_customer_52_weeks: number
      customer_1516: { expected_next_52_weeks: number; p_alive: number }
      expected_52_weeks_tx20_T39: Record<'x10' | 'x20' | 'x25', number>
      lifetimes_top5_predicted_purchases_1_week: Record<string, number>
    }
    holdout_39_weeks: { bin_sizes: number[]; actual_mean_transactions: number[] }
    weekly_repeat_transactions_weeks_20_25: number[]
    cumulative_repeat_weeks_20_25: number[]
  }
  recomputed: {
    log_likelihood_at_published: number
    fit: BgNbd
    fit_log_likelihood: number
    expected_52_weeks: number
    master: {
      customers: number
      customer_days: number
      monthly_active: Record<string, number>
      cohort_counts_by_month: Record<string, Record<string, number>>
    }
  }
}

const CALIBRATED = '1997-09-30'
const HOLDOUT_WEEKS = 39
const WEEK = 7

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const inWeeks = ({ x, t_x, T }: VisitSummary) => ({ x, t_x: t_x / WEEK, T: T / WEEK })

if (isThere('cdnow'))
  describe('CDNOW', () => {
    const expected = readExpected<Cdnow>('cdnow')
    const { bgnbd } = expected.published
    const people = [
      ...groupBy(readRows('cdnow', 'transactions_sample'), (row) => row.sample_id ?? ''),
    ]
      .map(([id, rows]) => ({ id, days: rows.map((row) => dayOf(row.date)) }))
      .map(({ id, days }) => ({
        id,
        days,
        summary: must(summariseVisits(days, dayOf(CALIBRATED)), 'a first purchase'),
        next: new Set(days.filter((day) => day > dayOf(CALIBRATED))).size,
      }))
    const weeks = countSummaries(people.map(({ summary }) => inWeeks(summary)))
    const summaryOf = (id: string) =>
      inWeeks(must(people.find((one) => one.id === id)?.summary, `customer ${id}`))
    const fit = fitBgNbd(weeks)
    const fitted = must(isFit(fit) ? fit : null, 'a fit')

    test('x, t_x, T and what came after are the known ones for all 2,357 customers', () => {
      const known = readRows('cdnow', 'cbs_calibration').map((row) => ({
        id: row.sample_id,
        x: Number(row.x),
        t_x: Math.round(Number(row.t_x_weeks) * WEEK),
        T: Math.round(Number(row.T_weeks) * WEEK),
        next: Number(row.x_star_39_weeks),
      }))
      const found = people.map(({ id, summary, next }) => ({ id, ...summary, next }))
      expect(found).toHaveLength(2357)
      const byId = (a: { id?: string | undefined }, b: typeof a) => Number(a.id) - Number(b.id)
      expect(found.sort(byId)).toEqual(known.sort(byId))
    })

    test('the log-likelihood at the published parameters is the published one', () => {
      const found = logLikelihoodOf(weeks)(bgnbd.params)
      expect(found).toBeCloseTo(bgnbd.log_likelihood, 3)
      expect(found).toBeCloseTo(expected.recomputed.log_likelihood_at_published, 8)
      const each = people.map(({ summary }) => logLikelihood(bgnbd.params, inWeeks(summary)))
      expect(mean(each) * each.length).toBeCloseTo(found, 8)
    })

    test('the fit finds the published parameters, and none likelier are known', () => {
      expect(fitted.logLikelihood).toBeGreaterThan(expected.recomputed.fit_log_likelihood - 1e-8)
      for (const name of ['r', 'alpha', 'a', 'b'] as const) {
        expect(Math.abs(fitted.params[name] / expected.recomputed.fit[name] - 1)).toBeLessThan(1e-4)
        expect(Math.abs(fitted.params[name] / bgnbd.params[name] - 1)).toBeLessThan(2e-4)
      }
    })

    test('a fit in days, the unit of the product, differs by the unit of alpha alone', () => {
      const days = fitBgNbd(countSummaries(people.map(({ summary }) => summary)))
      const { params } = must(isFit(days) ? days : null, 'a fit')
      expect(params.alpha / WEEK).toBeCloseTo(fitted.params.alpha, 3)
      for (const name of ['r', 'a', 'b'] as const)
        expect(params[name]).toBeCloseTo(fitted.params[name], 3)
    })

    test('what is expected of single customers, and P(alive), is as published', () => {
      const [known, wanted] = [summaryOf('1516'), bgnbd.customer_1516]
      expect(probabilityAlive(bgnbd.params, known)).toBeCloseTo(wanted.p_alive, 6)
      expect(probabilityAlive(fitted.params, known)).toBeCloseTo(wanted.p_alive, 5)
      const next = expectedVisits(fitted.params, known, 52)
      expect(next / wanted.expected_next_52_weeks).toBeCloseTo(1, 4)
      const ofNew = expectedVisitsOfNew(bgnbd.params, 52)
      expect(ofNew).toBeCloseTo(expected.recomputed.expected_52_weeks, 9)
      expect(expectedVisitsOfNew(fitted.params, 52)).toBeCloseTo(ofNew, 4)
      expect(ofNew).toBeCloseTo(bgnbd.expected_transactions_new_customer_52_weeks, 5)
      const silent = bgnbd.expected_52_weeks_tx20_T39
      for (const [x, visits] of [
        [10, silent.x10],
        [20, silent.x20],
        [25, silent.x25],
      ] as const)
        expect(expectedVisits(bgnbd.params, { x, t_x: 20, T: 39 }, 52) / visits).toBeCloseTo(1, 4)
    })

    test('the five likeliest to buy next week are those that lifetimes names', () => {
      // Its copy of the data has weeks with two decimals, which moves the fifth digit.
      const rounded = (weeks: number) => Math.round(weeks * 100) / 100
      const next = people.map(({ id, summary }) => {
        const { x, t_x, T } = inWeeks(summary)
        const known = { x, t_x: rounded(t_x), T: rounded(T) }
        return [id, expectedVisits(fitted.params, known, 1)] as const
      })
      const top = next.sort(([, one], [, other]) => other - one).slice(0, 5)
      const wanted = bgnbd.lifetimes_top5_predicted_purchases_1_week
      expect(top.map(([id]) => id).sort()).toEqual(Object.keys(wanted).sort())
      for (const [id, visits] of top) expect(visits).toBeCloseTo(wanted[id] ?? NaN, 5)
    })

    test('hold-out means per number of repeats are as published, and the model is near them', () => {
      const { bin_sizes, actual_mean_transactions } = expected.published.holdout_39_weeks
      const bins = bin_sizes.map((_, x) =>
        people.filter(({ summary }) => Math.min(summary.x, 7) === x),
      )
      expect(bins.map((bin) => bin.length)).toEqual(bin_sizes)
      const predicted = bins.map((bin, x) => {
        const actual = mean(bin.map(({ next }) => next))
        expect(actual).toBeCloseTo(actual_mean_transactions[x] ?? NaN, 6)
        const visits = bin.map(({ summary }) =>
          expectedVisits(fitted.params, inWeeks(summary), HOLDOUT_WEEKS),
        )
        expect(Math.abs(mean(visits) - actual)).toBeLessThan(0.4)
        return mean(visits)
      })
      expect(predicted).toEqual([...predicted].sort((a, b) => a - b))
    })

    test('repeat purchases add up week by week as published, and as the model expects', () => {
      const start = dayOf('1997-01-01')
      const repeats = people.flatMap(({ days }) => {
        const first = Math.min(...days)
        return [...new Set(days)].filter((day) => day !== first)
      })
      const until = (week: number) => repeats.filter((day) => day < start + WEEK * week).length
      const numbers = [20, 21, 22, 23, 24, 25]
      const { published } = expected
      expect(numbers.map(until)).toEqual(published.cumulative_repeat_weeks_20_25)
      const weekly = numbers.map((week) => until(week) - until(week - 1))
      expect(weekly).toEqual(published.weekly_repeat_transactions_weeks_20_25)
      const starts = people.map(({ days }) => ({
        at: (Math.min(...days) - start) / WEEK,
        count: 1,
      }))
      const last = expectedVisitsOfCohort(fitted.params, starts, HOLDOUT_WEEKS)
      expect(Math.abs(last / until(HOLDOUT_WEEKS) - 1)).toBeLessThan(0.05)
    })

    test('all 23,570 customers: months, cohorts and customer-days', () => {
      const { master } = expected.recomputed
      const visits = readRows('cdnow', 'transactions_master').map((row) => ({
        ...{ customer: row.customer_id ?? '', store: 'CDNOW', region: null },
        day: dayOf(row.date),
      }))
      const histories = historiesOf(visits)
      const table = retentionOf(histories, '1998-07-01')
      const monthly = Object.values(master.monthly_active)
      expect(activeByMonth(table).slice(0, monthly.length)).toEqual(monthly)
      const cells = Object.entries(cellsOf(table)).filter(([, row]) => Object.keys(row).length > 0)
      const named = cells.map(([month, row]) => [month.replace('-', ''), row])
      expect(Object.fromEntries(named)).toEqual(master.cohort_counts_by_month)
      expect(table.reduce((sum, { size }) => sum + size, 0)).toBe(master.customers)
      const days = histories.map((history) => {
        const known = summariseVisits(
          history.map(({ day }) => day),
          dayOf('1998-06-30'),
        )
        return 1 + must(known, 'a purchase').x
      })
      expect(mean(days) * days.length).toBeCloseTo(master.customer_days, 6)
    })
  })

interface FoodMart {
  recomputed: {
    visits_1997: {
      customers: number
      distinct_customers_by_state: Record<string, number>
      distinct_customers_by_month: Record<string, number>
      distinct_customers_by_quarter: Record<string, number>
      customers_in_more_than_one_store: number
      stores_detail: Record<string, { customers: number }>
    }
  }
}

if (isThere('foodmart'))
  describe('FoodMart', () => {
    const expected = readExpected<FoodMart>('foodmart').recomputed.visits_1997
    const states = new Map(
      readRows('foodmart', 'stores').map((row) => [row.store_id, row.store_state ?? null]),
    )
    const histories = historiesOf(
      readRows('foodmart', 'visits_1997').map((row) => ({
        ...{ customer: row.customer_id ?? '', store: row.store_id ?? '' },
        ...{ day: dayOf(row.visit_date), region: states.get(row.store_id) ?? null },
      })),
    )
    const visitors = visitorsOf(histories)
    const table = retentionOf(histories, '1998-01-01')

    test('distinct customers of the chain, its states, its stores and its quarters', () => {
      const inYear = (scope: string) => visitors(scope, 'visitors_y', '1997-01-01', '1997-12-31')
      expect(inYear(CHAIN)).toBe(expected.customers)
      for (const [state, customers] of Object.entries(expected.distinct_customers_by_state))
        expect([state, inYear(state)]).toEqual([state, customers])
      for (const [store, { customers }] of Object.entries(expected.stores_detail))
        expect([store, inYear(store)]).toEqual([store, customers])
      const ends = ['03-31', '06-30', '09-30', '12-31']
      const starts = ['01-01', '04-01', '07-01', '10-01']
      const quarters = ends.map((end, at) =>
        visitors(CHAIN, 'visitors_q', `1997-${starts[at]}`, `1997-${end}`),
      )
      expect(quarters).toEqual(Object.values(expected.distinct_customers_by_quarter))
    })

    test('cohorts hold each customer once, and add up to the customers of every month', () => {
      expect(table.reduce((sum, { size }) => sum + size, 0)).toBe(expected.customers)
      const monthly = Object.values(expected.distinct_customers_by_month)
      expect(activeByMonth(table).slice(0, 12)).toEqual(monthly)
    })

    test('customers of two stores were won by one of them', () => {
      const both = histories.filter(
        (history) => new Set(history.map((row) => row.store_id)).size > 1,
      )
      expect(both).toHaveLength(expected.customers_in_more_than_one_store)
      for (const history of both) {
        const first = Math.min(...history.map(({ day }) => day))
        const winner = acquiringStore(history)
        expect(history.some((row) => row.day === first && row.store_id === winner)).toBe(true)
      }
    })
  })

interface CompleteJourney {
  totals: { households_with_visits: number }
  monthly_active_households: Record<string, number>
  cohort_counts_local_month: Record<string, Record<string, number>>
  campaigns: Record<
    string,
    {
      households_received: number
      households_redeemed: number
      redeemed_but_not_received: number
      redemptions: number
    }
  >
  published_campaign_figures: { values: Record<string, number> }
}

if (isThere('completejourney'))
  describe('Complete Journey', () => {
    const expected = readExpected<CompleteJourney>('completejourney')
    const read = (file: string) => readRows('completejourney', file)
    const touch = (row: Row): Touch => ({
      campaign: row.campaign_id ?? '',
      customer: row.household_id ?? '',
    })
    const reached = read('campaign_households').map(touch)
    const redeemed = read('coupon_redemptions').map(touch)
    const histories = historiesOf(
      read('visits').map((row) => {
        const at = Date.parse(row.visited_at_utc ?? '')
        const day = businessDay(at, 'America/New_York', 0)
        return { customer: row.household_id ?? '', store: row.store_id ?? '', day, region: null }
      }),
    )

    test('cohorts and monthly actives by the stores’ own dates', () => {
      const table = retentionOf(histories, '2018-01-01')
      const { '2018-01': _running, ...cells } = cellsOf(table)
      expect(cells).toEqual(expected.cohort_counts_local_month)
      const monthly = Object.values(expected.monthly_active_households)
      expect(activeByMonth(table).slice(0, 12)).toEqual(monthly)
      const all = table.reduce((sum, { size }) => sum + size, 0)
      expect(all).toBe(expected.totals.households_with_visits)
    })

    test('the funnel of all campaigns is the published one', () => {
      const wanted = expected.published_campaign_figures.values
      const funnel = campaignFunnel(reached, redeemed)
      expect(funnel).toMatchObject({
        exposures: wanted['campaign exposures'],
        reached: wanted['households reached'],
        responded: wanted['households redeeming'],
        responses: wanted['redemptions'],
        unreached: 0,
      })
      const percent = must(funnel.rate, 'a rate') * 100
      expect(percent).toBeCloseTo(wanted['redemption rate among recipients %'] ?? NaN, 1)
    })

    test('so is that of each campaign, and the reach of each type', () => {
      const ofOne = (id: string) => (one: Touch) => one.campaign === id
      for (const [id, wanted] of Object.entries(expected.campaigns)) {
        const funnel = campaignFunnel(reached.filter(ofOne(id)), redeemed.filter(ofOne(id)))
        expect([id, funnel]).toMatchObject([
          id,
          {
            reached: wanted.households_received,
            responded: wanted.households_redeemed,
            responses: wanted.redemptions,
            unreached: wanted.redeemed_but_not_received,
          },
        ])
      }
      const types = new Map(read('campaigns').map((row) => [row.campaign_id, row.campaign_type]))
      for (const type of ['A', 'B', 'C']) {
        const ofType = reached.filter(({ campaign }) => types.get(campaign) === `Type ${type}`)
        const reach = expected.published_campaign_figures.values[`type ${type} reach`]
        expect(campaignFunnel(ofType, []).reached).toBe(reach)
      }
    })
  })
