import { and, eq, isNotNull, or, type SQL } from 'drizzle-orm'
import { homeOn, homeSpans } from '#model/homes.ts'
import { holderOn } from '#model/merge.ts'
import type { HistoryRow } from '#model/visit.ts'
import type { Ledger } from './ledger.ts'

// History rows stand under the record that was named and in the book of its present home. Of most
// customers that is who came and where the home was; of those who moved, and of records that are
// or were one person with another, it is not. What a count of rows says of these is put right here.

/** So many people of one home more, or fewer. */
export interface Seen {
  home: string
  step: number
  people: number
}

interface Corrections {
  /** Visitors of stores and regions. */
  visitors: { scope: string; step: number; people: number }[]
  homes: Seen[]
}

type Row = Pick<HistoryRow, 'customer_id' | 'day' | 'region_id'> & {
  book: string
  at_store_id: string
}

async function readPeople(ledger: Ledger, days: SQL | undefined) {
  const { customer, history } = ledger.t
  const isApart = or(
    isNotNull(customer.homes),
    isNotNull(customer.merges),
    isNotNull(customer.absorbed),
  )
  const { id, store_id: home_store_id, homes, merges } = customer
  const people = await ledger.db
    .select({ id, home_store_id, homes, merges })
    .from(customer)
    .where(isApart)
  if (people.length === 0) return { people, rows: [] }
  const { customer_id, day, region_id, at_store_id, store_id: book } = history
  const isTheirs = and(eq(book, customer.store_id), eq(customer_id, customer.id))
  const rows: Row[] = await ledger.db
    .select({ customer_id, day, region_id, at_store_id, book })
    .from(customer)
    .innerJoin(history, isTheirs)
    .where(and(isApart, days))
  return { people, rows }
}

/** Distinct people by scope and home, each step by itself. */
class Tally {
  readonly #scopes = new Map<string, { scope: string; step: number }>()
  readonly #firsts = new Map<string, { step: number; row: Row; person: string }>()

  add(person: string, step: number, row: Row): void {
    for (const scope of [row.at_store_id, row.region_id])
      if (scope !== null) this.#scopes.set(`${person} ${step} ${scope}`, { scope, step })
    const key = `${person} ${step}`
    const first = this.#firsts.get(key)
    if (!first || row.day < first.row.day) this.#firsts.set(key, { step, row, person })
  }

  counted(people: 1 | -1, homeOf: (person: string, row: Row) => string): Corrections {
    return {
      visitors: [...this.#scopes.values()].map((one) => ({ ...one, people })),
      homes: [...this.#firsts.values()].map(({ step, row, person }) => {
        return { home: homeOf(person, row), step, people }
      }),
    }
  }
}

/**
 * What a count of the rows of some days is wrong by, so that each person counts once in a step, at
 * the home of the first day: what the rows say is taken off, and what is true put on.
 */
export async function movedAndMerged(
  ledger: Ledger,
  days: SQL | undefined,
  stepOf: (day: number) => number,
): Promise<Corrections> {
  const { people, rows } = await readPeople(ledger, days)
  const byId = new Map(people.map((one) => [one.id, one]))
  const mergesOf = (id: string) => byId.get(id)?.merges ?? null
  const [said, meant] = [new Tally(), new Tally()]
  for (const row of rows) {
    const step = stepOf(row.day)
    said.add(row.customer_id, step, row)
    meant.add(holderOn(row.customer_id, row.day, mergesOf), step, row)
  }
  const less = said.counted(-1, (_, { book }) => book)
  const more = meant.counted(1, (person, { book, day }) => {
    const one = byId.get(person)
    return one ? homeOn(homeSpans(one), day).store_id : book
  })
  return {
    visitors: [...less.visitors, ...more.visitors],
    homes: [...less.homes, ...more.homes],
  }
}
