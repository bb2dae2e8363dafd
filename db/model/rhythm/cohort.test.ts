// What is at stake: retention that counts a customer twice, loses one after a move, or takes a
// second visit that is not yet due for one that failed. The oracle counts by the definitions, from
// dates as text. It cannot show that the ledger adds the contributions rightly.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BookSums } from '../book-sums.ts'
import type { Books } from '../figures.ts'
import { dayFromCivil, dayText, parseDay } from '../calendar.ts'
import { HOME } from '../figures.ts'
import type { HomeSpan } from '../homes.ts'
import {
  acquiringStore,
  addMonths,
  COHORT_MONTHS,
  COHORT_SIDES,
  cohortContributions,
  type CohortFacts,
  cohortMetric,
  monthsBetween,
  parseCohortMetric,
  SECOND_VISIT_DAYS,
} from './cohort.ts'

const STORES = ['store-a', 'store-b', 'store-c']
const FIRST_DAY = dayFromCivil(2023, 11, 20)
const DAYS = 900

const on = (text: string) => parseDay(text) ?? NaN
const seenAt = (text: string, store_id = 'store-a', first_at = 0) => ({
  day: on(text),
  store_id,
  first_at,
})

/** Lives at one home for ever, unless told otherwise. */
function factsOf(history: CohortFacts['history'], more: Partial<CohortFacts> = {}): CohortFacts {
  const homes = [{ store_id: 'store-a', from: -Infinity, to: Infinity }]
  return { history, homes, erased_on: null, ...more }
}

/** Contributions as `store day metric`, in order. */
function spelled(facts: CohortFacts): string[] {
  return cohortContributions(facts)
    .map(({ store_id, day, metric }) => `${store_id} ${dayText(day)} ${metric}`)
    .sort()
}

const day = fc.integer({ min: FIRST_DAY, max: FIRST_DAY + DAYS })
const row = fc.record({ day, store_id: fc.constantFrom(...STORES), first_at: fc.nat(3) })
const history = fc
  .array(row, { maxLength: 12 })
  .map((rows) => [...new Map(rows.map((one) => [`${one.day}|${one.store_id}`, one])).values()])
const homes: fc.Arbitrary<HomeSpan[]> = fc
  .record({ from: fc.constantFrom(...STORES), to: fc.constantFrom(...STORES), moved: day })
  .map(({ from, to, moved }) => [
    { store_id: from, from: -Infinity, to: moved },
    { store_id: to, from: moved, to: Infinity },
  ])
const facts: fc.Arbitrary<CohortFacts> = fc.record({
  history,
  homes,
  erased_on: fc.option(fc.integer({ min: FIRST_DAY, max: FIRST_DAY + 2 * DAYS })),
})

test('a customer counts once in each month with a visit, for the winner and for the home', () => {
  const history = [
    seenAt('2025-03-10', 'store-b'),
    seenAt('2025-01-31', 'store-c'),
    seenAt('2025-03-30', 'store-a'),
  ]
  expect(spelled(factsOf(history))).toEqual([
    'store-a 2025-01-01 cohort_homed:0',
    'store-a 2025-03-01 cohort_homed:2',
    'store-a 2025-03-30 last_seen',
    'store-a 2025-04-01 new60',
    'store-a 2025-04-01 second60',
    'store-c 2025-01-01 cohort_acquired:0',
    'store-c 2025-03-01 cohort_acquired:2',
  ])
})

test('the store of the first visit won the customer; a tie goes to the lower id', () => {
  const both = [seenAt('2025-01-05', 'store-b', 7), seenAt('2025-01-05', 'store-c', 5)]
  expect(acquiringStore(both)).toBe('store-c')
  const tied = [seenAt('2025-01-05', 'store-c', 5), seenAt('2025-01-05', 'store-b', 5)]
  expect(acquiringStore(tied)).toBe('store-b')
  expect(acquiringStore([])).toBeNull()
})

test('the last visit stands in the book of the present home', () => {
  fc.assert(
    fc.property(facts, (one) => {
      const days = one.history.map((row) => dayText(row.day)).sort()
      const wanted = days.slice(-1).map((last) => `${one.homes.at(-1)?.store_id} ${last} last_seen`)
      expect(spelled(one).filter((text) => text.endsWith('last_seen'))).toEqual(wanted)
    }),
  )
})

test('who never came contributes nothing', () => {
  expect(cohortContributions(factsOf([]))).toEqual([])
})

test('months are followed for two years', () => {
  const seen = spelled(factsOf([seenAt('2023-05-31'), seenAt('2025-05-01'), seenAt('2025-06-01')]))
  expect(seen).toContain('store-a 2025-05-01 cohort_homed:24')
  expect(seen.filter((text) => text.includes('2025-06-01 cohort'))).toEqual([])
})

describe('the second visit', () => {
  const first = '2025-01-10' // The 60th day after is 2025-03-11.
  const secondVisit = (facts: CohortFacts) => spelled(facts).filter((text) => text.endsWith('60'))

  test.each([
    ['2025-03-11', true],
    ['2025-03-12', false],
    ['2025-01-11', true],
    ['2025-01-10', false],
  ])('a visit on %s counts: %s', (second, isDone) => {
    const found = secondVisit(factsOf([seenAt(first), seenAt(second, 'store-b')]))
    const due = 'store-a 2025-03-11 new60'
    expect(found).toEqual(isDone ? [due, 'store-a 2025-03-11 second60'] : [due])
  })

  test('it stands in the book of the home on the day when it is due', () => {
    const moved = on('2025-03-11')
    const homes = [
      { store_id: 'store-a', from: -Infinity, to: moved },
      { store_id: 'store-b', from: moved, to: Infinity },
    ]
    const due = secondVisit(factsOf([seenAt(first)], { homes }))
    expect(due).toEqual(['store-b 2025-03-11 new60'])
  })

  test('nobody waits for somebody who was forgotten before', () => {
    const forgotten = (day: string) => factsOf([seenAt(first)], { erased_on: on(day) })
    expect(secondVisit(forgotten('2025-03-11'))).toEqual([])
    expect(secondVisit(forgotten('2025-03-12'))).toHaveLength(1)
  })

  test('nothing of it is dated before its 60 days have passed', () => {
    fc.assert(
      fc.property(facts, (one) => {
        const first = Math.min(...one.history.map((row) => row.day))
        for (const { day, metric } of cohortContributions(one))
          if (metric.endsWith('60')) expect(day).toBe(first + SECOND_VISIT_DAYS)
      }),
    )
  })
})

test('each month with a visit counts once, told from the dates alone', () => {
  const monthOf = (day: number) => dayText(day).slice(0, 7)
  const number = (month: string) => 12 * Number(month.slice(0, 4)) + Number(month.slice(5))
  fc.assert(
    fc.property(facts, (one) => {
      const months = [...new Set(one.history.map((row) => monthOf(row.day)))].sort()
      const seen = months
        .map((month) => ({ month, k: number(month) - number(months[0] ?? '') }))
        .filter(({ k }) => k <= COHORT_MONTHS)
      const home = one.homes.at(-1)?.store_id
      const winner = acquiringStore(one.history)
      const wanted = seen.flatMap(({ month, k }) => [
        `${winner} ${month}-01 cohort_acquired:${k}`,
        `${home} ${month}-01 cohort_homed:${k}`,
      ])
      expect(spelled(one).filter((text) => text.includes('cohort'))).toEqual(wanted.sort())
    }),
  )
})

test('order of arrival does not matter', () => {
  fc.assert(
    fc.property(facts, (one) => {
      expect(spelled({ ...one, history: [...one.history].reverse() })).toEqual(spelled(one))
    }),
  )
})

/** Figures kept by difference: each change takes out what was said before and puts in what is. */
function keep(sums: BookSums, before: CohortFacts | null, after: CohortFacts): void {
  for (const [one, sign] of [
    [before, -1],
    [after, 1],
  ] as const)
    for (const { store_id, day, metric } of one ? cohortContributions(one) : [])
      sums.book(store_id, sign).of('d', HOME, metric)(day, 1)
}

function withoutEmpty(books: Books): Books {
  return new Map([...books].filter(([, figures]) => figures.size > 0))
}

test('whatever changes come one after another, the differences add up to the last facts', () => {
  fc.assert(
    fc.property(fc.array(facts, { minLength: 1, maxLength: 6 }), (states) => {
      const [kept, fresh] = [new BookSums(), new BookSums()]
      states.forEach((state, at) => keep(kept, states[at - 1] ?? null, state))
      const last = states.at(-1)
      if (last) keep(fresh, null, last)
      expect(withoutEmpty(kept.books())).toEqual(withoutEmpty(fresh.books()))
    }),
  )
})

test('metrics are read as they were written, and others are not', () => {
  for (const side of COHORT_SIDES)
    for (let k = 0; k <= COHORT_MONTHS; k += 1)
      expect(parseCohortMetric(cohortMetric(side, k))).toEqual({ side, k })
  for (const other of [
    'active',
    'cohort_homed:25',
    'cohort_homed:',
    'cohort_x:1',
    'cohort_homed:1:2',
  ])
    expect(parseCohortMetric(other)).toBeNull()
})

test('months are added and counted over the ends of years', () => {
  expect(dayText(addMonths(on('2024-01-31'), 1))).toBe('2024-02-01')
  expect(dayText(addMonths(on('2025-01-15'), -2))).toBe('2024-11-01')
  expect(monthsBetween(on('2024-11-30'), on('2025-01-01'))).toBe(2)
  fc.assert(
    fc.property(day, fc.integer({ min: -30, max: 30 }), (from, months) => {
      expect(monthsBetween(from, addMonths(from, months))).toBe(months)
    }),
  )
})
