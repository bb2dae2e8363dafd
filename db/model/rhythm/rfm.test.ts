// What is at stake: a score decides which customers a manager sees as the best. Equal customers
// must score equal, and an unknown spend must not count as none.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Breaks,
  frequencyAndMoney,
  quintileBreaks,
  type RfmBreaks,
  rfmFacts,
  rfmScores,
  spendBreaks,
} from './rfm.ts'

const TODAY = 20_500
const BREAKS: RfmBreaks = { daysSince: [7, 14, 30, 90], spendMinor: [1000, 2000, 5000, 10_000] }
const row = (daysAgo: number, spend_minor: number | null) => ({
  day: TODAY - daysAgo,
  sales: spend_minor === null ? 0 : 1,
  spend_minor: spend_minor ?? 0,
})

describe('facts', () => {
  test('days since the last visit, visit days and spend of a year', () => {
    const history = [row(10, 500), row(10, 700), row(364, 100), row(365, 9999), row(-1, 9999)]
    expect(rfmFacts(history, TODAY)).toEqual({ daysSince: 10, visitDays: 2, spendMinor: 1300 })
  })

  test('who came, but not within a year, has no visit day and an unknown spend', () => {
    const facts = rfmFacts([row(400, 100)], TODAY)
    expect(facts).toEqual({ daysSince: 400, visitDays: 0, spendMinor: null })
  })

  test('a spend that nobody recorded is unknown, one of nothing is nothing', () => {
    expect(rfmFacts([row(1, null)], TODAY).spendMinor).toBeNull()
    expect(rfmFacts([row(1, 0)], TODAY).spendMinor).toBe(0)
    expect(rfmFacts([], TODAY)).toEqual({ daysSince: null, visitDays: 0, spendMinor: null })
  })
})

describe('scores', () => {
  test.each([
    [0, 5],
    [7, 5],
    [8, 4],
    [30, 3],
    [90, 2],
    [91, 1],
    [365, 1],
  ])('R: %i days since the last visit score %i', (daysSince, r) => {
    const facts = { daysSince, visitDays: 1, spendMinor: null }
    expect(rfmScores(facts, BREAKS).r).toBe(r)
  })

  test.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 3],
    [5, 4],
    [8, 4],
    [9, 5],
    [300, 5],
  ])('F: %i visit days score %i', (visitDays, f) => {
    expect(rfmScores({ daysSince: 1, visitDays, spendMinor: null }, BREAKS).f).toBe(f)
  })

  test('M by bands of spend; unknown for a customer or a chain without it', () => {
    const score = (spendMinor: number | null, breaks = BREAKS) =>
      rfmScores({ daysSince: 1, visitDays: 1, spendMinor }, breaks).m
    expect([-500, 1000, 1001, 10_000, 10_001].map((spend) => score(spend))).toEqual([1, 1, 2, 4, 5])
    expect(score(null)).toBeNull()
    expect(score(5000, { ...BREAKS, spendMinor: null })).toBeNull()
  })

  test('a year away is the lowest R, wherever the chain’s quintiles are', () => {
    const far: RfmBreaks = { daysSince: [500, 600, 700, 800], spendMinor: null }
    expect(rfmScores({ daysSince: 365, visitDays: 0, spendMinor: null }, far).r).toBe(1)
    expect(rfmScores({ daysSince: 364, visitDays: 1, spendMinor: null }, far).r).toBe(5)
  })

  test('who never came has none', () => {
    const never = { daysSince: null, visitDays: 0, spendMinor: null }
    expect(rfmScores(never, BREAKS)).toEqual({ r: null, f: null, m: null })
  })

  test('FM is the mean of F and M, and F alone where M is unknown', () => {
    expect(frequencyAndMoney({ r: 5, f: 4, m: 5 })).toBe(4.5)
    expect(frequencyAndMoney({ r: 5, f: 4, m: null })).toBe(4)
    expect(frequencyAndMoney({ r: null, f: null, m: null })).toBeNull()
  })
})

describe('quintiles', () => {
  const scoreOf = (daysSince: number, breaks: Breaks) =>
    rfmScores({ daysSince, visitDays: 1, spendMinor: null }, { ...BREAKS, daysSince: breaks }).r

  test('without ties each fifth is of one size', () => {
    const breaks = quintileBreaks(Array.from({ length: 100 }, (_, at) => 99 - at))
    expect(breaks).toEqual([19, 39, 59, 79])
  })

  test('few customers have breaks, none have none', () => {
    expect(quintileBreaks([3])).toEqual([3, 3, 3, 3])
    expect(quintileBreaks([])).toBeNull()
  })

  test('equal days score equal, more days never more, and order does not matter', () => {
    const values = fc.array(fc.nat(200), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(values, (days) => {
        const breaks = quintileBreaks(days)
        expect(quintileBreaks([...days].reverse())).toEqual(breaks)
        if (!breaks) throw new Error('there are values')
        const scores = [...days].sort((a, b) => a - b).map((at) => scoreOf(at, breaks) ?? NaN)
        expect(scores).toEqual([...scores].sort((a, b) => b - a))
        // At most a fifth, ties apart, is left for the classes below each bound.
        for (const [at, bound] of breaks.entries()) {
          const above = days.filter((value) => value > bound).length
          expect(above).toBeLessThanOrEqual(days.length * (1 - (at + 1) / 5) + 1e-9)
        }
      }),
    )
  })
})

test('spend is banded by the average purchase of the chain, rounded to two digits', () => {
  expect(spendBreaks(123_456, 10)).toEqual([12_000, 24_000, 48_000, 96_000])
  expect(spendBreaks(123_999, 10)).toEqual(spendBreaks(123_456, 10))
  expect(spendBreaks(9900, 0)).toBeNull()
  expect(spendBreaks(-50, 3)).toBeNull() // More was given back than sold.
})
