import { and, eq, inArray, max, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { type CustomerRow, linkedCopy, partsOf, rowOfCustomer } from '#model/customer.ts'
import type { ChainCustomerReply, ChainSearchReply } from '#model/protocol.ts'
import { parseQuery, type Query, scoreMatch, searchText } from '#model/search-text.ts'
import { presentHome } from './forwards.ts'
import type { Ledger } from './ledger.ts'
import { customerOfColumns, historyOfColumns } from './load-customers.ts'

const SEPARATOR = '\u0001'
const CANDIDATES_MAX = 400
const PHONE_MIN_DIGITS = 7

type Column = Ledger['t']['customer']['$inferSelect']

/** A condition where `%`, `_` and the escape mark are sought as themselves, on either engine. */
function contains(column: SQLiteColumn, before: string, text: string, after: string): SQL {
  const literal = text.replace(/[\\%_]/g, (mark) => `\\${mark}`)
  return sql`${column} like ${`%${before}${literal}${after}%`} escape '\\'`
}

/** Digits are sought at either end of a number, words at the beginning of a name. */
function conditionOf(ledger: Ledger, query: Query): SQL | undefined {
  const { search } = ledger.t.customer
  const starts = contains(search, SEPARATOR, query.text, '')
  return query.digitsOnly ? or(contains(search, '', query.text, SEPARATOR), starts) : starts
}

async function byPhone(ledger: Ledger, digits: string): Promise<Column[]> {
  const { phoneDirectory, customer } = ledger.t
  const found = await ledger.db
    .select()
    .from(phoneDirectory)
    .where(eq(phoneDirectory.phone_hash, ledger.ports.sha256(digits)))
  const rows: Column[] = []
  for (const { store_id, customer_id } of found)
    rows.push(
      ...(await ledger.db
        .select()
        .from(customer)
        .where(and(eq(customer.store_id, store_id), eq(customer.id, customer_id)))),
    )
  return rows
}

async function candidates(ledger: Ledger, query: Query): Promise<Column[]> {
  if (query.digitsOnly && query.text.length >= PHONE_MIN_DIGITS) {
    const found = await byPhone(ledger, query.text)
    if (found.length > 0) return found
  }
  const { customer } = ledger.t
  return ledger.db
    .select()
    .from(customer)
    .where(conditionOf(ledger, query))
    .orderBy(customer.store_id, customer.id)
    .limit(CANDIDATES_MAX)
}

async function taggingsOf(ledger: Ledger, home: string, id: string) {
  const { tagging } = ledger.t
  const rows = await ledger.db
    .select()
    .from(tagging)
    .where(and(eq(tagging.store_id, home), eq(tagging.customer_id, id)))
    .orderBy(tagging.dot)
  return rows.map(({ store_id: _home, customer_id: _id, ...row }) => row)
}

async function rowOf(ledger: Ledger, column: Column): Promise<CustomerRow> {
  const taggings = await taggingsOf(ledger, column.store_id, column.id)
  const { pinyin, initials } = column
  return linkedCopy(rowOfCustomer(customerOfColumns(column, taggings), { pinyin, initials }))
}

async function lastVisits(ledger: Ledger, columns: readonly Column[]) {
  const { history } = ledger.t
  const last = new Map<string, number>()
  for (const [home, rows] of Map.groupBy(columns, (row) => row.store_id)) {
    const ids = rows.map((row) => row.id)
    const found = await ledger.db
      .select({ id: history.customer_id, at: max(history.first_at) })
      .from(history)
      .where(and(eq(history.store_id, home), inArray(history.customer_id, ids)))
      .groupBy(history.customer_id)
    for (const { id, at } of found) if (at !== null) last.set(id, Number(at))
  }
  return last
}

interface Scored {
  column: Column
  score: number
}

/** Whoever was found under a record that is part of another is shown as that one, and once. */
async function survivors(ledger: Ledger, found: readonly Scored[]): Promise<Scored[]> {
  const best = new Map<string, Scored>()
  for (const { column: hit, score } of found) {
    const column = await survivorAt(ledger, hit)
    const known = best.get(column.id)
    if (!known || known.score < score) best.set(column.id, { column, score })
  }
  return [...best.values()]
}

/** The record that stands for the person; it lives where those that are part of it do. */
async function survivorAt(ledger: Ledger, column: Column): Promise<Column> {
  if (column.merged_into === null) return column
  const into = await customerAt(ledger, column.store_id, column.merged_into)
  return into ? survivorAt(ledger, into) : column
}

/**
 * Customers of the whole chain that answer a clerk's query, best first; notes stay with the home
 * store. A query that is too short (see `parseQuery`) finds nobody.
 */
export async function searchChain(
  ledger: Ledger,
  input: string,
  limit = 20,
): Promise<ChainSearchReply> {
  const query = parseQuery(input)
  if (!query) return { customers: [], more: false }
  const scored = await survivors(
    ledger,
    (await candidates(ledger, query))
      .map((column) => {
        const packed = searchText({ ...column, home_store_id: column.store_id })
        return { column, score: scoreMatch(packed, query) }
      })
      .filter(({ score }) => score > 0),
  )
  const last = await lastVisits(
    ledger,
    scored.map(({ column }) => column),
  )
  const recency = (id: string) => last.get(id) ?? 0
  scored.sort((a, b) => b.score - a.score || recency(b.column.id) - recency(a.column.id))
  const shown = scored.slice(0, limit)
  const customers = []
  for (const { column } of shown)
    customers.push({ ...(await rowOf(ledger, column)), last_at: last.get(column.id) ?? null })
  return { customers, more: scored.length > limit }
}

async function customerAt(ledger: Ledger, home: string, id: string): Promise<Column | undefined> {
  const { customer } = ledger.t
  const [column] = await ledger.db
    .select()
    .from(customer)
    .where(and(eq(customer.store_id, home), eq(customer.id, id)))
  return column
}

/** A person's records, which all live in one book. */
async function recordIds(ledger: Ledger, column: Column): Promise<string[]> {
  const ids = [column.id]
  for (const id of partsOf(column)) {
    const part = await customerAt(ledger, column.store_id, id)
    if (part) ids.push(...(await recordIds(ledger, part)))
  }
  return ids
}

/**
 * One customer of any store with the history a clerk may see, or null when there is none. `home`
 * may be a former home. What is kept of an erased person is nobody.
 */
export async function chainCustomer(
  ledger: Ledger,
  home: string,
  id: string,
): Promise<ChainCustomerReply | null> {
  const present = await presentHome(ledger, home, id)
  const found = present === null ? undefined : await customerAt(ledger, present, id)
  if (!found || found.erased_on !== null) return null
  const column = await survivorAt(ledger, found)
  const { history } = ledger.t
  const ids = await recordIds(ledger, column)
  const rows = await ledger.db
    .select()
    .from(history)
    .where(and(eq(history.store_id, column.store_id), inArray(history.customer_id, ids)))
    .orderBy(history.day, history.at_store_id)
  return { customer: await rowOf(ledger, column), history: rows.map(historyOfColumns) }
}
