// What is at stake: a closed month that changes after all, or a late fact that is told nowhere.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asClosed, emptyStatement, joined, refuseClose, wholeMonths } from './as-closed.ts'
import { dayFromCivil } from './calendar.ts'
import { freePeriod, monthOf, parsePeriod } from './period.ts'
import { carriedForward, emptySide, type Statement, type StatementSide } from './statement.ts'

const JULY = monthOf(dayFromCivil(2026, 7, 1))
const AUGUST = monthOf(JULY.to)
const MAY = dayFromCivil(2026, 5, 1)

function side(lines: Partial<StatementSide>): StatementSide {
  const open = { ...emptySide(), ...lines }
  return { ...open, closing: carriedForward(open) }
}

function both(lines: Partial<StatementSide>): Statement {
  return { customers: side(lines), value: side(lines) }
}

test('whole months are told from periods that cut one', () => {
  const starts = (text: string) => wholeMonths(parsePeriod(text) ?? JULY)
  expect(starts('2026-Q3')).toEqual([JULY.from, AUGUST.from, AUGUST.to])
  expect(starts('2026')).toHaveLength(12)
  expect(starts('2026-07-01..2026-08-31')).toEqual([JULY.from, AUGUST.from])
  expect(starts('2026-07-02..2026-08-31')).toBeNull()
  expect(starts('2026-07-01..2026-08-30')).toBeNull()
  expect(wholeMonths(freePeriod(JULY.from, JULY.from))).toBeNull()
  expect(starts('2026-W30')).toBeNull()
})

test('a late fact leaves the closed month as it stood and is a line of the next', () => {
  const july = both({ opening: 10, new: 4 }) // Closed at 14; two more became known afterwards.
  const august = both({ opening: 16, lost: 1 })
  expect(asClosed([july], null, emptyStatement())).toEqual(july)
  expect(asClosed([], august, july).customers).toEqual(side({ opening: 14, lost: 1, late: 2 }))
  expect(asClosed([july], august, emptyStatement()).customers).toEqual(
    side({ opening: 10, new: 4, lost: 1, late: 2 }),
  )
})

/** Months that follow on one another as they are known today, the first of them closed before. */
const histories = fc
  .array(
    fc.record({
      lines: fc.record({ new: fc.nat(9), lost: fc.nat(9), transfer_in: fc.nat(3) }),
      learnt: fc.integer({ min: -3, max: 3 }),
    }),
    { minLength: 2, maxLength: 8 },
  )
  .chain((months) => fc.tuple(fc.constant(months), fc.nat(months.length)))

test('whatever was learnt late, every view foots and months add up to their whole', () => {
  fc.assert(
    fc.property(histories, ([drawn, closedMonths]) => {
      const closed: Statement[] = []
      const open: Statement[] = []
      let [known, stood] = [0, 0]
      for (const [nth, { lines, learnt }] of drawn.entries()) {
        const restated = both({ opening: known, ...lines })
        known = restated.customers.closing
        // What the month was closed with lacks what was learnt since; it opened as one of before.
        const told = both({ ...lines, new: lines.new + learnt, opening: stood })
        if (nth < closedMonths) closed.push(told)
        else open.push(restated)
        stood = closed.at(-1)?.customers.closing ?? 0
      }
      const rest = open.length > 0 ? joined(open) : null
      const whole = asClosed(closed, rest, emptyStatement())
      expect(carriedForward(whole.customers)).toBe(whole.customers.closing)
      // Joined to one, the closed months say the same.
      if (closed.length > 0)
        expect(asClosed([joined(closed)], rest, emptyStatement())).toEqual(whole)
      const first = open[0]
      if (!first) return
      const after = asClosed([], first, closed.at(-1) ?? emptyStatement())
      expect(joined([...closed, after, ...open.slice(1)])).toEqual(whole)
      expect(whole.customers.closing).toBe(known)
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['2026-Q3', [], 'not-a-month'],
  ['2026-08', [], 'not-ended'],
  ['2026-06', [monthOf(JULY.from - 1).from], 'closed-already'],
  ['2026-07', [monthOf(JULY.from - 40).from], 'out-of-order'],
  ['2026-07', [monthOf(JULY.from - 1).from], null],
  ['2026-05', [], null],
  ['2026-06', [], 'out-of-order'],
] as const)('closing %s when %j are closed: %j', (text, closed, refusal) => {
  const month = parsePeriod(text)
  expect(month && refuseClose(month, closed, MAY, AUGUST.to - 1)).toBe(refusal)
})
