// What is at stake: every figure at the desk is a sum of what these folds say. The oracle below
// counts customers day by day from the definitions alone, without windows or openings; the sums of
// the folds must agree with it on every day. It cannot show that the ledger adds them rightly.
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import {
  addFigure,
  differenceOf,
  figureKey,
  type Figures,
  HOME,
  parseFigureKey,
} from './figures.ts'
import { ACTIVITY_DAYS } from './activity-window.ts'
import { dayFromCivil } from './calendar.ts'
import {
  type CustomerFacts as Facts,
  foldCustomer as foldBooks,
  foldHistoryRow,
  foldTally,
  type TaggedSpan,
} from './fold.ts'
import type { HistoryRow } from './visit.ts'

vi.setConfig({ testTimeout: 30_000 }) // The oracle looks at every day of every run.

const FIRST_DAY = dayFromCivil(2025, 1, 1)
const DAYS = 730
const LAST_DAY = FIRST_DAY + DAYS + 370 // Everybody is lost by then.
const STORES = ['store-a', 'store-b', 'store-c']
const REGIONS = ['north', 'south', null]
const GROUPS = ['skin', 'care']

function historyRow(day: number, store_id: string, region_id: string | null): HistoryRow {
  const place = { customer_id: 'c', day, store_id, region_id }
  return { ...place, visits: 1, sales: 0, spend_minor: 0, purposes: 1, first_at: day * 86_400_000 }
}

const day = fc.integer({ min: FIRST_DAY, max: FIRST_DAY + DAYS - 1 })

/** Visits that come in bouts, so that gaps shorter and longer than every window occur. */
const visitDays = fc
  .array(fc.record({ start: day, gaps: fc.array(fc.nat(100), { maxLength: 6 }) }), { maxLength: 4 })
  .map((bouts) =>
    bouts.flatMap(({ start, gaps }) => {
      let at = start
      return [start, ...gaps.map((gap) => (at += gap))]
    }),
  )
  .map((days) => days.filter((at) => at < FIRST_DAY + DAYS))

const history: fc.Arbitrary<HistoryRow[]> = visitDays
  .chain((days) =>
    fc.tuple(
      ...days.map((at) =>
        fc
          .tuple(fc.constantFrom(...STORES), fc.constantFrom(...REGIONS))
          .map(([store, region]) => historyRow(at, store, region)),
      ),
    ),
  )
  .map((rows) => [...new Map(rows.map((row) => [`${row.day}|${row.store_id}`, row])).values()])

/** Spans that begin around the end of the one before: apart, touching, overlapping by a day. */
const tagged: fc.Arbitrary<TaggedSpan[]> = fc
  .array(
    fc.record({
      group_id: fc.constantFrom(...GROUPS),
      gap: fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -60, max: 200 })),
      days: fc.nat(120),
      stands: fc.constantFrom(false, false, false, true),
    }),
    { maxLength: 5 },
  )
  .map((spans) => {
    let end = FIRST_DAY + 30
    return spans.map(({ group_id, gap, days, stands }) => {
      const from = end + gap
      end = from + days
      return { group_id, from, to: stands ? null : end }
    })
  })

type CustomerFacts = Pick<Facts, 'history' | 'tagged'>

/** One home for ever; what moves and is forgotten stands in homes.test.ts. */
function foldWithin(activityDays: number, one: CustomerFacts): Figures {
  const homes = [{ store_id: 'home-store', from: -Infinity, to: Infinity }]
  const books = foldBooks({ ...one, homes, merged: [], erased_on: null }, activityDays)
  return books.get('home-store') ?? new Map()
}

function foldCustomer(one: CustomerFacts): Figures {
  return foldWithin(ACTIVITY_DAYS.standard, one)
}

const facts: fc.Arbitrary<CustomerFacts> = fc.record({ history, tagged })
const home = fc.array(facts, { minLength: 1, maxLength: 4 })
const window = fc.constantFrom(90, 30, 47, 180, 365)

function sumOf(parts: readonly Figures[]): Figures {
  const sum: Figures = new Map()
  for (const part of parts) for (const [key, amount] of part) addFigure(sum, key, amount)
  return sum
}

function kept(figures: Figures, scope: string, on: number, metric: string): number {
  return figures.get(figureKey('d', scope, on, metric)) ?? 0
}

function monthFirst(on: number): number {
  return on - new Date(on * 86_400_000).getUTCDate() + 1
}

/** The level at the end of every day, as a reader of the figures computes it. */
function levels(figures: Figures, scope: string, metric: string): Map<number, number> {
  const found = new Map<number, number>()
  for (let on = FIRST_DAY - 40; on <= LAST_DAY; on += 1) {
    let level = figures.get(figureKey('m', scope, monthFirst(on), metric)) ?? 0
    for (let change = monthFirst(on); change <= on; change += 1)
      level += kept(figures, scope, change, metric)
    found.set(on, level)
  }
  return found
}

function everyDay(count: (on: number) => number): Map<number, number> {
  const found = new Map<number, number>()
  for (let on = FIRST_DAY - 40; on <= LAST_DAY; on += 1) found.set(on, count(on))
  return found
}

function changes(figures: Figures, metric: string): Map<number, number> {
  return everyDay((on) => kept(figures, HOME, on, metric))
}

function sawWithin({ history: rows }: CustomerFacts, from: number, to: number): boolean {
  return rows.some((row) => row.day >= from && row.day < to)
}

function isActive(customer: CustomerFacts, on: number, activityDays: number): boolean {
  return sawWithin(customer, on - activityDays + 1, on + 1)
}

function countOf(customers: readonly CustomerFacts[], test: (one: CustomerFacts) => boolean) {
  return customers.filter(test).length
}

/** Days on which the two disagree, so that a failure names its day and not thousands of numbers. */
function disagreement(figure: Map<number, number>, counted: Map<number, number>) {
  return [...counted]
    .filter(([on, count]) => figure.get(on) !== count)
    .map(([on, count]) => ({ on, counted: count, figure: figure.get(on) }))
}

function inScope(customer: CustomerFacts, scope: string): CustomerFacts {
  const isHere = (row: HistoryRow) => [row.store_id, row.region_id, 'chain'].includes(scope)
  const all = scope === 'chain' ? customer.history : customer.history.filter(isHere)
  return { ...customer, history: all }
}

const SCOPES = [...STORES, 'north', 'south', 'chain']

test('the active level is the customers with a visit in the activity window, on every day', () => {
  fc.assert(
    fc.property(home, window, (customers, days) => {
      const figures = sumOf(customers.map((one) => foldWithin(days, one)))
      const counted = everyDay((on) => countOf(customers, (one) => isActive(one, on, days)))
      expect(disagreement(levels(figures, HOME, 'active'), counted)).toEqual([])
    }),
    { numRuns: 60 },
  )
})

test('new, reactivated and lost fall on the days that their definitions name', () => {
  fc.assert(
    fc.property(home, window, (customers, days) => {
      const figures = sumOf(customers.map((one) => foldWithin(days, one)))
      const visits = (one: CustomerFacts, on: number) => sawWithin(one, on, on + 1)
      const knownBefore = (one: CustomerFacts, on: number) => sawWithin(one, -Infinity, on)
      const quiet = (one: CustomerFacts, on: number) => !sawWithin(one, on - days + 1, on)
      const counted = {
        new: everyDay((on) =>
          countOf(customers, (one) => visits(one, on) && !knownBefore(one, on)),
        ),
        reactivated: everyDay((on) =>
          countOf(customers, (one) => visits(one, on) && knownBefore(one, on) && quiet(one, on)),
        ),
        lost: everyDay((on) =>
          countOf(customers, (one) => visits(one, on - days) && quiet(one, on)),
        ),
      }
      for (const [metric, counts] of Object.entries(counted))
        expect(disagreement(changes(figures, metric), counts), metric).toEqual([])
    }),
    { numRuns: 60 },
  )
})

test('the active level moves by new and reactivated less lost, so the statement balances', () => {
  fc.assert(
    fc.property(home, window, (customers, days) => {
      const figures = sumOf(customers.map((one) => foldWithin(days, one)))
      const level = levels(figures, HOME, 'active')
      const moved = (on: number) =>
        kept(figures, HOME, on, 'new') +
        kept(figures, HOME, on, 'reactivated') -
        kept(figures, HOME, on, 'lost')
      let running = 0
      const balance = everyDay((on) => (running += moved(on)))
      expect(disagreement(level, balance)).toEqual([])
    }),
    { numRuns: 30 },
  )
})

test('visitors of a month, quarter or year are the distinct customers of each scope', () => {
  const periods: Record<string, (on: Date) => string> = {
    m: (on) => `${on.getUTCFullYear()}-${on.getUTCMonth()}`,
    q: (on) => `${on.getUTCFullYear()}-${Math.floor(on.getUTCMonth() / 3)}`,
    y: (on) => `${on.getUTCFullYear()}`,
  }
  fc.assert(
    fc.property(home, (customers) => {
      const figures = sumOf(customers.map(foldCustomer))
      for (const scope of SCOPES)
        for (const [letter, nameOf] of Object.entries(periods)) {
          const periodOf = (on: number) => nameOf(new Date(on * 86_400_000))
          const distinct = customers.flatMap((one) => [
            ...new Set(inScope(one, scope).history.map((row) => periodOf(row.day))),
          ])
          const summed = [...figures].flatMap(([key, amount]) => {
            const place = parseFigureKey(key)
            const isMeant = place.scope === scope && place.metric === `visitors_${letter}`
            return isMeant ? Array<string>(amount).fill(periodOf(place.day)) : []
          })
          expect(summed.sort(), `${scope} ${letter}`).toEqual(distinct.sort())
        }
    }),
    { numRuns: 60 },
  )
})

test('visitors of the trailing 28 and 90 days are counted by scope on every day', () => {
  fc.assert(
    fc.property(home, fc.constantFrom(...SCOPES), (customers, scope) => {
      const figures = sumOf(customers.map(foldCustomer))
      const here = customers.map((one) => inScope(one, scope))
      for (const days of [28, 90]) {
        const counted = everyDay((on) =>
          countOf(here, (one) => sawWithin(one, on - days + 1, on + 1)),
        )
        const level = levels(figures, scope, `visitors_${days}d`)
        expect(disagreement(level, counted), `${scope} ${days}d`).toEqual([])
      }
    }),
    { numRuns: 80 },
  )
})

test('who was first seen in a scope, on a day or in a window, had not been seen there before', () => {
  fc.assert(
    fc.property(home, fc.constantFrom(...SCOPES), (customers, scope) => {
      const figures = sumOf(customers.map(foldCustomer))
      const here = customers.map((one) => inScope(one, scope))
      const firstWithin = (one: CustomerFacts, from: number, to: number) =>
        sawWithin(one, from, to) && !sawWithin(one, -Infinity, from)
      const onDay = everyDay((on) => countOf(here, (one) => firstWithin(one, on, on + 1)))
      const first = everyDay((on) => kept(figures, scope, on, 'first_seen'))
      expect(disagreement(first, onDay), scope).toEqual([])
      for (const days of [28, 90]) {
        const inWindow = everyDay((on) =>
          countOf(here, (one) => firstWithin(one, on - days + 1, on + 1)),
        )
        const level = levels(figures, scope, `first_seen_${days}d`)
        expect(disagreement(level, inWindow), `${scope} ${days}d`).toEqual([])
      }
    }),
    { numRuns: 60 },
  )
})

test('the tagged level is the active customers who wear a tag of the group on that day', () => {
  const wears = (one: CustomerFacts, group: string, on: number) =>
    one.tagged.some(
      ({ group_id, from, to }) =>
        (group === 'any' || group_id === group) && from <= on && (to === null || on < to),
    )
  fc.assert(
    fc.property(home, window, (customers, days) => {
      const figures = sumOf(customers.map((one) => foldWithin(days, one)))
      for (const group of ['any', ...GROUPS]) {
        const counted = everyDay((on) =>
          countOf(customers, (one) => isActive(one, on, days) && wears(one, group, on)),
        )
        const level = levels(figures, HOME, `tagged:${group}`)
        expect(disagreement(level, counted), group).toEqual([])
      }
    }),
    { numRuns: 60 },
  )
})

test('the difference of two states, added to the first, gives the second', () => {
  fc.assert(
    fc.property(facts, facts, (before, after) => {
      const [was, is] = [foldCustomer(before), foldCustomer(after)]
      const difference = differenceOf(was, is)
      expect(sumOf([was, difference])).toEqual(is)
      expect([...difference.values()]).not.toContain(0)
    }),
  )
})

test('a state that did not change differs in nothing', () => {
  fc.assert(
    fc.property(facts, (same) => {
      const reversed = { history: [...same.history].reverse(), tagged: [...same.tagged].reverse() }
      expect(differenceOf(foldCustomer(same), foldCustomer(reversed)).size).toBe(0)
    }),
  )
})

test('facts that arrive one by one in any order end at the figures of all of them', () => {
  type Fact = { row: HistoryRow } | { tag: TaggedSpan }
  const arriving = facts.chain((all) => {
    const loose: Fact[] = [
      ...all.history.map((row) => ({ row })),
      ...all.tagged.map((tag) => ({ tag })),
    ]
    const order = fc.shuffledSubarray(loose, { minLength: loose.length })
    return fc.tuple(fc.constant(all), order)
  })
  fc.assert(
    fc.property(arriving, ([all, order]) => {
      const book: Figures = new Map()
      let known: CustomerFacts = { history: [], tagged: [] }
      let before: Figures = new Map()
      for (const fact of order) {
        const next: CustomerFacts =
          'row' in fact
            ? { ...known, history: [...known.history, fact.row] }
            : { ...known, tagged: [...known.tagged, fact.tag] }
        const after = foldCustomer(next)
        for (const [key, amount] of differenceOf(before, after)) addFigure(book, key, amount)
        known = next
        before = after
      }
      expect(book).toEqual(foldCustomer(all))
    }),
  )
})

function seenOn(...days: number[]): Figures {
  return foldCustomer({ history: days.map((on) => historyRow(on, 'store-a', null)), tagged: [] })
}

test('a single visit dates its own loss 90 days ahead', () => {
  const figures = seenOn(dayFromCivil(2026, 1, 1))
  expect(kept(figures, HOME, dayFromCivil(2026, 1, 1), 'new')).toBe(1)
  expect(kept(figures, HOME, dayFromCivil(2026, 4, 1), 'lost')).toBe(1)
})

test('a return after 89 days moves the loss, a return on the 90th day comes too late', () => {
  const start = dayFromCivil(2026, 1, 1)
  const early = seenOn(start, start + 89)
  expect(kept(early, HOME, start + 90, 'lost')).toBe(0)
  expect(kept(early, HOME, start + 179, 'lost')).toBe(1)
  const late = seenOn(start, start + 90)
  expect(kept(late, HOME, start + 90, 'lost')).toBe(1)
  expect(kept(late, HOME, start + 90, 'reactivated')).toBe(1)
})

test('somebody without a visit contributes nothing, whatever tags they wear', () => {
  const tagged = [{ group_id: 'skin', from: FIRST_DAY, to: null }]
  expect(foldCustomer({ history: [], tagged }).size).toBe(0)
})

test('a tag taken off on the day it was put on covers no day', () => {
  const tagged = [{ group_id: 'skin', from: FIRST_DAY, to: FIRST_DAY }]
  const rows = [historyRow(FIRST_DAY, 'store-a', null)]
  const metrics = [...foldCustomer({ history: rows, tagged }).keys()].map(parseFigureKey)
  expect(metrics.filter(({ metric }) => metric.startsWith('tagged'))).toEqual([])
})

test('a history row gives its store visits, sales and spend; a voided day gives nothing', () => {
  const row = { ...historyRow(FIRST_DAY, 'store-a', null), visits: 2, sales: 1, spend_minor: 8800 }
  expect(foldHistoryRow(row)).toEqual(
    new Map([
      [`d|home|${FIRST_DAY}|identified`, 2],
      [`d|home|${FIRST_DAY}|spend`, 8800],
      [`d|home|${FIRST_DAY}|sales`, 1],
    ]),
  )
  const undone = differenceOf(foldHistoryRow(row), foldHistoryRow(null))
  expect([...undone.values()]).toEqual([-2, -8800, -1])
})

test('a tally counts people nobody asked for a name', () => {
  expect(foldTally(FIRST_DAY, 7)).toEqual(new Map([[`d|home|${FIRST_DAY}|anonymous`, 7]]))
})

test('a key tells its table, scope, day and metric, before 1970 as well', () => {
  for (const place of [
    { table: 'd', scope: HOME, day: -5, metric: 'tagged:any' },
    { table: 'm', scope: 'store-a', day: 20_000, metric: 'visitors_28d' },
  ] as const)
    expect(parseFigureKey(figureKey(place.table, place.scope, place.day, place.metric))).toEqual(
      place,
    )
})
