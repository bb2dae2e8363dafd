// What is at stake: how many visits a day counts. A clerk may tap twice, a till may print two
// receipts in a minute; the first is one visit, the second is two.
import fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { foldDay, historyRowId, PURPOSES, type Visit, VisitLogged, VisitSet } from './visit.ts'

const MINUTE_MS = 60_000
const START = Date.UTC(2026, 10, 2, 2)
const CUSTOMER = '00000000-0000-7000-8000-00000000000c'
const HOME = '00000000-0000-7000-8000-000000000001'

function visit(minute: number, more: Partial<Visit> = {}): Visit {
  return {
    id: `visit-${minute}`,
    store_id: 'store-a',
    customer_id: CUSTOMER,
    home_store_id: HOME,
    count: 1,
    purpose: 'buy',
    need: null,
    spend_minor: null,
    items: null,
    note: null,
    receipt: null,
    at: START + minute * MINUTE_MS,
    day: 20_759,
    actor_id: 'staff',
    void: false,
    ...more,
  }
}

function countOf(...visits: Visit[]): number {
  return foldDay(visits, null)?.visits ?? 0
}

test.each([
  ['at 0, 25 and 50 minutes', [0, 25, 50], 2],
  ['at 0 and 30 minutes', [0, 30], 1],
  ['at 0 and 31 minutes', [0, 31], 2],
  ['at 0, 20, 40, 60 and 80 minutes', [0, 20, 40, 60, 80], 3],
  ['at one and the same minute', [5, 5, 5], 1],
])('taps %s are %i visits', (_name, minutes, count) => {
  expect(countOf(...minutes.map((minute) => visit(minute)))).toBe(count)
})

test('visits with a receipt are never merged, with one another or into a tap', () => {
  expect(countOf(visit(0, { receipt: 'r1' }), visit(1, { receipt: 'r2' }))).toBe(2)
  expect(countOf(visit(0), visit(1, { receipt: 'r1' }), visit(2))).toBe(2)
})

test('a voided visit counts nowhere, and does not hold a group together', () => {
  const undone = { void: true, spend_minor: 8800 }
  expect(foldDay([visit(0, undone)], null)).toBeNull()
  expect(countOf(visit(0, undone), visit(25), visit(50))).toBe(1)
  expect(foldDay([visit(0, undone), visit(5)], null)).toMatchObject({ sales: 0, spend_minor: 0 })
})

test('a day of nobody in particular leaves no history', () => {
  expect(foldDay([], null)).toBeNull()
  expect(foldDay([visit(0, { customer_id: null, home_store_id: null, count: 4 })], null)).toBeNull()
})

test('a day sums sales and spend, returns included, and remembers purposes and the first hour', () => {
  const row = foldDay(
    [
      visit(50, { purpose: 'return', spend_minor: -2000 }),
      visit(0, { spend_minor: 8800 }),
      visit(20, { purpose: 'consult' }),
      visit(25, { spend_minor: 0 }),
    ],
    'north',
  )
  const bit = (purpose: Visit['purpose']) => 1 << PURPOSES.indexOf(purpose)
  expect(row).toEqual({
    customer_id: CUSTOMER,
    day: 20_759,
    store_id: 'store-a',
    region_id: 'north',
    visits: 2,
    sales: 3,
    spend_minor: 6800,
    purposes: bit('buy') | bit('return') | bit('consult'),
    first_at: START,
  })
})

test('a day is folded alike in whatever order its visits arrived', () => {
  const visits = fc.array(
    fc
      .record({
        minute: fc.nat(200),
        receipt: fc.constantFrom(null, null, 'r'),
        isVoid: fc.boolean(),
        spend_minor: fc.constantFrom(null, 500),
      })
      .map(({ minute, receipt, isVoid, spend_minor }) =>
        visit(minute, { receipt, void: isVoid, spend_minor }),
      ),
    { maxLength: 8 },
  )
  const shuffled = visits.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  )
  fc.assert(
    fc.property(shuffled, ([all, other]) => {
      expect(foldDay(other, null)).toEqual(foldDay(all, null))
    }),
    { numRuns: 300 },
  )
})

test('a history row travels under an id of its customer, day and store', () => {
  const row = { customer_id: CUSTOMER, day: 20_759, store_id: 'store-a' }
  expect(historyRowId(row)).toBe(`${CUSTOMER}:20759:store-a`)
})

const identified = { customer_id: CUSTOMER, home_store_id: HOME, purpose: 'buy' }
const tally = { customer_id: null, home_store_id: null, purpose: 'browse', count: 12 }

test('a visit is of one known customer with a home, or of a count of people', () => {
  expect(v.parse(VisitLogged, identified).count).toBe(1)
  expect(v.is(VisitLogged, tally)).toBe(true)
})

test.each([
  ['a known customer counted twice', { ...identified, count: 2 }],
  ['a customer without a home', { ...identified, home_store_id: null }],
  ['a home without a customer', { ...tally, home_store_id: HOME }],
  ['a tally of nobody', { ...tally, count: 0 }],
  ['a tally of a thousand', { ...tally, count: 1000 }],
  ['half a cent', { ...identified, spend_minor: 0.5 }],
  ['more money than there is', { ...identified, spend_minor: 1e12 + 1 }],
  ['NaN of money', { ...identified, spend_minor: NaN }],
  ['an unknown purpose', { ...identified, purpose: 'steal' }],
  ['a note of 1001 characters', { ...identified, note: 'x'.repeat(1001) }],
  ['two lines of need', { ...identified, need: 'tea\ncups' }],
])('a visit with %s is refused', (_name, payload) => {
  expect(v.is(VisitLogged, payload)).toBe(false)
})

test('details that are added later do not bring back what was not said', () => {
  expect(v.parse(VisitSet, { note: 'gift wrap' })).toEqual({ note: 'gift wrap' })
})
