import type { Days } from './days.ts'
import { homeOn, type HomeSpan } from './homes.ts'
import type { HistoryRow } from './visit.ts'

// Who came, went and moved: the rows that the customer asset statement 客户资产表 is the sum of.
// They are a pure function of one customer's facts, like every figure, and dated in advance: who
// does not come back is lost on a day that is known today. Within one day, erased goes before
// merged, that before lost, that before a move, and that before new or reactivated.

export const MOVEMENT_KINDS = [
  'new',
  'reactivated',
  'transfer_in',
  'lost',
  'transfer_out',
  'merged',
  'unmerged',
  'erased',
] as const
export type MovementKind = (typeof MOVEMENT_KINDS)[number]

/** Days of spend that a customer is valued by. */
export const VALUE_WINDOW_DAYS = 365

export interface Movement {
  /** The book that it stands in: the home that somebody came to or left. */
  store_id: string
  kind: MovementKind
  /** Which of its kind in this customer's life and this book, from 0. */
  no: number
  day: number
  /** The other store of a move; null otherwise. */
  counterparty: string | null
  /** Spend of the 12 months before, in minor units: after the day for who came, before it else. */
  value_minor: number
}

/** A time in which a customer counted: how it began, and how it ended. */
export interface Stay {
  from: number
  to: number
  began: MovementKind
  ended: MovementKind
}

/** Spend of the 365 days up to and including a day. Rows in any order. */
export class TrailingSpend {
  readonly #days: number[] = []
  readonly #sums: number[] = []

  constructor(history: readonly HistoryRow[]) {
    const byDay = new Map<number, number>()
    for (const { day, spend_minor } of history)
      if (spend_minor !== 0) byDay.set(day, (byDay.get(day) ?? 0) + spend_minor)
    let sum = 0
    for (const day of [...byDay.keys()].sort((a, b) => a - b)) {
      sum += byDay.get(day) ?? 0
      this.#days.push(day)
      this.#sums.push(sum)
    }
  }

  get isNone(): boolean {
    return this.#days.length === 0
  }

  at(day: number): number {
    return this.#upTo(day) - this.#upTo(day - VALUE_WINDOW_DAYS)
  }

  /** The days within (from, to) on which it changes, in order. */
  changesWithin(from: number, to: number): number[] {
    const days = new Set<number>()
    for (const day of this.#days)
      for (const change of [day, day + VALUE_WINDOW_DAYS])
        if (change > from && change < to) days.add(change)
    return [...days].sort((a, b) => a - b)
  }

  #upTo(day: number): number {
    let [low, high] = [0, this.#days.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#days[middle] ?? Infinity) <= day) low = middle + 1
      else high = middle
    }
    return this.#sums[low - 1] ?? 0
  }
}

/**
 * The stays of a customer from the days on which visits keep them: whoever was erased leaves for
 * good, whoever was merged into another leaves until that is undone.
 */
export function staysOf(
  active: readonly Days[],
  erasedOn: number | null,
  merged: readonly Days[],
): Stay[] {
  return active
    .map(([from, to], index): Stay => {
      const isErased = erasedOn !== null && erasedOn < to
      const end = isErased ? Math.max(from, erasedOn) : to
      const began = index === 0 ? 'new' : 'reactivated'
      return { from, to: end, began, ended: isErased ? 'erased' : 'lost' }
    })
    .flatMap((stay) => withoutMerged(stay, merged))
}

function withoutMerged(stay: Stay, merged: readonly Days[]): Stay[] {
  const stays: Stay[] = []
  let left: Stay | null = stay
  for (const [from, to] of merged) {
    if (!left || to <= left.from || from >= left.to) continue
    if (from > left.from) stays.push({ ...left, to: from, ended: 'merged' })
    left = to < left.to ? { ...left, from: to, began: 'unmerged' } : null
  }
  return left ? [...stays, left] : stays
}

/** All movements of one customer, in the order of time. */
export function movementsOf(
  stays: readonly Stay[],
  homes: readonly HomeSpan[],
  spend: TrailingSpend,
): Movement[] {
  const movements: Movement[] = []
  const numbers = new Map<string, number>()
  const add = (
    home: HomeSpan,
    kind: MovementKind,
    day: number,
    value_minor: number,
    other: HomeSpan | null = null,
  ) => {
    const key = `${home.store_id}|${kind}`
    const no = numbers.get(key) ?? 0
    numbers.set(key, no + 1)
    const counterparty = other?.store_id ?? null
    movements.push({ store_id: home.store_id, kind, no, day, counterparty, value_minor })
  }
  for (const { from, to, began, ended } of stays) {
    const last = Math.max(from, to - 1)
    add(homeOn(homes, from), began, from, spend.at(from))
    for (const [index, home] of homes.entries()) {
      const next = homes[index + 1]
      if (!next || home.to <= from || home.to >= to) continue
      const value = spend.at(home.to - 1)
      add(home, 'transfer_out', home.to, value, next)
      add(next, 'transfer_in', home.to, value, home)
    }
    add(homeOn(homes, last), ended, to, spend.at(last))
  }
  return movements
}

/** The flow that a movement counts for. A move names its other side: within a region it is none. */
export function flowOf({ kind, counterparty }: Movement): string {
  return counterparty === null ? kind : `${kind}:${counterparty}`
}

/**
 * A movement that has to be written, or (`day` null) taken away. `was` is the number under which
 * the very same one stood before: a late fact that comes before it gives it another.
 */
export type MovementChange = Omit<Movement, 'day'> & { day: number | null; was: number | null }

function keyOf({ store_id, kind, no }: Movement): string {
  return `${store_id}|${kind}|${no}`
}

/** All of a movement that a reader sees: everything but its number. */
function saysSame(one: Movement, other: Movement): boolean {
  return (
    one.day === other.day &&
    one.kind === other.kind &&
    one.store_id === other.store_id &&
    one.counterparty === other.counterparty &&
    one.value_minor === other.value_minor
  )
}

/** What to write so that the movements of before become those of after. */
export function movementChanges(
  before: readonly Movement[],
  after: readonly Movement[],
): MovementChange[] {
  const known = new Map(before.map((movement) => [keyOf(movement), movement]))
  const changes: MovementChange[] = []
  for (const movement of after) {
    const at = known.get(keyOf(movement))
    known.delete(keyOf(movement))
    if (at && saysSame(at, movement)) continue
    const same = before.find((one) => saysSame(one, movement))
    changes.push({ ...movement, was: same?.no ?? null })
  }
  return [...changes, ...[...known.values()].map((gone) => ({ ...gone, day: null, was: null }))]
}
