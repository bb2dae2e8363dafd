import type { Days } from './days.ts'
import { homeOn, type HomeSpan } from './homes.ts'
import type { Stay, TrailingSpend } from './movements.ts'

// What one customer is worth in the books of their homes, in spend of the 12 months before (minor
// units): step by step, and told of a period. The figures are sums of these steps, so whoever
// stands behind a line of value is found by the same ones.

/** Days [day, end) of one stay and one home on which a customer is worth the same. */
interface ValueStep {
  store_id: string
  day: number
  end: number
  value: number
  /** By how much more than the day before; 0 on the first day of a stay, which is a movement. */
  change: number
}

/** The steps of one stay, in the order of time. */
export function valueSteps(
  homes: readonly HomeSpan[],
  { from, to }: Stay,
  spend: TrailingSpend,
): ValueStep[] {
  const moves = homes.map((home) => home.to).filter((day) => day > from && day < to)
  const days = [from, ...spend.changesWithin(from, to), ...moves].sort((a, b) => a - b)
  const steps: ValueStep[] = []
  let before = 0
  for (const [index, day] of days.entries()) {
    if (day === days[index - 1]) continue
    const value = spend.at(day)
    const end = days.slice(index + 1).find((next) => next > day) ?? to
    const change = day === from ? 0 : value - before
    steps.push({ store_id: homeOn(homes, day).store_id, day, end, value, change })
    before = value
  }
  return steps
}

/**
 * An unbroken time in which a customer counted in one book, as a period sees it. What they were
 * worth before, with what grew and less what shrank, is what they were worth after.
 */
export interface Tenure {
  /** The first day on which they counted there; may lie before the period. */
  since: number
  /** The day from which on they did not, if that lies within the period; else null. */
  until: number | null
  /** As the period opened, or as they came. */
  before_minor: number
  /** What the steps within the period add up to, upwards and downwards. */
  grew_minor: number
  shrank_minor: number
  /** As the period closed, or as they went. */
  after_minor: number
}

/** Lines of a store's statement with customers behind them, but no movements. */
export const TENURE_LINES = ['opening', 'closing', 'expanded', 'contracted'] as const
export type TenureLine = (typeof TENURE_LINES)[number]

/** The tenures in a store's book that touch the days [from, to) or the day before them. */
export function tenuresOf(
  homes: readonly HomeSpan[],
  stays: readonly Stay[],
  spend: TrailingSpend,
  storeId: string,
  [from, to]: Days,
): Tenure[] {
  return stays.flatMap((stay) => {
    const steps = valueSteps(homes, stay, spend)
    return homes.flatMap((home): Tenure[] => {
      const since = Math.max(stay.from, home.from)
      const end = Math.min(stay.to, home.to)
      const isOne = home.store_id === storeId && since < end && since < to && end >= from
      if (!isOne) return []
      // Whoever moves brings along what they were worth on the day before.
      const came = since === stay.from ? since : since - 1
      const own = steps.filter(({ day }) => day >= Math.max(since, from) && day < Math.min(end, to))
      const sum = (sign: 1 | -1) =>
        own.reduce((total, { change }) => total + (change * sign > 0 ? change : 0), 0)
      return [
        {
          since,
          until: end < to ? end : null,
          before_minor: spend.at(since < from ? from - 1 : came),
          grew_minor: sum(1),
          shrank_minor: sum(-1),
          after_minor: spend.at(Math.min(end, to) - 1),
        },
      ]
    })
  })
}
