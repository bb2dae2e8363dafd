import { and, eq } from 'drizzle-orm'
import { canonicalJson } from '#model/canonical.ts'
import { linkedCopy, rowOfCustomer, type Tagging } from '#model/customer.ts'
import { historyRowId } from '#model/visit.ts'
import { visitRow } from './feeds.ts'
import type { Ledger } from './ledger.ts'
import { customerOfColumns, historyOfColumns } from './load-customers.ts'

// What stands in the feeds of stores must be what their scope demands: customers of the home,
// linked copies without notes, history of other stores, the store's own visits, nobody erased; and
// with a record the one that it is part of.

type Bodies = Map<string, string>

/** Taggings are a set: a feed's row has them in the order of their arrival. */
function textOf(body: object): string {
  const { taggings, ...row } = body as { taggings?: Tagging[] }
  const byDot = taggings?.toSorted((a, b) => (a.dot < b.dot ? -1 : 1))
  return canonicalJson({ ...row, taggings: byDot })
}

function put(bodies: Bodies, feed: string, id: string, body: object): void {
  bodies.set(`${feed} ${id}`, textOf(body))
}

async function taggingsByCustomer(ledger: Ledger): Promise<Map<string, Tagging[]>> {
  const { tagging } = ledger.t
  const rows = await ledger.db.select().from(tagging).orderBy(tagging.customer_id, tagging.dot)
  const grouped = Map.groupBy(rows, (row) => row.customer_id)
  return new Map(
    [...grouped].map(([id, all]) => [
      id,
      all.map(({ store_id: _home, customer_id: _id, ...tagging }) => tagging),
    ]),
  )
}

/** Rows that every store's feed must hold, by feed and record, derived from the records alone. */
async function demanded(ledger: Ledger): Promise<Bodies> {
  const { customer, customerLink, history, visit } = ledger.t
  const bodies: Bodies = new Map()
  const taggings = await taggingsByCustomer(ledger)
  const links = Map.groupBy(await ledger.db.select().from(customerLink), (row) => row.customer_id)
  const past = Map.groupBy(await ledger.db.select().from(history), (row) => row.customer_id)
  const erased = new Set<string>()
  for (const columns of await ledger.db.select().from(customer)) {
    const { id, store_id: home, pinyin, initials, erased_on } = columns
    if (erased_on !== null) {
      erased.add(id)
      continue
    }
    const whole = customerOfColumns(columns, taggings.get(id) ?? [])
    const row = rowOfCustomer(whole, { pinyin, initials })
    const linked = (links.get(id) ?? []).map((link) => link.linked_store_id)
    put(bodies, home, id, row)
    for (const store of linked) put(bodies, store, id, linkedCopy(row))
    for (const day of (past.get(id) ?? []).map(historyOfColumns))
      for (const store of [home, ...linked])
        if (store !== day.store_id) put(bodies, store, historyRowId(day), day)
  }
  for (const one of await ledger.db.select().from(visit))
    if (one.customer_id === null || !erased.has(one.customer_id))
      put(bodies, one.store_id, one.id, visitRow(one))
  return bodies
}

/** Records in a feed that are part of one which is not. */
async function partFaults(ledger: Ledger): Promise<string[]> {
  const { feedRow, customer } = ledger.t
  const isHere = and(eq(feedRow.kind, 'customer'), eq(feedRow.state, 'put'))
  const rows = await ledger.db.select().from(feedRow).where(isHere)
  const known = new Set(rows.map(({ store_id, id }) => `${store_id} ${id}`))
  const people = await ledger.db.select().from(customer)
  const intoOf = new Map(people.map(({ id, merged_into }) => [id, merged_into]))
  return rows.flatMap(({ store_id, id }) => {
    const into = intoOf.get(id) ?? null
    const isWhole = into === null || known.has(`${store_id} ${into}`)
    return isWhole ? [] : [`customer ${store_id} ${id} is without ${into}, which it is part of`]
  })
}

/** Where feeds and scope differ: rows that are missing, too many or of another text. */
export async function scopeFaults(ledger: Ledger): Promise<string[]> {
  const wanted = await demanded(ledger)
  const faults: string[] = []
  for (const { store_id, id, kind, state, body } of await ledger.db
    .select()
    .from(ledger.t.feedRow)) {
    if (!['customer', 'history', 'visit'].includes(kind) || state !== 'put') continue
    const key = `${store_id} ${id}`
    const should = wanted.get(key)
    wanted.delete(key)
    if (should === undefined) faults.push(`${kind} ${key} is not for this store`)
    else if (should !== textOf(body ?? {})) faults.push(`${kind} ${key} is another`)
  }
  const missing = [...wanted.keys()].map((key) => `${key} is missing`)
  return [...faults, ...missing, ...(await partFaults(ledger))].sort()
}
