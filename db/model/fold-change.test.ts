// What is at stake: a push adds the difference of two folds, and what it forgets to take away stays
// in every statement for good. Differences and movements are held to the two folds themselves.
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { type Books, differenceOf, figureKey, type Figures, HOME } from './figures.ts'
import { foldChange, foldCustomer, movementsOfCustomer } from './fold.ts'
import { type Movement, type MovementChange, movementChanges } from './movements.ts'
import { day, FIRST_DAY, life, row, STORES } from './test-life.ts'

vi.setConfig({ testTimeout: 30_000 })

test('movements lead to the same sums as the figures, and a move stands in both books', () => {
  fc.assert(
    fc.property(life, (one) => {
      const books = foldCustomer(one, one.activityDays)
      const movements = movementsOfCustomer(one, one.activityDays)
      const sums = new Map<string, number>()
      for (const { store_id, kind, day: on, counterparty, value_minor } of movements) {
        const flow = counterparty === null ? kind : `${kind}:${counterparty}`
        for (const [metric, amount] of [
          [flow, 1],
          [`value_${flow}`, value_minor],
        ] as const) {
          const key = `${store_id} ${figureKey('d', HOME, on, metric)}`
          sums.set(key, (sums.get(key) ?? 0) + amount)
        }
      }
      for (const [key, amount] of sums) {
        const [store = '', figure = ''] = key.split(' ')
        expect(books.get(store)?.get(figure) ?? 0).toBe(amount)
      }
      const moves = movements.filter(({ counterparty }) => counterparty !== null)
      const sides = moves.map(({ kind, store_id, counterparty, day: on, value_minor }) =>
        kind === 'transfer_in'
          ? [counterparty, store_id, on, value_minor]
          : [store_id, counterparty, on, value_minor],
      )
      for (const side of sides)
        expect(sides.filter((other) => String(other) === String(side))).toHaveLength(2)
      const places = movements.map(({ store_id, kind, no }) => `${store_id} ${kind} ${no}`)
      expect(new Set(places).size).toBe(places.length)
    }),
    { numRuns: 100 },
  )
})

test('what changes between two lives is what has to be written', () => {
  fc.assert(
    fc.property(life, life, (one, other) => {
      const keyOf = ({ store_id, kind, no }: Movement | Omit<MovementChange, 'was'>) =>
        `${store_id} ${kind} ${no}`
      const rows = new Map(
        movementsOfCustomer(one, one.activityDays).map((row) => [keyOf(row), row]),
      )
      const changes = movementChanges(
        movementsOfCustomer(one, one.activityDays),
        movementsOfCustomer(other, one.activityDays),
      )
      const known = new Map(rows)
      for (const { day: on, was, ...change } of changes) {
        if (on === null) rows.delete(keyOf({ ...change, day: on }))
        else rows.set(keyOf({ ...change, day: on }), { ...change, day: on })
        // A row that only has another number is the one that it was.
        const before = was === null ? undefined : known.get(keyOf({ ...change, no: was, day: on }))
        if (was !== null) expect({ ...before, no: change.no }).toEqual({ ...change, day: on })
      }
      const after = new Map(
        movementsOfCustomer(other, one.activityDays).map((row) => [keyOf(row), row]),
      )
      expect([...rows].sort()).toEqual([...after].sort())
      expect(movementChanges([...rows.values()], [...after.values()])).toEqual([])
    }),
    { numRuns: 100 },
  )
})

function booksApart(before: Books, after: Books): Books {
  const none: Figures = new Map()
  const stores = new Set([...before.keys(), ...after.keys()])
  const apart = (store: string) => differenceOf(before.get(store) ?? none, after.get(store) ?? none)
  return new Map([...stores].map((store) => [store, apart(store)]))
}

function withoutEmpty(books: Books): Books {
  return new Map([...books].filter(([, figures]) => figures.size > 0))
}

test('a change of facts adds to every book what the two folds differ by', () => {
  const later = fc.tuple(life, life).map(([one, other]) => ({ one, other }))
  // A regular of years, of whom one visit is heard of, taken back or corrected.
  const earlier = fc.array(fc.integer({ min: -1200, max: 100 }), { maxLength: 12 })
  const oneVisitMore = fc
    .tuple(life, earlier, day, fc.constantFrom(...STORES), fc.boolean())
    .map(([drawn, before, on, store, isTold]) => {
      const inRegion = { ...row(on, store, 70), region_id: 'north' }
      const known = [...drawn.history, ...before.map((ago) => row(FIRST_DAY + ago, store, 5))]
      const [one, other] = isTold
        ? [known, [...known, inRegion]]
        : [
            [...known, inRegion],
            [...known, { ...inRegion, spend_minor: 90 }],
          ]
      return { one: { ...drawn, history: one }, other: { ...drawn, history: other } }
    })
    .chain(({ one, other }) => fc.constantFrom({ one, other }, { one: other, other: one }))
  fc.assert(
    fc.property(fc.oneof(later, oneVisitMore), ({ one, other }) => {
      const change = foldChange(one, other, one.activityDays).books
      const apart = booksApart(
        foldCustomer(one, one.activityDays),
        foldCustomer(other, one.activityDays),
      )
      expect(withoutEmpty(change)).toEqual(withoutEmpty(apart))
      for (const figures of foldChange(other, other, one.activityDays).books.values())
        expect(figures.size).toBe(0)
    }),
    { numRuns: 800 },
  )
})
