import { eq, sql } from 'drizzle-orm'
import { linkedCopy, rowOfCustomer } from '#model/customer.ts'
import { CHAIN } from '#model/id.ts'
import { isReference } from '#model/kinds.ts'
import { must } from '#model/assert.ts'
import { rowOfRecord } from '#model/reference.ts'
import type { StampedVisit } from '#model/apply.ts'
import { type HistoryRow, historyRowId, type Visit } from '#model/visit.ts'
import type { HistoryChange } from './derive.ts'
import type { Db } from './engine.ts'
import { noteHead } from './heads.ts'
import { keptQuery } from './kept-query.ts'
import type { Ledger } from './ledger.ts'
import { recordsOf } from './merge.ts'
import { upsertRows } from './rows.ts'
import { nameKeyOf, type Work } from './work.ts'

/** Linked copies of one customer at most; the link that was used longest ago ends first. */
export const LINKS_MAX = 10

interface Put {
  kind: string
  state: 'put' | 'leave' | 'gone'
  body: Record<string, unknown> | null
}

/** Feed rows that a batch writes, per feed and record; a record's last word counts. */
export class Feeds {
  readonly feeds = new Map<string, Map<string, Put>>()

  put(feed: string, id: string, kind: string, body: object): void {
    this.write(feed, id, { kind, state: 'put', body: { ...body } })
  }

  end(feed: string, id: string, kind: string, state: 'leave' | 'gone'): void {
    this.write(feed, id, { kind, state, body: null })
  }

  private write(feed: string, id: string, put: Put): void {
    const rows = this.feeds.get(feed)
    if (rows) rows.set(id, put)
    else this.feeds.set(feed, new Map([[id, put]]))
  }
}

export function visitRow({ stamps: _stamps, ...visit }: StampedVisit): Visit {
  return visit
}

/** Links earned by this batch: those that are new, and those that must end to make room. */
export interface LinkChange {
  customer_id: string
  home: string
  store_id: string
  last_day: number
  state: 'new' | 'kept' | 'ended'
}

export function changeLinks(work: Work): LinkChange[] {
  const changes = new Map<string, LinkChange>()
  for (const { customer_id, store_id, day } of work.touches) {
    const home = must(work.customers.get(customer_id), 'a touched customer').home_store_id
    let links = work.links.get(customer_id)
    if (!links) work.links.set(customer_id, (links = new Map()))
    if (store_id === home) continue // It moved there in this batch.
    const key = `${customer_id}|${store_id}`
    const last = links.get(store_id)
    const isNew = last === undefined || changes.get(key)?.state === 'new'
    const last_day = Math.max(day, last ?? day)
    links.set(store_id, last_day)
    changes.set(key, { customer_id, home, store_id, last_day, state: isNew ? 'new' : 'kept' })
  }
  for (const customerId of new Set(work.touches.map((touch) => touch.customer_id)))
    endOldest(work, customerId, changes)
  return [...changes.values()]
}

/** A store that gives a person back gives back the records that are part of theirs. */
function endOldest(work: Work, customerId: string, changes: Map<string, LinkChange>): void {
  const links = must(work.links.get(customerId), 'links of a touched customer')
  const customer = must(work.customers.get(customerId), 'a touched customer')
  const oldest = [...links].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))
  for (const [store_id] of oldest.slice(0, Math.max(0, links.size - LINKS_MAX)))
    for (const { id, home_store_id: home } of recordsOf(work, customer)) {
      const last_day = work.links.get(id)?.get(store_id)
      if (last_day === undefined) continue
      work.links.get(id)?.delete(store_id)
      const change = { customer_id: id, home, store_id, last_day, state: 'ended' as const }
      changes.set(`${id}|${store_id}`, change)
    }
}

function putCustomers(work: Work, feeds: Feeds, links: readonly LinkChange[]): void {
  const fresh = Map.groupBy(
    links.filter((link) => link.state === 'new'),
    (link) => link.customer_id,
  )
  const changed = new Set([...work.customers.changes().map(([id]) => id), ...fresh.keys()])
  for (const id of changed) {
    const customer = must(work.customers.get(id), 'a changed customer')
    const row = rowOfCustomer(customer, nameKeyOf(work, customer.name))
    if (work.customers.before(id) !== customer) feeds.put(row.home_store_id, id, 'customer', row)
    for (const store of work.links.get(id)?.keys() ?? [])
      feeds.put(store, id, 'customer', linkedCopy(row))
  }
}

function putHistory(
  work: Work,
  feeds: Feeds,
  changes: readonly HistoryChange[],
  links: readonly LinkChange[],
): void {
  const send = (feed: string, row: HistoryRow, isGone: boolean) => {
    if (feed === row.store_id) return // A store knows its own visits as visits.
    if (isGone) feeds.end(feed, historyRowId(row), 'history', 'gone')
    else feeds.put(feed, historyRowId(row), 'history', row)
  }
  for (const { customer_id, home, before, row } of changes) {
    const shown = row ?? before
    if (!shown) continue
    for (const feed of [home, ...(work.links.get(customer_id)?.keys() ?? [])])
      send(feed, shown, row === null)
  }
  const changesOf = Map.groupBy(changes, (change) => change.customer_id)
  for (const { customer_id, store_id, state } of links) {
    if (state === 'kept') continue
    const past = new Map(work.history.get(customer_id) ?? [])
    for (const { key, row } of changesOf.get(customer_id) ?? [])
      if (row) past.set(key, row)
      else past.delete(key)
    for (const row of past.values())
      if (state === 'new') send(store_id, row, false)
      else if (row.store_id !== store_id) feeds.end(store_id, historyRowId(row), 'history', 'leave')
    if (state === 'ended') feeds.end(store_id, customer_id, 'customer', 'leave')
  }
}

/** What was decided, and what was lost, is for the store's devices; the desk asks for it. */
function putDecided(work: Work, feeds: Feeds): void {
  for (const [id, { store_id, ...decision }] of work.decisions.changes())
    if (store_id !== CHAIN) feeds.put(store_id, id, 'decision', decision)
  for (const [id, loss] of work.losses.changes()) feeds.put(loss.store_id, id, 'loss', loss)
}

/** Everything that devices must hear of after this batch. */
export function feedsOf(
  work: Work,
  changes: readonly HistoryChange[],
  links: readonly LinkChange[],
): Feeds {
  const feeds = new Feeds()
  for (const [id, record] of work.references.changes())
    if (isReference(record.kind)) feeds.put(CHAIN, id, record.kind, rowOfRecord(record))
  for (const [, visit] of work.visits.changes())
    feeds.put(visit.store_id, visit.id, 'visit', visitRow(visit))
  putCustomers(work, feeds, links)
  putHistory(work, feeds, changes, links)
  putDecided(work, feeds)
  return feeds
}

/**
 * Bumps each touched head once, in sorted order, and stamps the rows. The head stays locked until
 * the commit, so numbers appear in the order of commits and a reader never skips a row. `at` is
 * the server's time, by which tombstones end.
 */
export async function writeFeeds(ledger: Ledger, db: Db, feeds: Feeds, at: number): Promise<void> {
  const { feedRow } = ledger.t
  for (const [store_id, rows] of [...feeds.feeds].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const bump = { store_id, seq: rows.size, epoch: ledger.ports.uuid() }
    const [head] = await bumpHead(ledger, db, bump)
    const { seq: last } = must(head, 'a bumped head')
    noteHead(db, store_id, last)
    let seq = last - rows.size
    const stamped = [...rows].map(([id, put]) => ({ store_id, id, seq: ++seq, ...put, at }))
    await upsertRows(db, feedRow, ['store_id', 'id'], stamped)
  }
}

/** The head of a feed, or null while nothing was ever written to it. */
export async function headOf(ledger: Ledger, db: Db, storeId: string) {
  const [head] = await selectHead(ledger, db, { storeId })
  return head ?? null
}

const selectHead = keptQuery(({ t: { feedHead } }, db, { storeId }: { storeId: string }) =>
  db.select().from(feedHead).where(eq(feedHead.store_id, storeId)),
)

const bumpHead = keptQuery(
  ({ t: { feedHead } }, db, head: { store_id: string; seq: number; epoch: string }) =>
    db
      .insert(feedHead)
      .values({ ...head, floor: 0 })
      .onConflictDoUpdate({
        target: feedHead.store_id,
        set: { seq: sql`${feedHead.seq} + excluded.seq` },
      })
      .returning({ seq: feedHead.seq }),
)
