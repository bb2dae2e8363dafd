import { YEAR_DAYS } from '../calendar.ts'
import type { HistoryRow } from '../visit.ts'
import { visitDaysUntil } from './visit-summary.ts'

// RFM: how recently, how frequently and with how much money a customer came. Each is scored 1 to 5,
// 5 being best; a group is a name for a region of the scores. Group names are those of Shopify's
// CustomerRfmGroup, which like us looks at R and the mean of F and M; the regions are our own.

export type Score = 1 | 2 | 3 | 4 | 5

/** Upper bounds of the classes 1st to 4th, each included, in ascending order. */
export type Breaks = readonly [number, number, number, number]

/** What the scores of one customer are made of, on some day. */
export interface RfmFacts {
  /** R: days since the last visit; null for somebody who never came. */
  daysSince: number | null
  /** F: visit days within 365 days. */
  visitDays: number
  /** M: spend within 365 days in minor units; null, and not 0, without a recorded sale. */
  spendMinor: number | null
}

/** What is compared within the chain; fixed for everybody scored on one day. */
export interface RfmBreaks {
  /** Quintiles of the days since the last visit; see `quintileBreaks`. */
  daysSince: Breaks
  /** Bands of spend in minor units, or null: then R and F alone decide. */
  spendMinor: Breaks | null
}

export interface RfmScores {
  r: Score | null
  f: Score | null
  m: Score | null
}

/**
 * Fixed, as most customers of a chain came once and quintiles would tear these apart at random:
 * 1, 2, 3 to 4, 5 to 8, 9 or more visit days in a year.
 */
export const FREQUENCY_BREAKS: Breaks = [1, 2, 4, 8]

const SCORES = [1, 2, 3, 4, 5] as const

/** The class of a value, 1 for the lowest; a value on a bound belongs below it. */
function classOf(value: number, breaks: Breaks): Score {
  return SCORES[breaks.findIndex((bound) => value <= bound)] ?? 5
}

const OPPOSITE: Record<Score, Score> = { 1: 5, 2: 4, 3: 3, 4: 2, 5: 1 }

/**
 * Quintile bounds by nearest rank, of values counted by value; null without any. Equal values fall
 * into one class, that of the lowest rank among them, so classes may be uneven, but never a
 * matter of chance. For R give the customers seen in the last 365 days: who stayed away longer
 * has the lowest score anyway, and would only blunt the others.
 */
export function quintileBreaksOfCounts(counts: ReadonlyMap<number, number>): Breaks | null {
  const sorted = [...counts].filter(([, n]) => n > 0).sort(([a], [b]) => a - b)
  const total = sorted.reduce((sum, [, n]) => sum + n, 0)
  const bound = (fifths: number) => {
    let passed = 0
    return sorted.find(([, n]) => (passed += n) >= Math.ceil((fifths * total) / 5))?.[0]
  }
  const [first, second, third, fourth] = [bound(1), bound(2), bound(3), bound(4)]
  if (first === undefined || second === undefined) return null
  if (third === undefined || fourth === undefined) return null
  return [first, second, third, fourth]
}

/** The same of values in any order. */
export function quintileBreaks(values: readonly number[]): Breaks | null {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return quintileBreaksOfCounts(counts)
}

const SPEND_DIGITS = 2

/**
 * Bands of M that match those of F: the spend of 1, 2, 4 and 8 average purchases of the chain, each
 * of `spendMinor` over `sales` rounded to two digits, so that a day's sales do not move everybody.
 * Null without sales.
 */
export function spendBreaks(spendMinor: number, sales: number): Breaks | null {
  if (sales <= 0 || spendMinor <= 0) return null
  const average = Math.round(Number((spendMinor / sales).toPrecision(SPEND_DIGITS)))
  const [one, two, four, eight] = FREQUENCY_BREAKS
  return [one * average, two * average, four * average, eight * average]
}

/** The facts at the end of `today`; `history` in any order, one row per day and store. */
export function rfmFacts(
  history: readonly Pick<HistoryRow, 'day' | 'sales' | 'spend_minor'>[],
  today: number,
): RfmFacts {
  const visitDays = visitDaysUntil(
    history.map(({ day }) => day),
    today,
  )
  const last = visitDays.at(-1)
  const isInYear = (day: number) => day > today - YEAR_DAYS && day <= today
  const sold = history.filter(({ day, sales }) => isInYear(day) && sales > 0)
  return {
    daysSince: last === undefined ? null : today - last,
    visitDays: visitDays.filter(isInYear).length,
    spendMinor: sold.length === 0 ? null : sold.reduce((sum, row) => sum + row.spend_minor, 0),
  }
}

/** The scores of one customer; all null for somebody who never came, `m` where spend is unknown. */
export function rfmScores(facts: RfmFacts, breaks: RfmBreaks): RfmScores {
  const { daysSince, visitDays, spendMinor } = facts
  if (daysSince === null) return { r: null, f: null, m: null }
  return {
    r: daysSince >= YEAR_DAYS ? 1 : OPPOSITE[classOf(daysSince, breaks.daysSince)],
    f: classOf(visitDays, FREQUENCY_BREAKS),
    m: spendMinor === null || !breaks.spendMinor ? null : classOf(spendMinor, breaks.spendMinor),
  }
}

/** FM: the mean of F and M, or F alone where spend is unknown. From 1 to 5, in halves. */
export function frequencyAndMoney({ f, m }: RfmScores): number | null {
  return f === null || m === null ? f : (f + m) / 2
}
