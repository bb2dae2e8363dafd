import { PURPOSES, VisitLogged } from '#model/visit.ts'
import { type Complain, fitPayload } from './fields.ts'
import type { Mapping, VisitTable } from './mapping.ts'
import { parseMinor } from './money.ts'
import type { StoreRef } from './stores.ts'
import type { TableRow } from './table.ts'
import { dateReader } from './when.ts'

/** A visit row in our words. `customer` is the source's id, or '' for a tally. */
export interface VisitRecord {
  row: TableRow
  store: StoreRef
  customer: string
  at: number
  details: Record<string, unknown>
}

const WHOLE = /^-?\d+$/
/** Stands for the customer's home while a payload is checked: it is known only later. */
const SOME_ID = '00000000-0000-8000-8000-000000000000'

type FindStore = (key: string) => StoreRef | null

/** Reads visit rows of one mapping. A row without a store, a time or its customer is a reject. */
export function visitReader(
  mapping: Mapping,
  table: VisitTable,
  findStore: FindStore,
  now: number,
): (row: TableRow, complain: Complain) => VisitRecord | null {
  const readAt = dateReader(table.dates['at'] ?? 'iso')
  return (row, complain) => {
    const store = findStore(row.field('store'))
    if (!store) return refused(complain, row, 'store', 'unknown-store')
    const at = readAt(row.field('at'), store.zone)
    if (at === null) return refused(complain, row, 'at', 'date')
    if (at > now) return refused(complain, row, 'at', 'future')
    const customer = row.field('customer')
    if (customer === '' && !table.anonymous) return refused(complain, row, 'customer', 'empty')
    const details = detailsOf(row, mapping, store, customer, complain)
    return details && { row, store, customer, at, details }
  }
}

function refused(complain: Complain, row: TableRow, field: string, reason: string): null {
  complain(row, field, reason)
  return null
}

function wholeOf(row: TableRow, field: string, complain: Complain): number | undefined {
  const text = row.field(field).replace(/\.0+$/, '')
  if (text === '') return undefined
  if (WHOLE.test(text)) return Number(text)
  complain(row, field, 'number', 'warning')
  return undefined
}

function spendOf(
  row: TableRow,
  mapping: Mapping,
  store: StoreRef,
  complain: Complain,
): number | undefined {
  const minor = wholeOf(row, 'spend_minor', complain)
  const text = row.field('spend')
  if (minor !== undefined || text === '') return minor
  const read = parseMinor(text, store.digits, mapping.decimal_point)
  if (read === null) complain(row, 'spend', 'money', 'warning')
  return read ?? undefined
}

function detailsOf(
  row: TableRow,
  mapping: Mapping,
  store: StoreRef,
  customer: string,
  complain: Complain,
): Record<string, unknown> | null {
  const draft = {
    customer_id: customer === '' ? null : SOME_ID,
    home_store_id: customer === '' ? null : SOME_ID,
    count: wholeOf(row, 'count', complain),
    receipt: row.field('receipt'),
    purpose: row.field('purpose') || PURPOSES[0],
    need: row.field('need'),
    note: row.field('note'),
    items: wholeOf(row, 'items', complain),
    spend_minor: spendOf(row, mapping, store, complain),
  }
  const set = Object.entries(draft).filter(([, value]) => value !== undefined && value !== '')
  return fitPayload(
    VisitLogged,
    Object.fromEntries(set),
    ['customer_id', 'home_store_id', 'count', 'receipt', 'purpose'],
    (field, reason, severity) => complain(row, field, reason, severity),
  )
}
