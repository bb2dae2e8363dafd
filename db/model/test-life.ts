import fc from 'fast-check'
import { createCustomer, type Customer } from './customer.ts'
import type { Days } from './days.ts'
import type { CustomerFacts, TaggedSpan } from './fold.ts'
import { type HomeSpan, homeSpans, moveHome } from './homes.ts'
import type { HistoryRow } from './visit.ts'

// Lives of one customer for tests: visits, spend, moves, tags, merges and an erasure, by a seed.

export const FIRST_DAY = 20_000
export const DAYS = 400
export const LAST_DAY = FIRST_DAY + DAYS + 100
export const STORES = ['store-a', 'store-b', 'store-c']

export function newborn(home_store_id: string): Customer {
  return createCustomer('c', { name: 'Li', home_store_id }, [0, 'op'], 'clerk')
}

export const day = fc.integer({ min: FIRST_DAY, max: FIRST_DAY + DAYS })

export interface Life extends CustomerFacts {
  days: number[]
  /** The chain's activity window. */
  activityDays: number
}

export function row(on: number, store_id: string, spend_minor = 0): HistoryRow {
  const place = { customer_id: 'c', day: on, store_id, region_id: null }
  return { ...place, visits: 1, sales: 0, spend_minor, purposes: 1, first_at: on }
}

const homes: fc.Arbitrary<HomeSpan[]> = fc
  .tuple(
    fc.constantFrom(...STORES),
    fc.array(fc.tuple(fc.constantFrom(...STORES), day), { maxLength: 4 }),
  )
  .map(([first, moves]) =>
    homeSpans(moves.reduce((one, [store, on]) => moveHome(one, store, on), newborn(first))),
  )

const tagged: fc.Arbitrary<TaggedSpan[]> = fc.array(
  fc.record({ from: day, days: fc.nat(120) }).map(({ from, days }) => ({
    group_id: 'skin',
    from,
    to: days > 100 ? null : from + days,
  })),
  { maxLength: 3 },
)

const merged: fc.Arbitrary<Days[]> = fc
  .array(fc.tuple(fc.nat(150), fc.integer({ min: 1, max: 150 })), { maxLength: 2 })
  .map((spans) => {
    let from = FIRST_DAY
    return spans.map(([wait, days], index): Days => {
      const start = from + wait
      from = start + days
      return [start, index === 1 && days > 100 ? Infinity : from]
    })
  })

export function isWithin(spans: readonly Days[], on: number): boolean {
  return spans.some(([from, to]) => from <= on && on < to)
}

export const life: fc.Arbitrary<Life> = fc
  .record({
    days: fc.array(day, { maxLength: 8 }),
    spend: fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 8, maxLength: 8 }),
    homes,
    tagged,
    merged,
    erasedAfter: fc.option(fc.nat(200)),
    activityDays: fc.constantFrom(90, 90, 30, 47, 180, 365),
  })
  .map(({ days: drawn, spend, erasedAfter, ...kept }) => ({
    ...kept,
    // What was seen while the record was part of another is that one's history.
    days: drawn.filter((on) => !isWithin(kept.merged, on)),
    history: drawn
      .map((on, index) => row(on, STORES[index % 3] ?? '', spend[index]))
      .filter((one) => !isWithin(kept.merged, one.day)),
    erased_on: erasedAfter === null ? null : Math.max(FIRST_DAY, ...drawn) + erasedAfter,
  }))
