import fc from 'fast-check'
import { expect, test } from 'vitest'
import { declutter } from './declutter.ts'

const places = fc.array(fc.double({ min: -50, max: 450, noNaN: true }), { maxLength: 24 })

test('labels that have room stay where they are', () => {
  expect(declutter([10, 50, 90], 16, 0, 100)).toEqual([10, 50, 90])
  expect(declutter([], 16, 0, 100)).toEqual([])
})

test('labels at one place spread evenly around it', () => {
  expect(declutter([50, 50, 50], 16, 0, 100)).toEqual([34, 50, 66])
  expect(declutter([50, 40], 20, 0, 100)).toEqual([55, 35])
})

test('near an edge they move inward, and keep their distance', () => {
  expect(declutter([2, 3], 16, 0, 100)).toEqual([0, 16])
  expect(declutter([99, 98], 16, 0, 100)).toEqual([100, 84])
})

test('when they do not fit they share the room', () => {
  expect(declutter([5, 5, 5, 5, 5], 30, 0, 80)).toEqual([0, 20, 40, 60, 80])
})

test('labels never touch, never leave their room and never change order', () => {
  fc.assert(
    fc.property(places, (wanted) => {
      const found = declutter(wanted, 16, 0, 400)
      const order = wanted.map((place, index) => ({ place, index }))
      order.sort((a, b) => a.place - b.place || a.index - b.index)
      const sorted = order.map(({ index }) => found[index] ?? Number.NaN)
      expect(found).toHaveLength(wanted.length)
      sorted.forEach((place, rank) => {
        expect(place).toBeGreaterThanOrEqual(-1e-6)
        expect(place).toBeLessThanOrEqual(400 + 1e-6)
        if (rank > 0) expect(place - (sorted[rank - 1] ?? 0)).toBeGreaterThanOrEqual(16 - 1e-6)
      })
    }),
  )
})

test('no other arrangement moves them less', () => {
  const cost = (wanted: number[], found: number[]) =>
    found.reduce((sum, place, at) => sum + (place - (wanted[at] ?? 0)) ** 2, 0)
  const shifts = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), {
    minLength: 5,
    maxLength: 5,
  })
  const five = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), {
    minLength: 5,
    maxLength: 5,
  })
  fc.assert(
    fc.property(five, shifts, (some, by) => {
      const wanted = some.toSorted((a, b) => a - b)
      const found = declutter(wanted, 12, 0, 100)
      const other = found.map((place, at) => place + (by[at] ?? 0))
      const allowed = other.every(
        (place, at) =>
          place >= 0 && place <= 100 && (at === 0 || place - (other[at - 1] ?? 0) >= 12),
      )
      if (allowed) expect(cost(wanted, found)).toBeLessThanOrEqual(cost(wanted, other) + 1e-6)
    }),
  )
})
