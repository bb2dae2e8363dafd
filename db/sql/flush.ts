import { and, eq } from 'drizzle-orm'
import type { Customer } from '#model/customer.ts'
import { must } from '#model/assert.ts'
import { parseFigureKey } from '#model/figures.ts'
import { digitsOf } from '#model/phone.ts'
import { searchText } from '#model/search-text.ts'
import type { HistoryChange } from './derive.ts'
import type { Db } from './engine.ts'
import type { LinkChange } from './feeds.ts'
import { keptOps } from './forgotten.ts'
import type { Ledger } from './ledger.ts'
import { saveReferences } from './reference.ts'
import { addRows, insertNew, insertRows, upsertRows } from './rows.ts'
import { nameKeyOf, type Verdict, type Work } from './work.ts'

// Writes what a batch changed, in multi-row statements sorted by key. The heads come last and
// elsewhere; everything here is in the same transaction.

function byKey<T>(keyOf: (row: T) => string) {
  return (a: T, b: T) => (keyOf(a) < keyOf(b) ? -1 : 1)
}

export async function writeOps(work: Work, verdicts: readonly Verdict[], deviceBook: string) {
  const { op, opSeen, quarantine } = work.ledger.t
  const device_id = work.session.device_id
  const kept = await keptOps(work, verdicts, deviceBook)
  const rows = verdicts.map(({ item, status, refusal }) => ({
    store_id: deviceBook,
    device_id,
    n: item.op.n,
    op_id: item.op.op_id,
    effective_at: item.at,
    received_at: item.received_at,
    status,
    reason: refusal?.reason ?? null,
    detail: refusal?.detail ?? null,
    ...must(kept.get(item.op.n), 'what is kept of an op'),
  }))
  await insertRows(work.db, op, rows)
  const seen = verdicts.flatMap(({ item, status, refusal }) =>
    status === 'dup'
      ? []
      : [
          {
            store_id: item.op.store_id,
            op_id: item.op.op_id,
            status,
            reason: refusal?.reason ?? null,
          },
        ],
  )
  await insertRows(work.db, opSeen, seen)
  const refused = rows
    .filter((row) => row.status === 'quarantined')
    .map(({ effective_at: _at, status: _status, erased_hash: _hash, ...row }) => ({
      ...row,
      reason: row.reason ?? 'fault',
      state: 'open' as const,
    }))
  await insertNew(work.db, quarantine, refused)
}

function customerColumns(work: Work, customer: Customer) {
  const { home_store_id, taggings: _taggings, ...kept } = customer
  const key = nameKeyOf(work, customer.name)
  const entry = { ...kept, ...key, home_store_id }
  return { ...kept, ...key, store_id: home_store_id, search: searchText(entry) }
}

async function writeTaggings(work: Work, customers: readonly [string, Customer][]) {
  const rows = customers.flatMap(([id, customer]) => {
    const before = work.customers.before(id)?.taggings ?? []
    return customer.taggings
      .filter((tagging) => !before.includes(tagging))
      .map((tagging) => ({ ...tagging, store_id: customer.home_store_id, customer_id: id }))
  })
  await upsertRows(work.db, work.ledger.t.tagging, ['store_id', 'customer_id', 'dot'], rows)
}

function phonesOf(customer: Customer | undefined): string[] {
  return [customer?.phone, customer?.phone_alt].flatMap((phone) => (phone ? [digitsOf(phone)] : []))
}

async function writePhones(work: Work, customers: readonly [string, Customer][]) {
  const { phoneDirectory } = work.ledger.t
  const { sha256 } = work.ledger.ports
  const added = new Map<string, { phone_hash: string; store_id: string; customer_id: string }>()
  for (const [id, customer] of customers) {
    const before = phonesOf(work.customers.before(id))
    const after = phonesOf(customer)
    const store_id = customer.home_store_id
    for (const digits of after.filter((phone) => !before.includes(phone)))
      added.set(`${digits}|${id}`, { phone_hash: sha256(digits), store_id, customer_id: id })
    for (const digits of before.filter((phone) => !after.includes(phone)))
      await work.db
        .delete(phoneDirectory)
        .where(
          and(
            eq(phoneDirectory.phone_hash, sha256(digits)),
            eq(phoneDirectory.store_id, store_id),
            eq(phoneDirectory.customer_id, id),
          ),
        )
  }
  await insertNew(work.db, phoneDirectory, [...added.values()].sort(byKey((r) => r.phone_hash)))
}

/** Writes history rows that changed in the books of their homes. */
export async function writeHistory(
  ledger: Ledger,
  db: Db,
  changes: readonly Omit<HistoryChange, 'key'>[],
): Promise<void> {
  const { history } = ledger.t
  const rows = changes
    .flatMap(({ home, row }) => {
      if (!row) return []
      const { store_id, ...kept } = row
      return [{ ...kept, store_id: home, at_store_id: store_id }]
    })
    .sort(byKey((row) => `${row.store_id}|${row.customer_id}`))
  await upsertRows(db, history, ['store_id', 'customer_id', 'day', 'at_store_id'], rows)
  for (const { home, customer_id, before, row } of changes)
    if (!row && before)
      await db
        .delete(history)
        .where(
          and(
            eq(history.store_id, home),
            eq(history.customer_id, customer_id),
            eq(history.day, before.day),
            eq(history.at_store_id, before.store_id),
          ),
        )
}

async function writeLinks(work: Work, links: readonly LinkChange[]): Promise<void> {
  const { customerLink } = work.ledger.t
  const kept = links
    .filter((link) => link.state !== 'ended')
    .map(({ home, customer_id, store_id, last_day }) => ({
      store_id: home,
      customer_id,
      linked_store_id: store_id,
      last_day,
    }))
  await upsertRows(work.db, customerLink, ['store_id', 'customer_id', 'linked_store_id'], kept)
  for (const { home, customer_id, store_id } of links.filter((link) => link.state === 'ended'))
    await work.db
      .delete(customerLink)
      .where(
        and(
          eq(customerLink.store_id, home),
          eq(customerLink.customer_id, customer_id),
          eq(customerLink.linked_store_id, store_id),
        ),
      )
}

async function writeFigures(work: Work): Promise<void> {
  const { metricDay, metricMonth, dirtyDay } = work.ledger.t
  const key = ['store_id', 'scope', 'day', 'metric'] as const
  for (const [store_id, figures] of [...work.figures].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const rows = [...figures]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([text, value]) => ({ ...parseFigureKey(text), store_id, value, rolled: 0 }))
    const days = rows.filter((row) => row.table === 'd').map(({ table: _t, ...row }) => row)
    const months = rows.filter((row) => row.table === 'm').map(({ table: _t, ...row }) => row)
    await addRows(work.db, metricDay, key, days)
    await addRows(work.db, metricMonth, key, months)
    const dirty = new Map(
      rows.map(({ table, day }) => [`${table}|${day}`, { store_id, table, day }]),
    )
    await insertNew(work.db, dirtyDay, [...dirty.values()])
  }
}

/** Writes records, history, links and figures. Ops and feeds are written by their own functions. */
export async function writeRecords(
  work: Work,
  changes: readonly HistoryChange[],
  links: readonly LinkChange[],
): Promise<void> {
  const { customer, visit } = work.ledger.t
  await saveReferences(
    work.ledger,
    work.db,
    work.references.changes().map(([, record]) => record),
  )
  const customers = work.customers.changes().sort(byKey(([id]) => id))
  const columns = customers.map(([, changed]) => customerColumns(work, changed))
  await upsertRows(work.db, customer, ['store_id', 'id'], columns)
  await writeTaggings(work, customers)
  await writePhones(work, customers)
  const visits = work.visits.changes().map(([, changed]) => changed)
  await upsertRows(work.db, visit, ['store_id', 'id'], visits.sort(byKey((v) => v.id)))
  await writeHistory(work.ledger, work.db, changes)
  await writeLinks(work, links)
  await writeFigures(work)
}
