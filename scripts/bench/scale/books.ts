// The facts of some stores as rows of their books: what a rebuild counts figures from.
import { DAY_MS } from '#model/calendar.ts'
import type { Ledger } from '#sql/ledger.ts'
import { insertRows } from '#sql/rows.ts'
import { factsOfStore, type ScaleChain, type StoreFacts } from './chain.ts'

type Tables = Ledger['t']
type CustomerColumns = Tables['customer']['$inferInsert']
type VisitColumns = Tables['visit']['$inferInsert']
type HistoryColumns = Tables['history']['$inferInsert']

function customerRows(store_id: string, { customers }: StoreFacts, by: string): CustomerColumns[] {
  const nobody = {
    ...{ pinyin: 'zhang wei', initials: 'zw', phone: null, phone_alt: null, card: null },
    ...{ email: null, birthday: null, gender: null, tier: null, note: null, attributes: null },
    ...{ consents: [], stamps: {}, search: 'zhang wei', homes: null, erased_on: null },
  }
  return customers.map(({ id, history }) => {
    const created_at = history[0]?.first_at ?? 0
    return { ...nobody, store_id, id, created_at, created_by: by, name: '张伟' }
  })
}

function visitRows(
  store_id: string,
  facts: StoreFacts,
  by: string,
  uuid: () => string,
): VisitColumns[] {
  const plain = { need: null, items: null, note: null, receipt: null, void: false, stamps: {} }
  const buy = { ...plain, purpose: 'buy' as const, actor_id: by }
  const identified = facts.customers.flatMap(({ id, home, history }) =>
    history.map((row): VisitColumns => {
      const { store_id: at_store, day, first_at: at, sales, spend_minor } = row
      const spent = sales > 0 ? spend_minor : null
      const who = { customer_id: id, home_store_id: home, count: 1, spend_minor: spent }
      return { ...buy, ...who, store_id: at_store, id: uuid(), at, day }
    }),
  )
  const tallies = facts.tallies.map(({ day, count }): VisitColumns => {
    const who = { customer_id: null, home_store_id: null, count, spend_minor: null }
    return { ...buy, ...who, store_id, id: uuid(), at: day * DAY_MS + DAY_MS / 6, day }
  })
  return [...identified, ...tallies]
}

function historyRows(store_id: string, { customers }: StoreFacts): HistoryColumns[] {
  return customers.flatMap(({ history }) =>
    history.map(({ store_id: at_store_id, ...row }) => ({ ...row, store_id, at_store_id })),
  )
}

/** Writes the facts of the stores with these places in the chain; no figure follows by itself. */
export async function loadBooks(
  ledger: Ledger,
  chain: ScaleChain,
  places: readonly number[],
): Promise<number> {
  const { customer, visit, history, tagging } = ledger.t
  let visits = 0
  for (const nth of places) {
    const store = chain.stores[nth]
    if (!store) continue
    const facts = factsOfStore(chain, nth)
    const rows = visitRows(store.id, facts, store.clerk, ledger.ports.uuid)
    const tags = facts.customers.flatMap(({ id, tagged }) =>
      tagged.map(({ from }) => {
        const at = from * DAY_MS + DAY_MS / 6
        const what = { tag_id: chain.tag, source: 'staff' as const, by: store.clerk, off_at: null }
        return { ...what, store_id: store.id, customer_id: id, dot: ledger.ports.uuid(), at }
      }),
    )
    visits += rows.length
    await ledger.tx(async (db) => {
      await insertRows(db, customer, customerRows(store.id, facts, store.clerk))
      await insertRows(db, visit, rows)
      await insertRows(db, history, historyRows(store.id, facts))
      await insertRows(db, tagging, tags)
    })
  }
  return visits
}
