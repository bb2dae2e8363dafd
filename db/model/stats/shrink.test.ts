// What is at stake: a tiny store with three lucky customers must not lead the chain, and a large
// one must keep what it earned.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from '../assert.ts'
import { shrinkCounts, shrinkMeans, shrinkRates, type Counted, type Shrinkage } from './shrink.ts'

const GOLDEN = [
  { x: 4, n: 10 },
  { x: 300, n: 1000 },
  { x: 55, n: 200 },
  { x: 520, n: 1200 },
  { x: 9, n: 12 },
]

function expectAll(found: readonly number[], known: readonly number[], within: number): void {
  expect(found).toHaveLength(known.length)
  found.forEach((value, index) => {
    expect(Math.abs(value - (known[index] ?? NaN))).toBeLessThan(within)
  })
}

const rates = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 3000 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([n, part]) => ({ n, x: Math.round(n * part) })),
  { minLength: 1, maxLength: 40 },
)

/** Every estimate lies between the raw value and the mean, and its posterior has that mean. */
function expectBetween(found: Shrinkage, raw: readonly number[], within: number): void {
  found.members.forEach(({ theta, posterior }, index) => {
    const value = raw[index] ?? NaN
    expect(theta).toBeGreaterThanOrEqual(Math.min(value, found.mean) - within)
    expect(theta).toBeLessThanOrEqual(Math.max(value, found.mean) + within)
    if (posterior.family === 'beta') {
      expect(posterior.alpha / (posterior.alpha + posterior.beta)).toBeCloseTo(theta, 12)
    }
    if (posterior.family === 'gamma') {
      expect(posterior.shape / posterior.rate).toBeCloseTo(theta, 9)
    }
  })
}

test('rates equal the golden vector of the definitions page to 1e-9', () => {
  const found = must(shrinkRates(GOLDEN), 'trials')
  expectAll([found.mean, found.between], [0.3666391412, 0.0088266422], 1e-10)
  // The page prints ten decimals: 1e-9 of a strength of 25 is all that they hold.
  expect(Math.abs(found.strength - 25.3084055385)).toBeLessThan(1e-9)
  const theta = [0.3760875596, 0.3016449006, 0.2852936264, 0.4319557833, 0.4899446065]
  expectAll(
    found.members.map((member) => member.theta),
    theta,
    1e-9,
  )
})

test('counts and means equal an independent computation', () => {
  // NumPy, from the formulas.
  const counts = [
    { x: 3, n: 10 },
    { x: 40, n: 200 },
    { x: 12, n: 100 },
    { x: 90, n: 300 },
    { x: 0, n: 8 },
  ]
  const counted = must(shrinkCounts(counts), 'exposure')
  expectAll([counted.mean, counted.between], [0.23462783171521034, 0.00608504301786896], 1e-12)
  expectAll(
    counted.members.map(({ theta }) => theta),
    [
      0.248090495724218, 0.2055968924965165, 0.15189877190167445, 0.2925548144244978,
      0.194312145241,
    ],
    1e-11,
  )
  const means = [
    { value: 100, error: 5 },
    { value: 120, error: 8 },
    { value: 90, error: 3 },
    { value: 135, error: 20 },
    { value: 104, error: 4 },
  ]
  const measured = must(shrinkMeans(means), 'members')
  expectAll([measured.mean, measured.between], [104.12441907459548, 107.44750112166669], 1e-9)
  expectAll(
    measured.members.map(({ theta }) => theta),
    [100.7785007341903, 114.0737708477602, 91.09164877259619, 110.66204909303379, 104.016125926],
    1e-8,
  )
  expectAll(
    measured.members.map(({ posterior }) => (posterior.family === 'normal' ? posterior.sd : NaN)),
    [4.50345968945, 6.33319072458, 2.881736902, 9.20306726735, 3.73178830706],
    1e-9,
  )
})

test('a shrunk rate or count lies between the raw value and the mean', () => {
  fc.assert(
    fc.property(rates, (members) => {
      const raw = members.map(({ x, n }) => x / n)
      expectBetween(must(shrinkRates(members), 'trials'), raw, 1e-12)
      expectBetween(must(shrinkCounts(members), 'exposure'), raw, 1e-12)
    }),
  )
})

test('a shrunk mean lies between the raw value and the mean', () => {
  const measured = fc.record({
    value: fc.double({ min: -1000, max: 1000, noNaN: true }),
    error: fc.double({ min: 0.01, max: 500, noNaN: true }),
  })
  fc.assert(
    fc.property(fc.array(measured, { minLength: 1, maxLength: 40 }), (members) => {
      const found = must(shrinkMeans(members), 'members')
      expectBetween(
        found,
        members.map(({ value }) => value),
        1e-8,
      )
    }),
  )
})

test('of two stores with the same raw rate the one with fewer facts moves further', () => {
  fc.assert(
    fc.property(rates, fc.integer({ min: 1, max: 50 }), (members, half) => {
      const pair: Counted[] = [
        { x: half, n: 2 * half },
        { x: 10 * half, n: 20 * half },
      ]
      const { mean, members: found } = must(shrinkRates([...pair, ...members]), 'trials')
      const [small, large] = found.map(({ theta }) => Math.abs(theta - mean))
      expect(small ?? NaN).toBeLessThanOrEqual((large ?? NaN) + 1e-12)
    }),
  )
})

test('where chance explains all that differs, every store is at the mean', () => {
  const alike = Array.from({ length: 12 }, (_, index) => ({ x: 30 + (index % 2), n: 100 }))
  const found = must(shrinkRates(alike), 'trials')
  expect([found.between, found.strength]).toEqual([0, Infinity])
  expect(found.members.every(({ theta }) => theta === found.mean)).toBe(true)
  expect(must(shrinkCounts(alike), 'exposure').between).toBe(0)
  expect(
    must(
      shrinkMeans([
        { value: 5, error: 1 },
        { value: 5.5, error: 1 },
      ]),
      'two',
    ).between,
  ).toBe(0)
})

test('a store without trials gets the prior, and one alone its own raw value', () => {
  const found = must(shrinkRates([...GOLDEN, { x: 0, n: 0 }]), 'trials')
  expect(found.members.at(-1)?.theta).toBeCloseTo(0.3666391412, 9)
  expect(found.members[0]?.theta).toBeCloseTo(0.3760875596, 9)
  expect(shrinkRates([{ x: 3, n: 10 }])?.members[0]?.theta).toBe(0.3)
})

test('extremes stay shares: all or nothing, and single trials', () => {
  const extremes = [
    [
      { x: 0, n: 50 },
      { x: 50, n: 50 },
    ],
    [
      { x: 0, n: 1 },
      { x: 1, n: 1 },
      { x: 1, n: 1 },
    ],
    [
      { x: 0, n: 9 },
      { x: 0, n: 200 },
    ],
  ]
  for (const members of extremes) {
    for (const { theta } of must(shrinkRates(members), 'trials').members) {
      expect(theta).toBeGreaterThanOrEqual(0)
      expect(theta).toBeLessThanOrEqual(1)
    }
  }
})

test('without facts there is nothing to estimate', () => {
  expect(shrinkRates([])).toBeNull()
  expect(shrinkRates([{ x: 0, n: 0 }])).toBeNull()
  expect(shrinkCounts([])).toBeNull()
  expect(shrinkMeans([])).toBeNull()
})
